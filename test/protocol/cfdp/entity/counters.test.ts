import t from 'tap'
import { CONDITION } from '../../../../protocol/cfdp/condition.ts'
import { counterMetrics } from '../../../../protocol/cfdp/entity/counter-metrics.ts'
import {
  countFault,
  newCounters,
  segmentRequests,
} from '../../../../protocol/cfdp/entity/counters.ts'

t.test('countFault() counts the faults that have a counter, and no others', async t => {
  const counters = newCounters()
  for (const condition of Object.values(CONDITION)) countFault(counters, condition)
  t.strictSame(
    counters.fault,
    {
      ...newCounters().fault,
      ack_limit: 1,
      crc_mismatch: 1,
      file_size_mismatch: 1,
      nak_limit: 1,
      inactivity_timer: 1,
      check_limit: 1,
    },
    'those of the filestore are counted where they happen',
  )
})

t.test('segmentRequests() counts the stretches of a NAK, and the Metadata', async t => {
  const nak = { kind: 'nak', scope: { start: 0, end: 9 }, wantsMetadata: false } as const
  const gaps = [{ start: 0, end: 1 }]
  t.equal(segmentRequests({ ...nak, gaps }), 1)
  t.equal(segmentRequests({ ...nak, gaps, wantsMetadata: true }), 2)
  t.equal(segmentRequests({ kind: 'prompt', wants: 'nak' }), 0)
})

t.test(
  'counterMetrics() has every counter and queue under its name, and says what it is',
  async t => {
    const counters = newCounters()
    counters.recv.pdu = 1
    counters.sent.pdu = 2
    counters.fault.nak_limit = 3
    const metrics = counterMetrics(counters, { pend: 4, txa: 5, txw: 6, rx: 7 })
    const { recv, sent, fault } = counters
    t.strictSame(
      metrics.map(({ name }) => name),
      [
        ...Object.keys(recv).map(name => `recv_${name}_total`),
        ...Object.keys(sent).map(name => `sent_${name}_total`),
        ...Object.keys(fault).map(name => `fault_${name}_total`),
        ...['pend', 'txa', 'txw', 'rx'].map(name => `q_size_${name}`),
      ],
    )
    const told = metrics.filter(({ value }) => value > 0).map(({ name, value }) => [name, value])
    t.strictSame(told, [
      ['recv_pdu_total', 1],
      ['sent_pdu_total', 2],
      ['fault_nak_limit_total', 3],
      ['q_size_pend', 4],
      ['q_size_txa', 5],
      ['q_size_txw', 6],
      ['q_size_rx', 7],
    ])
    for (const { name, help } of metrics)
      t.match(help, /^(PDU|Octets|Stretches|NAK|Files|Transactions|Class 1)/, name)
  },
)
