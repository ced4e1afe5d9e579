/** Housekeeping packets of a recording: how many there are, and what the newest says. */
import { decodeHousekeeping, type Housekeeping } from '../../protocol/command/housekeeping.ts'
import { decodeSpacePacket } from '../../protocol/packet/space-packet.ts'

export interface HousekeepingReport {
  readonly packets: number
  readonly newest: Housekeeping
}

export class HousekeepingTally {
  readonly #apid: number
  #packets = 0
  #newest: Housekeeping | undefined

  constructor(apid: number) {
    this.#apid = apid
  }

  /** Counts a packet if it is one of them. Answers whether it is. */
  take(octets: Uint8Array): boolean {
    const [first = 0, second = 0] = octets
    if ((((first << 8) | second) & 0x7ff) !== this.#apid) return false
    const received = decodeSpacePacket(octets)
    if (received.kind === 'malformed') return false
    const said = decodeHousekeeping(received.packet.data)
    if ('kind' in said) return false
    this.#packets += 1
    // Recordings of several stations do not come in the order of time.
    if (this.#newest === undefined || said.utcMs >= this.#newest.utcMs) this.#newest = said
    return true
  }

  /** Null: there were none. */
  report(): HousekeepingReport | null {
    return this.#newest === undefined ? null : { packets: this.#packets, newest: this.#newest }
  }
}

/** Unless the configuration of the spacecraft says otherwise. */
export const HOUSEKEEPING_APID = 2_043
