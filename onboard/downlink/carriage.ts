/** What the line carried, and when it will be free: frames wait in the modem, and leave it at the line's rate. */
import type { Instant } from '../../protocol/machine.ts'

export class Carriage {
  /** Octets of the TM frames that were not idle. */
  frameOctets = 0
  /** Line time (stations.ts) when the last file octet leaves the line. */
  contactMs = 0
  /** How long the line was busy until then with frames that were not idle. */
  busyMs = 0
  /** When the line of each modem has sent every frame made so far. */
  readonly #freeAt: Instant[]
  #busyMs = 0

  constructor(modems: number) {
    this.#freeAt = Array.from({ length: modems }, () => 0)
  }

  /** How long the line of a modem needs for what it has. */
  backlogMs(modem: number, now: Instant): number {
    return Math.max(0, (this.#freeAt[modem] as Instant) - now)
  }

  /** A frame goes to a modem; on the line it takes `frameMs`. */
  sent(modem: number, frameMs: number, now: Instant): void {
    this.#freeAt[modem] = now + this.backlogMs(modem, now) + frameMs
  }

  /** That frame had something in it. `isFile`: octets of a file; the line time is `lineMs` now. */
  carried(frameOctets: number, frameMs: number, file: { isFile: boolean; freeMs: number }): void {
    this.frameOctets += frameOctets
    this.#busyMs += frameMs
    if (!file.isFile) return
    this.contactMs = file.freeMs
    this.busyMs = this.#busyMs
  }
}
