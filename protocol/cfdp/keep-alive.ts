/**
 * The Keep Alive procedures of CCSDS 727.0-B-5, 4.6.5: a receiver says how far it has got, every so often or when
 * it is prompted, until the EOF has come; a sender judges by it whether it runs too far ahead.
 */
import type { Instant } from '../machine.ts'
import type { KeepAlive } from './pdu/pdu.ts'

export class KeepAliveTimer {
  readonly #everyMs: number
  #deadline: Instant | undefined
  #isDue = false

  /** @param everyMs 0 is only when prompted */
  constructor(everyMs = 0) {
    this.#everyMs = everyMs
  }

  get deadline(): Instant | undefined {
    return this.#deadline
  }

  /** Whether a Keep Alive waits to be sent. */
  get isDue(): boolean {
    return this.#isDue
  }

  /** Something came of the file: from now on, unless it runs. */
  begin(now: Instant): void {
    if (this.#everyMs > 0) this.#deadline ??= now + this.#everyMs
  }

  prompt(): void {
    this.#isDue = true
  }

  tick(now: Instant): void {
    if (this.#deadline === undefined || now < this.#deadline) return
    this.#isDue = true
    this.#deadline = now + this.#everyMs
  }

  /** `progress` is one past the last octet that came. */
  take(progress: number): KeepAlive {
    this.#isDue = false
    return { kind: 'keep alive', progress }
  }
}

/** Whether the sender is more octets ahead than it may be. `mark` is one past the last octet that it sent. */
export function isTooFarBehind(
  keepAlive: KeepAlive,
  mark: number,
  octetsMax = Number.POSITIVE_INFINITY,
): boolean {
  return mark - Number(keepAlive.progress) > octetsMax
}
