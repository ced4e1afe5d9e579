import t from 'tap'
import { CHECKSUM } from '../../../../protocol/cfdp/checksum.ts'
import { CONDITION } from '../../../../protocol/cfdp/condition.ts'
import type { Body, Header, Pdu } from '../../../../protocol/cfdp/pdu/pdu.ts'
import { QUIRKS, remoteEntity } from '../../../../protocol/cfdp/remote.ts'
import { headerOf } from '../../../../protocol/cfdp/transmission.ts'
import { Random } from '../../../kit/random.ts'
import { someTransmission } from '../../../kit/transmission.ts'
import { EntityBench, fly } from './bench.ts'

const FILE = new Random(2).octets(5_000)
const ID = { source: 1, sequence: 1 }

t.test('cFS#1075: CfdpEntity answers what comes late, and touches no file for it', async t => {
  const [one, two] = pair()
  one.files.set('a', FILE)
  one.put(1, 'a')
  const sent: Pdu[] = []
  fly(one, two, pdu => sent.push(structuredClone(pdu)) && 1)
  const before = two.effects.length
  for (const { header, body } of sent.filter(pdu => !pdu.header.towardSender))
    two.hear(header, body)
  t.strictSame(two.effects.slice(before), [], 'no effect at all')
  t.strictSame(two.files.get('a'), FILE)
  t.equal(two.machine.counters.recv.spurious, 8)
  t.match(
    two.all().map(pdu => pdu.body),
    [
      { kind: 'ack', of: 'eof', transactionStatus: 2 },
      { kind: 'finished', complete: true },
    ],
  )
  const finished = sent.find(pdu => pdu.body.kind === 'finished') as Pdu
  for (const pdu of sent.filter(pdu => pdu.header.towardSender)) one.hear(pdu.header, pdu.body)
  one.hear({ ...finished.header, sequence: 500 }, finished.body)
  one.hear({ ...finished.header, acknowledged: false }, finished.body)
  t.match(
    one.all().map(pdu => pdu.body),
    [
      { kind: 'ack', of: 'finished', transactionStatus: 2 },
      { kind: 'ack', of: 'finished', transactionStatus: 3 },
    ],
    'a peer that has not heard the answer is told again, also of what is not known',
  )
  const eof = sent.find(pdu => pdu.body.kind === 'eof') as Pdu
  two.hear({ ...eof.header, acknowledged: false }, eof.body)
  two.hear(eof.header, { ...eof.body, checksum: 1 } as Body)
  t.strictSame(two.all(), [], 'another file under the same number is not said to be here')
  two.hear(eof.header, { ...eof.body, condition: 15 } as Body)
  t.match(two.all(), [{ body: { kind: 'ack', condition: 15 } }], 'cancelled after its end')
})

t.test('CfdpEntity remembers so many ends, and queues so many answers', async t => {
  const limits = { historyMax: 2, straysMax: 1 }
  const [one, two] = [new EntityBench({}, { limits }), new EntityBench({}, { entity: 2, limits })]
  const sent: Pdu[] = []
  for (let n = 0; n < 3; n++) {
    one.files.set(`${n}`, FILE.subarray(0, 10))
    one.put(n, `${n}`)
  }
  fly(one, two, pdu => sent.push(structuredClone(pdu)) && 1)
  const ends = sent.filter(pdu => pdu.body.kind === 'eof')
  for (const { header, body } of ends) two.hear(header, body)
  t.equal(two.machine.load.receiving, 1, 'the oldest is forgotten, and would begin again')
  t.equal(two.all().filter(pdu => pdu.body.kind === 'finished').length, 0, 'one answer waits')
})

t.test('CfdpEntity drops what is no PDU, not for it, or of nobody known', async t => {
  const { machine, ...bench } = new EntityBench({}, { entity: 2 })
  t.ok(bench)
  machine.receive({ kind: 'pdu', octets: new Uint8Array([1, 2, 3]) }, 0)
  const two = new EntityBench({}, { entity: 2 })
  two.hear(header({ destination: 3 }), EOF)
  two.hear(header({ source: 9 }), EOF)
  two.hear({ ...header(), towardSender: true }, EOF)
  t.equal(machine.counters.recv.error, 1)
  t.equal(two.machine.counters.recv.error, 3)
  t.equal(two.machine.heardOf(9), 0)
  two.hear(header(), { kind: 'ack', of: 'finished', condition: 0, transactionStatus: 1 })
  two.hear(header(), { kind: 'prompt', wants: 'nak' })
  t.equal(two.machine.counters.recv.spurious, 2, 'nothing is opened for these')
  t.equal(two.machine.heardOf(1), 2)
  t.equal(two.machine.load.receiving, 0)
})

