/** Transactions that carry nothing but Metadata: messages to the user at the other end. */
import t from 'tap'
import type { PutRequest } from '../../../../protocol/cfdp/entity/events.ts'
import type { Pdu } from '../../../../protocol/cfdp/pdu/pdu.ts'
import { EntityBench, fly } from './bench.ts'

const MESSAGES = [new TextEncoder().encode('good morning')]
const WAYS = [
  { acknowledged: true },
  { acknowledged: false },
  { acknowledged: false, closureRequested: true },
] as const

t.test('both users hear of the end, and nothing is verified or delivered', async t => {
  for (const way of WAYS) {
    const [one, two] = pair(way)
    const kinds: string[] = []
    fly(one, two, pdu => kinds.push(pdu.body.kind) && 1)
    for (const bench of [one, two])
      t.match(bench.told('transaction-finished'), [{ condition: 0, fileStatus: 3 }])
    t.match(two.told('metadata-recv'), [{ metadata: { options: [{ value: MESSAGES[0] }] } }])
    t.strictSame([...two.asked('verify'), ...two.asked('deliver'), ...two.asked('write')], [])
    const answers = way.acknowledged ? ['ack', 'finished', 'ack'] : []
    const closure = 'closureRequested' in way ? ['finished'] : []
    t.strictSame(kinds.toSorted(), ['metadata', 'eof', ...answers, ...closure].toSorted())
  }
})

t.test('a sender that says no EOF is waited for, and then it was all', async t => {
  for (const way of WAYS) {
    const [one, two] = pair(way)
    const [metadata] = one.all() as [Pdu]
    two.hear(metadata.header, metadata.body)
    t.strictSame(two.told('transaction-finished'), [], 'its EOF may be on the way')
    two.tell({ kind: 'contact', entity: 1, isOpen: false })
    two.tell({ kind: 'contact', entity: 1, isOpen: true })
    two.wait()
    t.match(two.told('transaction-finished'), [{ condition: 0, complete: true }])
    const said = two.all().map(({ body }) => body.kind)
    t.strictSame(said, way.acknowledged || 'closureRequested' in way ? ['finished'] : [])
  }
})

t.test('an EOF that comes after that is acknowledged, as often as it comes', async t => {
  const [one, two] = pair({ acknowledged: true })
  const [metadata, eof] = one.all() as [Pdu, Pdu]
  two.hear(metadata.header, metadata.body)
  two.wait()
  two.all()
  two.hear(eof.header, eof.body)
  t.match(
    two.all().map(({ body }) => body.kind),
    ['ack', 'finished'],
  )
  const acknowledgement = {
    kind: 'ack',
    of: 'finished',
    condition: 0,
    transactionStatus: 1,
  } as const
  two.hear(metadata.header, acknowledgement)
  t.equal(two.machine.load.receiving, 0)
  two.hear(eof.header, eof.body)
  two.hear(eof.header, { ...eof.body, fileSize: 10 } as Pdu['body'])
  t.match(
    two.all().map(({ body }) => body.kind),
    ['ack', 'finished'],
    'and no EOF of anything else',
  )
})

function pair(way: Partial<PutRequest>): [EntityBench, EntityBench] {
  const [one, two] = [new EntityBench(), new EntityBench({}, { entity: 2 })]
  const request = { destination: 2, messages: MESSAGES, ...way }
  one.tell({ kind: 'put', token: 1, request })
  return [one, two]
}
