import t from 'tap'
import type { PutRequest } from '../../../protocol/cfdp/entity/events.ts'
import { QUIRKS } from '../../../protocol/cfdp/remote.ts'
import { Random } from '../../kit/random.ts'
import { CF, CfsCf, OURS } from './cfs-cf.ts'
import { EntityBench } from './entity/bench.ts'

const FILE = new Random(1).octets(150_001)
const TEN_MINUTES_MS = 600_000
const QUIRKY = { entity: CF, quirks: QUIRKS.cfsCf }

t.test('files go to CF of cFS, and come from it, in both classes', async t => {
  for (const way of [
    { acknowledged: true },
    { acknowledged: false },
    { acknowledged: false, closureRequested: true },
  ])
    for (const octets of [0, 1, 1_000, 150_001]) {
      const label = `${octets} octets, ${JSON.stringify(way)}`
      const there = sent(FILE.subarray(0, octets), way)
      t.strictSame(there.cf.received, FILE.slice(0, octets), `to it: ${label}`)
      t.equal(there.cf.ended, 'done')
      t.match(there.ours.told('transaction-finished'), [{ condition: 0 }], label)
      t.strictSame(there.cf.rejected, [], 'it took every PDU')
      const here = received(FILE.subarray(0, octets), way)
      t.strictSame(here.ours.files.get('/cf/file'), FILE.slice(0, octets), `from it: ${label}`)
      t.equal(here.cf.ended, 'done')
      t.match(here.ours.told('transaction-finished'), [{ condition: 0 }], label)
    }
})

t.test('files are whole through losses of 1 % and more, both ways', async t => {
  for (const loss of [0.01, 0.1])
    for (const seed of [1, 2, 3]) {
      const label = `${100 * loss} % lost, seed ${seed}`
      const there = sent(FILE, {}, lossy(seed, loss))
      t.strictSame(there.cf.received, FILE, `to it: ${label}`)
      t.match(there.ours.told('transaction-finished'), [{ condition: 0 }], label)
      const here = received(FILE, {}, lossy(seed, loss))
      t.strictSame(here.ours.files.get('/cf/file'), FILE, `from it: ${label}`)
      t.match(here.ours.told('transaction-finished'), [{ condition: 0 }], label)
    }
})

t.test('more gaps than one of its NAKs can name, and than it reads of one of ours', async t => {
  // Every second segment is lost once: 75 gaps.
  const everySecond = () => {
    let sent = 0
    return (octets: Uint8Array) => octets.length < 900 || sent++ > 151 || sent % 2 === 0
  }
  const there = sent(FILE, {}, everySecond())
  t.strictSame(there.cf.received, FILE)
  const here = received(FILE, {}, everySecond())
  t.strictSame(here.ours.files.get('/cf/file'), FILE)
  t.ok(here.ours.machine.counters.sent.nak_segment_requests >= 75)
})

t.test('what it cannot take is refused before it is sent', async t => {
  for (const [way, why] of [
    [{ pduCrc: true }, /with a CRC/],
    [{ checksumType: 3 }, /checksum type 3 .* it knows 0/],
  ] as const) {
    const { ours, cf } = sent(FILE, way)
    t.match(ours.told('put refused'), [{ why }])
    t.strictSame([cf.ended, cf.rejected.length], [undefined, 0])
  }
  t.throws(() => new EntityBench({ ...QUIRKY, entityOctets: 8 }), /ids of 8 octets .* 4/)
  t.throws(() => new EntityBench({ ...QUIRKY, sequenceOctets: 5 }), /ids of 5 octets .* 4/)
})

type Passes = (octets: Uint8Array) => boolean

function sent(file: Uint8Array, way: Partial<PutRequest>, passes?: Passes) {
  const ours = new EntityBench(QUIRKY, { entity: OURS })
  const cf = new CfsCf()
  ours.files.set('a', file)
  ours.put(1, 'a', { destination: CF, ...way })
  return run(ours, cf, passes)
}

function received(
  file: Uint8Array,
  { acknowledged = true, closureRequested = false }: Partial<PutRequest>,
  passes?: Passes,
) {
  const ours = new EntityBench(QUIRKY, { entity: OURS })
  const cf = new CfsCf()
  cf.send(file, acknowledged, closureRequested)
  return run(ours, cf, passes)
}

/** Until both are still. */
function run(ours: EntityBench, cf: CfsCf, passes: Passes = () => true) {
  for (let now = 0; now < TEN_MINUTES_MS; ) {
    const out = ours.next()?.octets
    if (out !== undefined && passes(out)) cf.hear(out)
    const back = cf.next()
    if (back !== undefined && passes(back)) ours.tell({ kind: 'pdu', octets: back })
    if (out !== undefined || back !== undefined) continue
    const times = [ours.machine.deadline, cf.deadline].filter(at => at !== undefined)
    if (times.length === 0) break
    now = Math.max(now, Math.min(...times))
    ours.tick(now)
    cf.tick(now)
  }
  return { ours, cf }
}

function lossy(seed: number, loss: number): Passes {
  const chance = new Random(seed)
  return () => chance.next() >= loss
}
