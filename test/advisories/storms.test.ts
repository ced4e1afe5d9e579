/**
 * What a peer may cost that speaks CFDP well and means harm: transactions without end, requests for gigabytes, sizes
 * that nothing has, the same PDU a hundred thousand times, clocks that jump.
 */
import t from 'tap'
import { CONDITION } from '../../protocol/cfdp/condition.ts'
import { History } from '../../protocol/cfdp/entity/history.ts'
import type { Metadata } from '../../protocol/cfdp/pdu/pdu.ts'
import { remoteEntity } from '../../protocol/cfdp/remote.ts'
import { Retransmission, STRETCHES_MAX } from '../../protocol/cfdp/retransmission.ts'
import { heldOctets } from '../kit/memory.ts'
import { Random } from '../kit/random.ts'
import { EntityBench, fly } from '../protocol/cfdp/entity/bench.ts'
import { HEADER } from '../protocol/cfdp/pdu/samples.ts'

const SEED = Number(process.env['SEED'] ?? 1)
const STORM = 100_000
const GROWTH_OCTETS_MAX = 8 * 2 ** 20
const FROM_PEER = { ...HEADER, source: 1, destination: 2, sequence: 1, sequenceOctets: 4 }
const TO_SENDER = { ...FROM_PEER, towardSender: true }
const FILE = new Random(5).octets(5_000)
const NAME = new TextEncoder().encode('a')
const METADATA: Metadata = {
  kind: 'metadata',
  closureRequested: false,
  checksumType: 0,
  fileSize: 5_000,
  sourceName: NAME,
  destinationName: NAME,
  options: [],
}
const EOF = {
  kind: 'eof',
  condition: CONDITION.noError,
  checksum: 0,
  fileSize: 5_000,
  faultLocation: undefined,
} as const

t.test(
  'DoS: a peer that opens all it may and falls silent is forgotten, and heard again',
  async t => {
    const two = new EntityBench({}, { entity: 2 })
    const { receptionsMax } = remoteEntity({ entity: 1 }).limits
    for (let sequence = 0; sequence < 10_000; sequence++)
      two.hear({ ...FROM_PEER, sequence }, METADATA)
    t.equal(two.machine.load.receiving, receptionsMax)
    t.equal(two.machine.counters.recv.dropped, 10_000 - receptionsMax)
    while (two.wait()) two.all()
    t.equal(two.machine.load.receiving, 0)
    two.hear({ ...FROM_PEER, sequence: 20_000 }, METADATA)
    t.equal(two.machine.load.receiving, 1)
  },
)

t.test('DoS: a size of 2^63 takes no memory and no place on the disk', async t => {
  const before = heldOctets()
  for (const fileSize of [2 ** 40, 2n ** 63n, 2n ** 64n - 1n]) {
    const two = new EntityBench({}, { entity: 2 })
    two.hear({ ...FROM_PEER, largeFile: true }, { ...METADATA, fileSize })
    t.match(two.told('fault'), [{ condition: CONDITION.filestoreRejection }])
    t.strictSame(
      two.effects.filter(({ kind }) => kind === 'write' || kind === 'verify'),
      [],
    )
  }
  t.ok(heldOctets() - before < 2 ** 20)
})

t.test('DoS: NAKs cut what is kept of a file into no more than so many stretches', async t => {
  const again = new Retransmission(32)
  const mark = 2 ** 30
  const before = heldOctets()
  const hear = (start: number, gaps: readonly { start: number; end: number }[]) =>
    again.hear({ kind: 'nak', scope: { start, end: mark }, wantsMetadata: false, gaps }, mark)
  let ignored = 0
  hear(0, [])
  for (let nak = 0; nak < 20; nak++) {
    const gaps = Array.from({ length: 8_000 }, (_, i) => {
      const start = 4_000 * (20 * i + nak) + 1
      return { start, end: start + 1 }
    })
    if (again.isSpent(mark)) ignored += 1
    else hear(mark, gaps)
    t.ok([...again.spans].length <= STRETCHES_MAX && again.acknowledged.count <= STRETCHES_MAX)
  }
  t.equal(again.octets, STRETCHES_MAX, 'one octet each')
  t.equal(ignored, 11, 'nor do those cost anything that come when it is full')
  again.take(1)
  t.notOk(again.isSpent(mark), 'until some of it was sent')
  t.ok(heldOctets() - before < GROWTH_OCTETS_MAX)
  hear(0, [])
  t.strictSame([...again.acknowledged], [{ start: 0, end: mark }], 'an honest NAK sets it right')
})

