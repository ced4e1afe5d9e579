/** Series F3 of the CCSDS interoperability tests: filestore requests, and operations of the users. */
import t, { type Test } from 'tap'
import { type FilestoreOutcome, outcomeOf } from '../../../protocol/cfdp/filestore/outcome.ts'
import { requestOption } from '../../../protocol/cfdp/filestore/requests.ts'
import { FILESTORE_ACTION } from '../../../protocol/cfdp/pdu/filestore.ts'
import type { Tlv } from '../../../protocol/cfdp/pdu/pdu.ts'
import { remoteEntity } from '../../../protocol/cfdp/remote.ts'
import { Random } from '../../kit/random.ts'
import { EntityBench, fly } from './entity/bench.ts'
import { percent } from './fate.ts'
import { fly as flyParties, Party } from './user/parties.ts'

const A = FILESTORE_ACTION
const FILE = new Random(3).octets(5_000)
const [ONE, TWO] = [octetsOf('one'), octetsOf('two')]
const SEEDS = [1, 2, 3]
const { receiving } = remoteEntity({ entity: 1 })
const PERFORMING = { receiving: { ...receiving, filestore: 'performed' } } as const

t.test('F3.1 a remote put between two', async t => {
  for (const seed of [0, ...SEEDS]) {
    const [one, two] = [new Party(1), new Party(2)]
    two.files.set('file', FILE)
    const put = { destination: 1, sourceName: 'file', destinationName: 'here' }
    one.tell({ kind: 'proxy put', token: 1, to: 2, put })
    flyParties([one, two], percent(seed, 20))
    t.strictSame(one.files.get('here'), FILE)
    t.match(one.operations, [{ answer: { kind: 'proxy put', condition: 0, complete: true } }])
  }
})

t.test('F3.2 create a file', async t => {
  await both(t, [[A.createFile, 'new', 'successful']], files => {
    t.strictSame(files.get('new'), new Uint8Array(0))
  })
  await both(t, [[A.createFile, 'one', 'not allowed']])
})

t.test('F3.3 delete a file', async t => {
  await both(t, [[A.deleteFile, 'one', 'successful']], files => t.notOk(files.has('one')))
  await both(t, [[A.deleteFile, 'none', 'missing']])
})

t.test('F3.4 rename a file', async t => {
  await both(t, [[A.renameFile, 'one', 'successful', 'new']], files => {
    t.strictSame(files.get('new'), ONE)
    t.notOk(files.has('one'))
  })
  await both(t, [[A.renameFile, 'one', 'exists', 'two']])
  await both(t, [[A.renameFile, 'none', 'missing', 'new']])
})

t.test('F3.5 append to a file', async t => {
  await both(t, [[A.appendFile, 'one', 'successful', 'two']], files => {
    t.strictSame(files.get('one'), octetsOf('onetwo'))
    t.strictSame(files.get('two'), TWO)
  })
  await both(t, [[A.appendFile, 'none', 'missing', 'two']])
  await both(t, [[A.appendFile, 'one', 'second missing', 'none']])
})

t.test('F3.6 replace a file', async t => {
  await both(t, [[A.replaceFile, 'one', 'successful', 'two']], files => {
    t.strictSame(files.get('one'), TWO)
  })
  await both(t, [[A.replaceFile, 'none', 'missing', 'two']])
  await both(t, [[A.replaceFile, 'one', 'second missing', 'none']])
})

t.test('F3.7 create a directory', async t => {
  await both(t, [
    [A.createDirectory, 'd', 'successful'],
    [A.createFile, 'd/a', 'successful'],
  ])
  await both(t, [[A.createDirectory, 'one', 'not allowed']])
})

t.test('F3.8 remove a directory', async t => {
  await both(t, [
    [A.createDirectory, 'd', 'successful'],
    [A.removeDirectory, 'd', 'successful'],
    [A.removeDirectory, 'd', 'missing'],
  ])
  await both(t, [
    [A.createDirectory, 'd', 'successful'],
    [A.createFile, 'd/a', 'successful'],
    [A.removeDirectory, 'd', 'not allowed'],
  ])
})

t.test('F3.9 deny a file, and a directory', async t => {
  await both(
    t,
    [
      [A.denyFile, 'one', 'successful'],
      [A.denyFile, 'one', 'successful'],
      [A.denyDirectory, 'd', 'successful'],
    ],
    files => t.notOk(files.has('one')),
  )
  await both(t, [[A.denyDirectory, 'one', 'not allowed']])
})

t.test('F3.10 directory listing', async t => {
  for (const seed of [0, ...SEEDS]) {
    const [one, two] = [new Party(1), new Party(2)]
    two.files.set('a', ONE)
    one.tell({ kind: 'list directory', token: 1, to: 2, directory: '', file: 'list' })
    one.tell({ kind: 'list directory', token: 2, to: 2, directory: 'none', file: 'list' })
    flyParties([one, two], percent(seed, 20))
    t.strictSame(one.files.get('list'), octetsOf('a'))
    const answers = one.operations.map(told => ('answer' in told ? told : undefined))
    const of = (token: number) => answers.find(one => one?.token === token)?.answer
    t.strictSame(of(1), { kind: 'list directory', successful: true, path: 'list' })
    t.strictSame(of(2), { kind: 'list directory', successful: false, path: undefined })
    t.strictSame([...two.files.keys()], ['a'], 'the list was made, and let go')
  }
})

type Step = readonly [action: number, first: string, expected: FilestoreOutcome, second?: string]

/** With a file and without one, acknowledged and not, over a good line and a bad one: the same. */
async function both(
  t: Test,
  steps: readonly Step[],
  look: (files: Map<string, Uint8Array>) => void = () => undefined,
): Promise<void> {
  const options: Tlv[] = steps.map(([action, first, , second]) =>
    requestOption({
      action,
      firstName: octetsOf(first),
      secondName: second === undefined ? undefined : octetsOf(second),
    }),
  )
  for (const file of ['file', undefined])
    for (const seed of [0, ...SEEDS]) {
      const [one, two] = [new EntityBench(), new EntityBench(PERFORMING, { entity: 2 })]
      one.files.set('file', FILE)
      two.files.set('one', ONE)
      two.files.set('two', TWO)
      const request = { destination: 2, options, ...(file === undefined ? {} : { file }) }
      const acknowledged = seed > 0
      one.tell({
        kind: 'put',
        token: 1,
        request: { ...request, acknowledged, closureRequested: !acknowledged },
      })
      fly(one, two, percent(seed, 20))
      const label = `seed ${seed}, ${file ?? 'no file'}`
      for (const end of [one, two]) {
        const [ended] = end.told('transaction-finished')
        t.equal(ended?.condition, 0, label)
        t.strictSame(
          ended?.filestoreResponses.map(({ action, status }) => outcomeOf(action, status)),
          steps.map(([, , outcome]) => outcome),
          label,
        )
      }
      t.strictSame(two.files.get('file'), file === undefined ? undefined : FILE)
      t.equal(two.asked('perform').length, steps.length, 'each once')
      look(two.files)
    }
}

function octetsOf(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
