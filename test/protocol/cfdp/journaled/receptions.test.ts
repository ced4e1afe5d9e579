/** Bounds of what is under way at once. What receptions do with a file is flown in test/station/edge.test.ts. */
import t from 'tap'
import { CHECKSUM } from '../../../../protocol/cfdp/checksum.ts'
import { newCounters } from '../../../../protocol/cfdp/entity/counters.ts'
import type { ReceptionEffect } from '../../../../protocol/cfdp/journaled/events.ts'
import { type ReceptionBounds, Receptions } from '../../../../protocol/cfdp/journaled/receptions.ts'
import type { Body, Finished } from '../../../../protocol/cfdp/pdu/pdu.ts'
import { eofOf, headerOf, metadataOf } from '../../../../protocol/cfdp/transmission.ts'
import { someTransmission } from '../../../kit/transmission.ts'
import { settingsFor } from '../../../sim/settings.ts'

function receptionsOf(bounds: Partial<ReceptionBounds>, records: readonly unknown[] = []) {
  const effects: ReceptionEffect[] = []
  const { limits } = settingsFor().station
  const usual = { limits, transactionsMax: 8, spansMax: 8, closedMax: 8 }
  const one = new Receptions(
    { ...usual, ...bounds },
    newCounters(),
    effect => effects.push(effect),
    records,
  )
  const hear = (sequence: number, body: Body) =>
    one.receive({ kind: 'pdu', header: headerOf(someTransmission({ sequence })), body }, 0, 0)
  const metadata = (sequence: number, fileSize: number) =>
    hear(sequence, metadataOf({ ...someTransmission({ sequence }), fileSize }))
  const segment = (sequence: number, offset: number | bigint, length: number) =>
    hear(sequence, {
      kind: 'file data',
      offset,
      octets: new Uint8Array(length),
      segmentMetadata: undefined,
    })
  return { one, effects, metadata, segment }
}

t.test('a file too many is dropped and counted', t => {
  const { one, metadata } = receptionsOf({ transactionsMax: 2 })
  for (const sequence of [1, 2, 3]) metadata(sequence, 10)
  t.equal(one.size, 2)
  t.equal(one.counters.recv.dropped, 1)
  t.end()
})

t.test('octets that lie apart in too many pieces are dropped; what closes a gap is taken', t => {
  const { one, segment } = receptionsOf({ spansMax: 2 })
  segment(1, 0, 10)
  segment(1, 20, 10)
  segment(1, 40, 10)
  t.equal(one.counters.recv.dropped, 1)
  t.strictSame(one.get('1-1')?.transaction.held.count, 2)
  segment(1, 10, 10)
  segment(1, 40, 10)
  segment(1, 2n ** 60n, 10)
  t.strictSame(
    [...(one.get('1-1')?.transaction.held ?? [])],
    [
      { start: 0, end: 30 },
      { start: 40, end: 50 },
    ],
  )
  t.end()
})

t.test('a file that is too large beside the others is refused; alone it is not', t => {
  const { one, effects, metadata, segment } = receptionsOf({ octetsMax: 100 })
  metadata(1, 60)
  metadata(2, 41)
  t.match(one.get('1-2'), { why: /larger than is taken/, transaction: { stage: 'finishing' } })
  const { body } = one.next(600, 0) as { body: Finished }
  t.match(body, { kind: 'finished', condition: 4, complete: false })
  metadata(3, 40)
  segment(4, 0, 1)
  t.match(one.get('1-3'), { why: undefined, transaction: { stage: 'receiving' } })
  t.match(
    one.get('1-4'),
    { transaction: { stage: 'finishing' } },
    'and so is one of which only octets came',
  )
  t.ok(effects.some(({ kind }) => kind === 'discard'))
  t.end()
})

t.test('a snapshot is a reception at every stage: who begins anew with it goes on there', t => {
  const sent = { ...someTransmission({ sequence: 1 }), fileSize: 3, checksumType: CHECKSUM.null }
  const { one, effects, metadata, segment } = receptionsOf({})
  const hear = (body: Body) => one.receive({ kind: 'pdu', header: headerOf(sent), body }, 0, 0)
  const again = () => receptionsOf({}, structuredClone([...one.snapshot()]))
  t.strictSame([...one.snapshot()], [])
  metadata(1, 3)
  hear({ ...eofOf(sent), fileSize: 3 })
  t.equal(again().one.get('1-1')?.transaction.stage, 'repairing')
  segment(1, 0, 3)
  t.match(again().effects.at(-1), { kind: 'verify', octets: 3 })

  const eof = one.get('1-1')?.transaction.eof
  one.hear({ kind: 'verified', id: '1-1', checksum: eof?.checksum }, 0)
  t.match(effects.at(-1), { kind: 'deliver' })
  t.match(again().effects.at(-1), { kind: 'deliver', octets: 3 })

  one.hear({ kind: 'delivered', id: '1-1', path: 'there' }, 0)
  const told = again().one
  t.match(told.get('1-1'), { path: 'there', transaction: { stage: 'finishing' } })
  t.match(told.next(600, 0), { body: { kind: 'finished', complete: true } })

  hear({ kind: 'ack', of: 'finished', condition: 0, transactionStatus: 1 })
  t.strictSame(
    [...one.snapshot()].map(({ kind }) => kind),
    ['closed'],
  )
  t.equal(again().one.size, 0)
  t.end()
})