t.test(
  'DoS: an EOF or a Finished said again and again is answered in bounds and costs nothing',
  async t => {
    const [one, two] = [new EntityBench(), new EntityBench({}, { entity: 2 })]
    one.files.set('a', FILE)
    one.put(1, 'a')
    const storm = new Map<string, { header: typeof FROM_PEER; body: typeof EOF }>()
    fly(one, two, ({ header, body }) => {
      storm.set(body.kind, { header, body } as never)
      return 1
    })
    const grown = heapAfter(() => {
      for (const [bench, kind] of [
        [two, 'eof'],
        [one, 'finished'],
      ] as const) {
        const { header, body } = storm.get(kind) as { header: typeof FROM_PEER; body: typeof EOF }
        const effects = bench.effects.length
        for (let n = 0; n < STORM; n++) bench.hear(header, body)
        t.equal(bench.effects.length, effects, `${kind}: nothing is asked of the disk`)
        t.ok(bench.all().length <= 64, `${kind}: few answers wait`)
      }
    })
    t.ok(grown < GROWTH_OCTETS_MAX, `${grown} octets more`)
  },
)

t.test(
  'DoS: an EOF, a Prompt or a NAK repeated within a transaction leaves one answer',
  async t => {
    const two = new EntityBench({}, { entity: 2 })
    const offsets = Array.from({ length: 40 }, (_, i) => 100 * i)
    for (const offset of offsets)
      two.hear(FROM_PEER, { kind: 'file data', offset, octets: NAME, segmentMetadata: undefined })
    two.hear(FROM_PEER, EOF)
    const effects = two.effects.length
    const grown = heapAfter(() => {
      for (let n = 0; n < STORM; n++) {
        two.hear(FROM_PEER, EOF)
        two.hear(FROM_PEER, { kind: 'prompt', wants: n % 2 === 0 ? 'nak' : 'keep alive' })
      }
    })
    t.ok(grown < GROWTH_OCTETS_MAX, `${grown} octets more`)
    t.equal(two.effects.length, effects)
    t.strictSame(
      two.all().map(({ body }) => body.kind),
      ['ack', 'nak'],
    )
    const one = new EntityBench()
    one.files.set('a', FILE)
    one.put(1, 'a')
    one.all()
    const span = { start: 100, end: 200 }
    for (let n = 0; n < 1_000; n++)
      one.hear(TO_SENDER, { kind: 'nak', scope: span, wantsMetadata: true, gaps: [span, span] })
    t.strictSame(
      one.all().map(({ body }) => body.kind),
      ['metadata', 'file data'],
    )
  },
)

t.test(
  'DoS: what is remembered of transactions that are over is bounded in its responses, too',
  async t => {
    const history = new History(10_000)
    const responses = (count: number) => ({
      condition: 0,
      eof: undefined,
      finished: {
        kind: 'finished',
        condition: 0,
        complete: true,
        fileStatus: 2,
        filestoreResponses: Array.from({ length: count }, () => NAME),
        faultLocation: undefined,
      } as const,
    })
    for (let sequence = 0; sequence < 100; sequence++) history.add(sequence, responses(64))
    t.strictSame(
      [35, 36, 99].map(sequence => history.find(sequence) !== undefined),
      [false, true, true],
    )
    for (let sequence = 100; sequence < 4_000; sequence++) history.add(sequence, responses(0))
    t.ok(history.find(99), 'those without responses take no room of theirs')
    history.add(4_000, responses(20_000))
    t.equal(history.find(4_000), undefined)
  },
)

t.test('DoS: clocks that jump, forward and back, lose no file', async t => {
  for (let round = 0; round < 20; round++) {
    const random = new Random(SEED + round)
    const endless = { timeoutMs: 1_000, triesMax: 0 }
    const receiving = { ack: endless, nak: endless, inactivityMs: 0 }
    const remote = { receiving, sending: { ack: endless, inactivityMs: 0 } }
    const [one, two] = [new EntityBench(remote), new EntityBench(remote, { entity: 2 })]
    one.files.set('a', FILE)
    one.put(1, 'a')
    fly(
      one,
      two,
      () => {
        const bench = random.below(2) === 0 ? one : two
        if (random.below(3) === 0) bench.tick(bench.now + 86_400_000 * (random.below(5) - 2))
        return random.below(4) === 0 ? 0 : 1
      },
      Number.POSITIVE_INFINITY,
    )
    t.strictSame(two.files.get('a'), FILE, `SEED=${SEED + round}`)
    t.match(one.told('transaction-finished'), [{ condition: CONDITION.noError }])
  }
})

/** Octets on the heap, buffers with them, that are still held when `act` is over. */
function heapAfter(act: () => void): number {
  const before = heldOctets()
  act()
  return heldOctets() - before
}