t.test('DoS: CfdpEntity bounds what a hostile peer costs', async t => {
  const usual = remoteEntity({ entity: 1 }).limits
  const limits = { ...usual, receptionsMax: 3, spansMax: 4, pdusPerSecondMax: 50 }
  const two = new EntityBench({ limits }, { entity: 2 })
  for (let n = 0; n < 10; n++) two.hear(header({ sequence: n }), segment(0, 1))
  t.equal(two.machine.load.receiving, 3)
  t.equal(two.machine.counters.recv.dropped, 7)
  for (let n = 1; n < 10; n++) two.hear(header({ sequence: 0 }), segment(10 * n, 1))
  t.equal(two.machine.counters.recv.dropped, 13, 'four stretches are kept')
  two.hear(header({ sequence: 0 }), segment(5, 1))
  t.equal(two.machine.counters.recv.dropped, 14, 'nor one before others')
  two.hear(header({ sequence: 0 }), segment(31, 1))
  two.hear(header({ sequence: 0 }), segment(8, 2))
  two.hear(header({ sequence: 0, largeFile: true }), segment(2n ** 60n, 1))
  t.equal(two.machine.counters.recv.dropped, 14, 'what continues one is taken')
  for (let n = 0; n < 40; n++) two.hear(header({ sequence: 0 }), segment(0, 1))
  t.equal(two.machine.counters.recv.dropped, 14 + 13)
  two.now = 100
  two.hear(header({ sequence: 0 }), segment(0, 1))
  t.equal(two.machine.counters.recv.dropped, 14 + 13, 'five more in a tenth of a second')
})

t.test('DoS: CfdpEntity bounds the octets of all that a peer has open', async t => {
  const two = new EntityBench({ limits: { openOctetsMax: 250 } }, { entity: 2 })
  const dropped = () => two.machine.counters.recv.dropped
  two.hear(header({ sequence: 1 }), segment(0, 100))
  two.hear(header({ sequence: 2 }), segment(0, 100))
  two.hear(header({ sequence: 2 }), segment(100, 51))
  t.equal(dropped(), 1)
  two.hear(header({ sequence: 2 }), segment(100, 50))
  two.hear(header({ sequence: 3 }), segment(0, 1))
  t.equal(dropped(), 2, 'it is full')
  two.tell({ kind: 'cancel', id: { source: 1, sequence: 1 } })
  two.hear(header({ sequence: 3 }), segment(0, 100))
  t.equal(dropped(), 2, 'what is thrown away makes room')
})

t.test('DoS: a peer cannot call for a file without end', async t => {
  const one = new EntityBench({ sending: { againRatioMax: 2 } })
  one.files.set('a', FILE)
  one.put(1, 'a')
  one.all()
  const span = { start: 0, end: 5_000 }
  const nak = { kind: 'nak', scope: span, wantsMetadata: true, gaps: [span] } as const
  const called = () => {
    one.hear(toSender(), nak)
    return one.all().filter(({ body }) => body.kind === 'file data').length
  }
  t.strictSame([called(), called(), called(), called(), called()], [5, 5, 5, 0, 0])
  t.equal(one.machine.counters.recv.nak_ignored, 2)
  one.tell({ kind: 'contact', entity: 2, isOpen: false })
  one.tell({ kind: 'contact', entity: 2, isOpen: true })
  t.equal(called(), 5, 'the next contact has a budget of its own')
})

t.test('CfdpEntity ends what waits for a silent peer', async t => {
  const two = new EntityBench({}, { entity: 2 })
  two.hear(header(), segment(0, 100))
  while (two.wait()) two.all()
  t.match(two.told('fault'), [
    { condition: CONDITION.inactivityDetected, progress: 100 },
    { condition: CONDITION.positiveAckLimitReached },
  ])
  t.match(two.told('transaction-finished'), [{ condition: CONDITION.inactivityDetected }])
  t.equal(two.machine.counters.fault.inactivity_timer, 1)
  t.equal(two.machine.load.receiving, 0)

  const one = new EntityBench()
  one.files.set('a', FILE)
  one.put(1, 'a')
  one.all()
  one.hear(toSender(), { kind: 'ack', of: 'eof', condition: 0, transactionStatus: 1 })
  while (one.wait()) one.all()
  t.match(one.told('fault'), [{ condition: CONDITION.inactivityDetected, progress: 5_000 }])
  t.equal(one.machine.counters.fault.inactivity_timer, 1)

  const deaf = new EntityBench()
  deaf.files.set('a', FILE)
  deaf.put(1, 'a')
  deaf.all()
  while (deaf.wait()) deaf.all()
  t.match(deaf.told('transaction-finished'), [{ condition: CONDITION.positiveAckLimitReached }])
  t.equal(deaf.machine.counters.fault.ack_limit, 1)
  t.equal(deaf.machine.heardOf(2), 0)
})

t.test('CfdpEntity waits without end where the limits say so', async t => {
  const { receiving } = remoteEntity({ entity: 1 })
  const two = new EntityBench({ receiving: { ...receiving, inactivityMs: 0 } }, { entity: 2 })
  two.hear(header({ acknowledged: false }), segment(0, 100))
  t.equal(two.machine.deadline, undefined)
})

