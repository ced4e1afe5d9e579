/** What the cases of the test series have in common: pairs of ends, and what is to be seen of them. */
import type { Test } from 'tap'
import type { SendingLimits } from '../../../protocol/cfdp/emission.ts'
import type { ReceivingLimits } from '../../../protocol/cfdp/reception.ts'
import type { Transmission } from '../../../protocol/cfdp/transmission.ts'
import { toHex } from '../../kit/hex.ts'
import { Random } from '../../kit/random.ts'
import { Destination, SENDING, Source, transmissionOf } from './ends.ts'
import type { Flight, Pair, Spoken } from './pdu-link.ts'

export const CLASS_1 = { acknowledged: false }
export const SMALL = new Random(1).octets(90)
export const LARGE = new Random(2).octets(20_000)
export const THRICE = { timeoutMs: 1_000, triesMax: 3 }

export function pairOf(
  file: Uint8Array,
  differs: Partial<Transmission> = {},
  limits: {
    readonly sending?: Partial<SendingLimits>
    readonly receiving?: Partial<ReceivingLimits>
  } = {},
): Pair {
  const transmission = transmissionOf(file, differs)
  return {
    source: new Source(file, transmission, { ...SENDING, ...limits.sending }),
    destination: new Destination(transmission, limits.receiving),
  }
}

/** The file is there, whole, and both ends know it and are through. */
export function arrived(t: Test, { source, destination }: Pair): void {
  t.equal(toHex(destination.delivered ?? new Uint8Array(0)), toHex(source.file), 'the file')
  ended(t, { source, destination }, 0)
}

/** Both ends are through, with these conditions. */
export function ended(t: Test, pair: Pair, atSource: number, atDestination = atSource): void {
  const { source, destination } = pair
  t.strictSame([source.condition, destination.condition], [atSource, atDestination], 'conditions')
  t.equal(source.transaction.state, 'closed')
  t.equal(destination.transaction.stage, 'closed')
}

export function timesSaid(flight: Flight, by: Spoken['by'], kind: string): number {
  return flight.spoken.filter(spoken => spoken.by === by && spoken.kind === kind).length
}
