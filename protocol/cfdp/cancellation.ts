/**
 * The EOF that says that a file is broken off: how many octets of it were sent, and their checksum, for which it waits.
 * CCSDS 727.0-B-5, 4.11.2.2.
 */
import type { ChecksumOfFirst } from './emission.ts'
import type { Extent } from './extent.ts'
import type { Eof } from './pdu/pdu.ts'
import { cancellingEof, type Transmission } from './transmission.ts'

export class Cancellation {
  readonly #transmission: Transmission
  readonly #checksumOfFirst: ChecksumOfFirst
  #octets = 0
  /** Undefined until somebody says it. */
  #checksum: number | undefined

  /** Where nobody says what checksum the first octets have, 0 is told: none is checked, and all is thrown away. */
  constructor(transmission: Transmission, checksumOfFirst: ChecksumOfFirst = () => 0) {
    this.#transmission = transmission
    this.#checksumOfFirst = checksumOfFirst
  }

  /** Whether the EOF may be said. */
  get isKnown(): boolean {
    return this.#checksum !== undefined
  }

  /** Nothing beyond `mark` was sent, and nothing will be. */
  begin(mark: number, extent: Extent): void {
    this.#octets = mark
    // Every type of checksum is 0 for nothing.
    if (mark === 0) this.#checksum = 0
    else if (extent.isAll && mark >= extent.fileSize) this.#checksum = extent.checksum
    else this.#checksum = this.#checksumOfFirst(mark)
  }

  digestedFirst(checksum: number): void {
    this.#checksum ??= checksum
  }

  /** Once it is known. */
  eof(condition: number): Eof {
    const sent = { octets: this.#octets, checksum: this.#checksum as number }
    return cancellingEof(this.#transmission, condition, sent)
  }
}
