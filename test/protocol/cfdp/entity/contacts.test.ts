/** What an entity says, and waits for, as its contacts begin and end. */
import t from 'tap'
import type { Body, Pdu } from '../../../../protocol/cfdp/pdu/pdu.ts'
import type { RemoteChoice } from '../../../../protocol/cfdp/remote.ts'
import { Random } from '../../../kit/random.ts'
import { EntityBench } from './bench.ts'

const FILE = new Random(5).octets(5_000)

t.test('a contact that begins: what waited for an answer is said again at once', async t => {
  const [one, two] = pair()
  one.put(1, 'a')
  const sent = one.all()
  one.tell({ kind: 'contact', entity: 2, isOpen: true })
  t.strictSame(one.all(), [], 'not when it goes on')
  one.tell({ kind: 'contact', entity: 2, isOpen: false })
  t.strictSame(one.all(), [], 'nor when it ends')
  one.tell({ kind: 'contact', entity: 2, isOpen: true })
  t.strictSame(kindsOf(one.all()), ['eof'])

  for (const { header, body } of sent.filter(isNoSegmentAt(1_024))) two.hear(header, body)
  t.strictSame(kindsOf(two.all()), ['ack', 'nak'])
  two.tell({ kind: 'contact', entity: 1, isOpen: false })
  two.tell({ kind: 'contact', entity: 1, isOpen: true })
  t.match(two.all(), [{ body: { kind: 'nak', gaps: [{ start: 1_024, end: 2_048 }] } }])
})

t.test('out of contact nothing is answered, neither of a file nor of what is over', async t => {
  const [one, two] = pair()
  one.put(1, 'a')
  const sent = one.all()
  two.tell({ kind: 'contact', entity: 1, isOpen: false })
  for (const { header, body } of sent) two.hear(header, body)
  t.strictSame(two.all(), [])
  two.tell({ kind: 'contact', entity: 1, isOpen: true })
  const answers = two.all()
  t.strictSame(kindsOf(answers), ['ack', 'finished'])
  for (const { header, body } of answers) one.hear(header, body)
  for (const { header, body } of one.all()) two.hear(header, body)

  two.tell({ kind: 'freeze', entity: 1 })
  const eof = sent.find(({ body }) => body.kind === 'eof') as Pdu
  two.hear(eof.header, eof.body)
  t.strictSame(two.all(), [])
  two.tell({ kind: 'thaw', entity: 1 })
  t.strictSame(kindsOf(two.all()), ['ack', 'finished'])
})

t.test('pduOctetsMax bounds a NAK, however much room there is', async t => {
  const [one, two] = pair({ pduOctetsMax: 45 })
  one.put(1, 'a')
  for (const [n, { header, body }] of one.all().entries())
    if (body.kind !== 'file data' || n % 2 === 0) two.hear(header, body)
  const naks: number[] = []
  for (let out = two.next(1_000); out !== undefined; out = two.next(1_000))
    if (out.pdu.body.kind === 'nak') naks.push(out.octets.length)
  t.ok(naks.length > 10)
  t.equal(Math.max(...naks), 45, 'three gaps')
})

t.test('queues: what waits, is sent, was sent, and is received', async t => {
  const [one, two] = pair({}, { sendingMax: 2 })
  for (const token of [1, 2, 3]) one.put(token, 'a')
  t.strictSame(one.machine.queues, { pend: 1, txa: 2, txw: 0, rx: 0 })
  const sent = one.all()
  t.strictSame(one.machine.queues, { pend: 1, txa: 0, txw: 2, rx: 0 })
  t.strictSame(one.machine.load, { queued: 1, sending: 2, receiving: 0 })
  const [metadata] = sent as [Pdu]
  two.hear(metadata.header, metadata.body)
  t.strictSame(two.machine.queues, { pend: 0, txa: 0, txw: 0, rx: 1 })
})

t.test('what is over is remembered by its id, and of what is unknown nothing is said', async t => {
  const [one, two] = pair()
  one.put(1, 'a')
  const id = { source: 1, sequence: 1 }
  t.notOk(one.machine.hasEnded(id) || two.machine.hasEnded(id))
  for (const { header, body } of one.all()) two.hear(header, body)
  for (const { header, body } of two.all()) one.hear(header, body)
  const acks = one.all()
  for (const { header, body } of acks) two.hear(header, body)
  t.ok(one.machine.hasEnded(id) && two.machine.hasEnded(id))
  t.notOk(one.machine.hasEnded({ source: 9, sequence: 1 }))
  one.tell({ kind: 'report', id: { source: 9, sequence: 1 } })
  one.tell({ kind: 'verified', id: { source: 9, sequence: 1 }, checksum: 0 })
  t.strictSame(one.told('report'), [
    { kind: 'report', id: { source: 9, sequence: 1 }, status: undefined },
  ])
  t.strictSame(two.told('file-segment-recv'), [], 'unless it was asked for')
})

t.test('counters: PDUs understood, and those of transactions that are over', async t => {
  const [one, two] = pair()
  one.put(1, 'a')
  const sent = one.all()
  for (const { header, body } of sent) two.hear(header, body)
  t.equal(two.machine.counters.recv.pdu, sent.length)
  const answers = two.all()
  for (const { header, body } of answers) one.hear(header, body)
  one.all()
  const finished = answers.at(-1) as Pdu
  one.hear(finished.header, finished.body)
  t.match(one.machine.counters.recv, { pdu: answers.length + 1, spurious: 1, error: 0 })
  t.match(one.machine.counters.sent, { pdu: sent.length + 1, file_data_bytes: FILE.length })
})

function pair(
  remote: Partial<RemoteChoice> = {},
  limits: { readonly sendingMax?: number } = {},
): readonly [EntityBench, EntityBench] {
  const one = new EntityBench(remote, { limits })
  one.files.set('a', FILE)
  return [one, new EntityBench(remote, { entity: 2 })]
}

function kindsOf(pdus: readonly Pdu[]): readonly Body['kind'][] {
  return pdus.map(({ body }) => body.kind)
}

function isNoSegmentAt(offset: number): (pdu: Pdu) => boolean {
  return ({ body }) => body.kind !== 'file data' || body.offset !== offset
}
