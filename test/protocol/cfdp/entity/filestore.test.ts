import t from 'tap'
import { outcomeOf } from '../../../../protocol/cfdp/filestore/outcome.ts'
import { requestOption } from '../../../../protocol/cfdp/filestore/requests.ts'
import { FILESTORE_ACTION } from '../../../../protocol/cfdp/pdu/filestore.ts'
import type { Pdu } from '../../../../protocol/cfdp/pdu/pdu.ts'
import { remoteEntity } from '../../../../protocol/cfdp/remote.ts'
import { toHex } from '../../../kit/hex.ts'
import { EntityBench, fly } from './bench.ts'

const { receiving } = remoteEntity({ entity: 1 })
const PERFORMING = { receiving: { ...receiving, filestore: 'performed' } } as const
const APPEND = requestOption({
  action: FILESTORE_ACTION.appendFile,
  firstName: octetsOf('log'),
  secondName: octetsOf('file'),
})
const FILE = octetsOf('file')
const ID = { source: 1, sequence: 1 }

t.test(
  'CfdpEntity appends the file that came, once, however often its end is asked for',
  async t => {
    const { one, two } = pair({})
    const said: string[] = []
    let finished = 0
    const fate = ({ body }: Pdu) => {
      if (body.kind !== 'finished') return body.kind === 'eof' ? 2 : 1
      said.push(body.filestoreResponses.map(toHex).join())
      finished += 1
      return finished < 4 ? 0 : 1
    }
    put(one)
    fly(one, two, fate)
    t.strictSame(two.files.get('log'), octetsOf('logfile'))
    t.ok(said.length >= 4)
    t.equal(new Set(said).size, 1, 'the same responses each time')
    t.strictSame(outcomes(one), ['successful'])
    t.equal(two.asked('perform').length, 1)
  },
)

t.test('CfdpEntity says a late EOF what it said before, and executes nothing again', async t => {
  const { one, two } = pair({})
  put(one)
  let eof: Pdu | undefined
  fly(one, two, pdu => {
    if (pdu.body.kind === 'eof') eof = pdu
    return 1
  })
  if (eof !== undefined) two.hear(eof.header, eof.body)
  const again = two.all().find(({ body }) => body.kind === 'finished')
  t.match(again, { body: { filestoreResponses: [{ length: 11 }] } })
  t.equal(two.asked('perform').length, 1)
})

t.test('CfdpEntity executes nothing unless it is allowed to, and says so', async t => {
  const { one, two } = pair({ remote: {} })
  put(one)
  fly(one, two)
  t.strictSame(outcomes(one), ['not performed'])
  t.strictSame(two.files.get('log'), octetsOf('log'))
  t.strictSame(two.files.get('file'), FILE, 'the file came')
})

t.test('CfdpEntity executes nothing for a file that did not arrive', async t => {
  const { one, two } = pair({})
  two.withheld.add('deliver')
  put(one)
  fly(one, two, () => 1, 100)
  two.tell({ kind: 'refused', id: ID, why: 'no room' })
  fly(one, two)
  t.strictSame(outcomes(one), ['not performed'])
  t.strictSame(outcomes(two), ['not performed'])
  t.equal(two.asked('perform').length, 0)
})

t.test('CfdpEntity takes a cancellation too late once requests are being executed', async t => {
  const { one, two } = executing()
  two.tell({ kind: 'cancel', id: ID })
  two.tell({ kind: 'delivered', id: ID, path: 'file' })
  two.tell({ kind: 'refused', id: ID, why: 'late' })
  t.equal(two.told('transaction-finished').length, 0)
  performed(two)
  performed(two)
  fly(one, two)
  t.strictSame(outcomes(one), ['successful'])
  t.equal(two.told('transaction-finished').length, 1)
})

t.test('CfdpEntity abandons a transaction whose requests are being executed', async t => {
  const { one, two } = executing()
  two.tell({ kind: 'abandon', id: ID })
  performed(two)
  t.equal(two.told('transaction-finished').length, 1)
  one.tell({ kind: 'abandon', id: ID })
  t.strictSame(outcomes(one), [])
})

t.test('CfdpEntity says what was executed when a suspended transaction is resumed', async t => {
  const { one, two } = executing()
  two.tell({ kind: 'suspend', id: ID })
  performed(two)
  t.strictSame(
    two.all().map(({ body }) => body.kind),
    [],
  )
  two.tell({ kind: 'resume', id: ID })
  fly(one, two)
  t.strictSame(outcomes(one), ['successful'])
})

function pair({ remote = PERFORMING }: { remote?: object }) {
  const [one, two] = [new EntityBench(), new EntityBench(remote, { entity: 2 })]
  one.files.set('file', FILE)
  two.files.set('log', octetsOf('log'))
  return { one, two }
}

/** The file is there, and its request is being executed. */
function executing() {
  const { one, two } = pair({})
  two.withheld.add('perform')
  put(one)
  fly(one, two, () => 1, 100)
  return { one, two }
}

function performed(bench: EntityBench): void {
  bench.tell({ kind: 'performed', id: ID, outcome: 'successful', message: '' })
}

function put(bench: EntityBench): void {
  bench.put(1, 'file', { options: [APPEND] })
}

function outcomes(bench: EntityBench): readonly string[] | undefined {
  const [ended] = bench.told('transaction-finished')
  return ended?.filestoreResponses.map(({ action, status }) => outcomeOf(action, status))
}

function octetsOf(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
