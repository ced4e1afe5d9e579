/**
 * How much a lossy link costs: two entities in virtual time, a PDU a millisecond in each direction, 100 ms of way,
 * and every PDU lost with the same chance, by seed.
 */
import { Chance } from '../../hal/sim/random.ts'
import { CHECKSUM } from '../../protocol/cfdp/checksum.ts'
import { CfdpEntity } from '../../protocol/cfdp/entity.ts'
import { MemoryEnd } from '../../protocol/cfdp/memory-end.ts'
import { remoteEntity } from '../../protocol/cfdp/remote.ts'

/** PDUs that the sender sent for a file of so many segments of 1,024 octets. @throws Error if it does not arrive */
export function pdusSent(segments: number, loss: number, seed: number): number {
  const [one, two] = [end(1, 2), end(2, 1)]
  const chance = new Chance(seed)
  one.files.set('a', new Uint8Array(SEGMENT_OCTETS * segments))
  one.receive({ kind: 'put', token: 1, request: { destination: 2, file: 'a' } }, 0)
  /** Octets on their way, with the time of their arrival: first in, first out. */
  const ways = [
    { from: one, to: two, flying: [] as { at: number; octets: Uint8Array }[] },
    { from: two, to: one, flying: [] as { at: number; octets: Uint8Array }[] },
  ]
  let isOver = false
  for (let now = 0; !isOver; now++) {
    if (now > TEN_HOURS_MS) throw new Error(`Seed ${seed}: the file does not arrive`)
    for (const { from, to, flying } of ways) {
      from.tick(now)
      while ((flying[0]?.at ?? Infinity) <= now) {
        const { octets } = flying.shift() as { octets: Uint8Array }
        to.receive({ kind: 'pdu', octets }, now)
      }
      const pdu = from.next(PDU_OCTETS, now)
      if (pdu === undefined || chance.next() < loss) continue
      flying.push({ at: now + DELAY_MS, octets: pdu.octets.slice() })
    }
    isOver = one.drain().some(({ kind }) => kind === 'transaction-finished')
  }
  if (!two.files.has('a')) throw new Error(`Seed ${seed}: the file is not there`)
  return one.entity.counters.sent.pdu
}

function end(entity: number, peer: number): MemoryEnd {
  const choice = { segmentOctetsMax: SEGMENT_OCTETS, checksumType: CHECKSUM.crc32 }
  const remotes = [remoteEntity({ entity: peer, ...choice })]
  return new MemoryEnd(new CfdpEntity({ entity, remotes, firstSequence: 1 }, 0))
}

const SEGMENT_OCTETS = 1_024
const PDU_OCTETS = 1_100
const DELAY_MS = 100
const TEN_HOURS_MS = 36_000_000
