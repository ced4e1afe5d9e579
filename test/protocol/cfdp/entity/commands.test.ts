import t from 'tap'
import { CONDITION } from '../../../../protocol/cfdp/condition.ts'
import type { Pdu } from '../../../../protocol/cfdp/pdu/pdu.ts'
import { Random } from '../../../kit/random.ts'
import { EntityBench, fly } from './bench.ts'

const FILE = new Random(3).octets(5_000)
const ID = { source: 1, sequence: 1 }
const NOBODY = { source: 1, sequence: 99 }

t.test('prompt: the receiver says what it lacks, and how far it has got', async t => {
  const [one, two] = begun(pdu => pdu.body.kind === 'file data' && pdu.body.offset === 1_024)
  one.tell({ kind: 'prompt', id: ID, wants: 'nak' })
  one.tell({ kind: 'prompt', id: ID, wants: 'keep alive' })
  one.tell({ kind: 'prompt', id: NOBODY, wants: 'nak' })
  const said: Pdu['body'][] = []
  fly(one, two, pdu => {
    said.push(structuredClone(pdu.body))
    return 1
  })
  t.match(
    said.filter(({ kind }) => kind === 'nak' || kind === 'keep alive'),
    [
      { gaps: [{ start: 1_024, end: 2_048 }], scope: { start: 0, end: 3_072 } },
      { progress: 3_072 },
    ],
  )
  t.strictSame(two.files.get('a'), FILE)
  two.tell({ kind: 'prompt', id: ID, wants: 'nak' })
})

t.test('prompt: whoever receives prompts nobody, and whoever sends asks for nothing', async t => {
  const [one, two] = begun()
  two.tell({ kind: 'prompt', id: ID, wants: 'nak' })
  one.tell({ kind: 'ask', id: ID })
  t.strictSame(two.all(), [])
  const kinds = one.all().map(({ body }) => body.kind)
  t.notOk(kinds.includes('prompt') || kinds.includes('nak'))
})

t.test('ask: the sender is told what is missing before the EOF, or that nothing is', async t => {
  const [, two] = begun(pdu => pdu.body.kind === 'file data' && pdu.body.offset === 1_024)
  two.tell({ kind: 'ask', id: ID })
  t.match(two.all(), [{ body: { kind: 'nak', gaps: [{ start: 1_024, end: 2_048 }] } }])
  const [, whole] = begun()
  whole.tell({ kind: 'ask', id: ID })
  t.match(whole.all(), [{ body: { kind: 'nak', gaps: [], scope: { start: 0, end: 3_072 } } }])
})

t.test('abandon: either end ends at once, and says nothing', async t => {
  const [one, two] = begun()
  two.tell({ kind: 'abandon', id: ID })
  t.strictSame(two.all(), [])
  t.match(two.told('abandoned'), [
    { id: ID, condition: CONDITION.cancelRequestReceived, progress: 3_072 },
  ])
  t.match(two.told('transaction-finished'), [{ complete: false, fileStatus: 0 }])
  t.equal(two.asked('discard').length, 1)
  t.equal(two.machine.load.receiving, 0)

  one.tell({ kind: 'abandon', id: ID })
  t.strictSame(one.all(), [])
  t.match(one.told('abandoned'), [{ id: ID, progress: 3_072 }])
  t.match(one.told('transaction-finished'), [{ complete: undefined, fileStatus: 3 }])
  t.equal(one.machine.load.sending, 0)

  const unread = new EntityBench()
  unread.withheld.add('digest')
  unread.files.set('a', FILE)
  unread.put(1, 'a')
  unread.tell({ kind: 'abandon', id: ID })
  t.match(unread.told('transaction-finished'), [{ condition: CONDITION.cancelRequestReceived }])
})

t.test('suspend and resume tell how far the file is', async t => {
  const [one, two] = begun()
  for (const bench of [one, two]) {
    bench.tell({ kind: 'suspend', id: ID })
    bench.tell({ kind: 'resume', id: ID })
    const condition = CONDITION.suspendRequestReceived
    t.strictSame(bench.told('suspended'), [{ kind: 'suspended', id: ID, condition }])
    t.match(bench.told('resumed'), [{ progress: 3_072 }])
  }
})

t.test('freeze holds a peer whether it can be heard or not, and no time passes for it', async t => {
  const [one, two] = begun()
  one.tell({ kind: 'freeze', entity: 2 })
  t.ok(one.machine.isFrozen(2))
  t.notOk(one.machine.isFrozen(3))
  t.equal(one.next(), undefined)
  one.tell({ kind: 'contact', entity: 2, isOpen: false })
  one.tell({ kind: 'contact', entity: 2, isOpen: true })
  t.equal(one.next(), undefined, 'a contact does not thaw')
  one.tick(86_400_000)
  t.strictSame(one.told('fault'), [])
  one.tell({ kind: 'contact', entity: 2, isOpen: false })
  one.tell({ kind: 'thaw', entity: 2 })
  t.equal(one.next(), undefined, 'thawed, and out of reach')
  one.tell({ kind: 'contact', entity: 2, isOpen: true })
  one.tell({ kind: 'freeze', entity: 9 })
  two.now = one.now
  two.tell({ kind: 'freeze', entity: 1 })
  two.tell({ kind: 'thaw', entity: 1 })
  fly(one, two, () => 1, 2 * 86_400_000)
  t.strictSame(two.files.get('a'), FILE)
})

t.test('holdOffMs: what comes after the EOF unasked is not asked for', async t => {
  const [one, two] = begun(undefined, { receiving: { holdOffMs: 500, nakMode: 'prompted' } })
  const rest = one.all()
  for (const { header, body } of rest.toReversed()) two.hear(header, body)
  t.notOk(two.all().some(({ body }) => body.kind === 'nak'))
  t.strictSame(two.files.get('a'), FILE)

  const [late, other] = begun(undefined, { receiving: { holdOffMs: 500 } })
  const [eof] = late.all().filter(({ body }) => body.kind === 'eof') as [Pdu]
  other.hear(eof.header, eof.body)
  t.strictSame(
    other.all().map(({ body }) => body.kind),
    ['ack'],
  )
  other.tick(600)
  t.match(other.all(), [{ body: { kind: 'nak', gaps: [{ start: 3_072, end: 5_000 }] } }])
})

t.test('nakOctetsMax bounds a NAK, and what does not fit goes into the next', async t => {
  const [, two] = begun(pdu => pdu.body.kind === 'file data' && pdu.body.offset !== 2_048, {
    nakOctetsMax: 37,
  })
  two.tell({ kind: 'ask', id: ID })
  const naks = two.all(65_000).map(({ body }) => body)
  t.match(naks, [{ kind: 'nak', gaps: [{ start: 0, end: 2_048 }] }])
  t.equal(naks.length, 1)
})

/** Two ends of a file whose Metadata and first three segments were said; those that are `lost` did not come. */
function begun(
  lost: (pdu: Pdu) => boolean = () => false,
  remote: ConstructorParameters<typeof EntityBench>[0] = { receiving: { nakMode: 'deferred' } },
): [EntityBench, EntityBench] {
  const [one, two] = [new EntityBench(), new EntityBench(remote, { entity: 2 })]
  one.files.set('a', FILE)
  one.put(1, 'a')
  for (let n = 0; n < 4; n++) {
    const out = one.next() as NonNullable<ReturnType<EntityBench['next']>>
    if (!lost(out.pdu)) two.tell({ kind: 'pdu', octets: out.octets })
  }
  return [one, two]
}