t.test('what is written is a copy, counts as fresh, and is checkpointed in time', t => {
  const { one, effects } = receptionsOf({})
  const sent = someTransmission({ sequence: 1 })
  const octets = Uint8Array.of(1, 2, 3)
  const body = { kind: 'file data', offset: 0, octets, segmentMetadata: undefined } as const
  one.receive({ kind: 'pdu', header: headerOf(sent), body }, 5_000, 0)
  octets.fill(0)
  t.match(
    effects.find(({ kind }) => kind === 'write'),
    { octets: Uint8Array.of(1, 2, 3) },
  )
  const at = one.checkpointAt as number
  t.ok(at > 5_000)
  one.tick(at - 1, 0)
  t.notOk(effects.some(({ kind }) => kind === 'sync'))
  one.tick(at, 0)
  t.ok(effects.some(({ kind }) => kind === 'sync'))
  t.equal(one.checkpointAt, undefined)
  t.end()
})

t.test('a late EOF of a file that is here is acknowledged, and Finished said again', t => {
  const closed = { kind: 'closed', id: '1-1', condition: 0, octets: 3, checksum: 7 }
  const { one } = receptionsOf({}, [closed])
  const sent = someTransmission({ sequence: 1 })
  const header = headerOf(sent)
  const eof = { ...eofOf(sent), fileSize: 3, checksum: 7 }
  t.notOk(one.isUrgent)
  one.receive({ kind: 'pdu', header, body: eof }, 0, 0)
  t.ok(one.isUrgent)
  const toSender = { ...header, towardSender: true }
  t.strictSame(one.next(600, 0), {
    header: toSender,
    body: { kind: 'ack', of: 'eof', condition: 0, transactionStatus: 2 },
  })
  t.match(one.next(600, 0), {
    header: toSender,
    body: { kind: 'finished', complete: true, fileStatus: 2 },
  })
  one.receive({ kind: 'pdu', header, body: { ...eof, fileSize: 4 } }, 0, 0)
  one.receive({ kind: 'pdu', header: { ...header, acknowledged: false }, body: eof }, 0, 0)
  t.notOk(one.isUrgent, 'another file, or nobody who waits for it')
  t.end()
})

t.test(
  'while the disk fails nothing is taken but an ACK, and the log says what became of each',
  t => {
    const { one, effects, metadata, segment } = receptionsOf({})
    const hear = (sequence: number, body: Body) =>
      one.receive({ kind: 'pdu', header: headerOf(someTransmission({ sequence })), body }, 0, 0)
    metadata(1, 3)
    one.command('cancel', '1-1', 0)
    one.next(600, 0)
    segment(2, 0, 3)
    const lost = [{ start: 0, end: 3 }]
    one.hear({ kind: 'disk failed', id: '1-2', lost, why: 'full' }, 0)
    metadata(3, 3)
    t.equal(one.counters.recv.dropped, 1)
    hear(1, { kind: 'ack', of: 'finished', condition: 15, transactionStatus: 1 })
    t.notOk(one.has('1-1'), 'its end is known')
    one.hear({ kind: 'disk ready' }, 0)
    one.hear({ kind: 'refused', id: '1-2', why: 'no such folder' }, 0)
    const logged = effects.flatMap(effect =>
      effect.kind === 'log' ? [{ event: effect.event, ...effect.fields }] : [],
    )
    t.strictSame(logged, [
      { event: 'reception begins', transaction: '1-1' },
      { event: 'reception begins', transaction: '1-2' },
      { event: 'disk fails', transaction: '1-2', why: 'full' },
      { event: 'reception ends', transaction: '1-1', condition: 'cancel request received' },
      { event: 'disk ready' },
      { event: 'file refused', transaction: '1-2', why: 'no such folder' },
    ])
    t.end()
  },
)