t.test('CfdpEntity: no time passes while the peer cannot be heard', async t => {
  const [one, two] = pair()
  one.files.set('a', FILE)
  one.put(1, 'a')
  one.next()
  two.hear(header(), segment(0, 100))
  for (const bench of [one, two])
    bench.tell({ kind: 'contact', entity: bench === one ? 2 : 1, isOpen: false })
  t.notOk(one.machine.mayHaveNext)
  t.equal(one.next(), undefined)
  for (const bench of [one, two]) {
    bench.tick(86_400_000)
    t.equal(bench.told('fault').length, 0)
    bench.tell({ kind: 'contact', entity: 1, isOpen: true })
    bench.tell({ kind: 'contact', entity: 2, isOpen: true })
    bench.tell({ kind: 'contact', entity: 2, isOpen: true })
  }
  t.ok(one.machine.mayHaveNext)
  fly(one, two, () => 1, 2 * 86_400_000)
  t.match(one.told('transaction-finished'), [{ condition: 0 }])
})

t.test('CfdpEntity tells of each segment if asked to', async t => {
  const two = new EntityBench({}, { entity: 2, tellSegments: true })
  two.hear(header(), segment(7, 3))
  t.match(two.told('file-segment-recv'), [{ offset: 7, length: 3 }])
})

t.test('CfdpEntity speaks to CF of cFS as that understands it', async t => {
  const quirks = QUIRKS.cfsCf
  const one = new EntityBench({ quirks })
  one.files.set('a', FILE)
  one.put(1, 'a', { acknowledged: false, closureRequested: true })
  const metadata = one.next()
  t.equal(metadata?.pdu.body.kind, 'metadata')
  t.equal((metadata?.octets[13 - 4 + 4] as number) & 0xc0, 0xc0, 'bit 7, and that of the standard')
  t.match(metadata?.pdu.body, { checksumType: CHECKSUM.modular })

  const two = new EntityBench({ quirks }, { entity: 2 })
  const octets = (metadata as { octets: Uint8Array }).octets.slice()
  octets[13] = (octets[13] as number) & 0x80
  two.tell({ kind: 'pdu', octets })
  t.match(two.told('metadata-recv'), [{ metadata: { closureRequested: true } }])
  for (let n = 0; n < 200; n++) two.hear(header({ sequence: 5 }), segment(20 * n, 10))
  two.hear(header({ sequence: 5 }), { ...EOF, fileSize: 4_000 })
  const naks = two.all(60_000).flatMap(({ body }) => (body.kind === 'nak' ? [body] : []))
  t.ok(naks.length >= 4)
  t.ok(naks.every(nak => nak.gaps.length + (nak.wantsMetadata ? 1 : 0) <= 58))
  t.equal(two.machine.counters.sent.nak_segment_requests, 201)

  const large = new EntityBench({ quirks })
  large.withheld.add('digest')
  large.put(1, 'large')
  large.tell({ kind: 'digested', id: ID, octets: 2 ** 32, checksum: 0 })
  t.match(large.told('fault'), [{ why: /it knows files up to 4 GiB/ }])
})

t.test('CfdpEntity keeps to the room it is given', async t => {
  const one = new EntityBench({ pduOctetsMax: 200 })
  one.files.set('a', FILE)
  one.put(1, 'a')
  one.all()
  const again = new EntityBench()
  again.files.set('a', FILE)
  again.put(1, 'a')
  t.equal(again.next(1)?.pdu.body.kind, 'metadata', 'a directive is sent whole')
  t.equal(again.next(10), undefined, 'no segment fits')
  again.hear(toSender(), {
    kind: 'nak',
    scope: { start: 0, end: 0 },
    wantsMetadata: true,
    gaps: [],
  })
  t.equal(again.next(100)?.pdu.body.kind, 'metadata')
  t.equal(again.next(100)?.octets.length, 100)
  t.equal(again.machine.counters.recv.nak_segment_requests, 1)
})

t.test(
  'CfdpEntity: octets that nobody wants any more are let go, wrong ones are a fault of the owner',
  async t => {
    const one = new EntityBench()
    one.withheld.add('read')
    one.files.set('a', FILE)
    one.put(1, 'a')
    one.all()
    one.tell({ kind: 'read', id: ID, offset: 3, octets: new Uint8Array(1) })
    t.throws(
      () => one.tell({ kind: 'read', id: ID, offset: 0, octets: new Uint8Array(1) }),
      /5000 were asked for/,
    )
  },
)

function pair(): [EntityBench, EntityBench] {
  return [new EntityBench(), new EntityBench({}, { entity: 2 })]
}

function header(changes: Partial<Header> = {}): Header {
  return { ...headerOf(someTransmission({ sequence: 1, entityOctets: 2 })), ...changes }
}

function toSender(): Header {
  return header({ towardSender: true })
}

function segment(offset: number | bigint, octets: number): Body {
  const data = new Uint8Array(octets)
  return { kind: 'file data', offset, octets: data, segmentMetadata: undefined }
}

const EOF = {
  kind: 'eof',
  condition: 0,
  checksum: 0,
  fileSize: 100,
  faultLocation: undefined,
} as const
