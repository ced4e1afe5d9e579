/**
 * The file is whole: it is read back, its checksum is compared, and it gets its name. CCSDS 727.0-B-5, 4.6.1.2.8
 * and 4.2.2. What is wrong with it, and what is done about that, is in ending.ts.
 */
import { CHECKSUM } from './checksum.ts'
import type { Claims } from './claims.ts'
import { finishedDespite } from './completion.ts'
import { CONDITION } from './condition.ts'
import type { Ending } from './ending.ts'
import type { Eof, Metadata } from './pdu/pdu.ts'
import type { ReceivingLimits } from './reception.ts'

export class Delivery {
  readonly #ending: Ending
  readonly #claims: Claims
  readonly #checksumRetriesMax: number
  #checksumRetries = 0
  /** The condition of the file that is being delivered. */
  #outcome: number = CONDITION.noError
  /** A fault holds the file up as it is verified or delivered: that is tried again when it is resumed. */
  #isHeldUp = false

  constructor(ending: Ending, claims: Claims, { checksumRetriesMax }: ReceivingLimits) {
    this.#ending = ending
    this.#claims = claims
    this.#checksumRetriesMax = checksumRetriesMax
  }

  /** `octets` is the size of the file, here and below. */
  verify(octets: number): void {
    const { checksumType } = this.#claims
    this.#ending.effect({ kind: 'verify', octets, checksumType })
  }

  /** The file was read back; undefined: it could not be. Answers whether it is to be asked for again, all of it. */
  verified(checksum: number | undefined, octets: number): boolean {
    if (this.#ending.stage !== 'verifying') return false
    const eof = this.#claims.eof as Eof
    const isNull = this.#claims.checksumType === CHECKSUM.null
    if (checksum === eof.checksum || (isNull && checksum !== undefined))
      this.deliver(this.#claims.bestCondition, octets)
    else if (this.#checksumRetries < this.#checksumRetriesMax) {
      this.#checksumRetries += 1
      return true
    } else {
      const handler = this.#ending.fault(CONDITION.fileChecksumFailure)
      if (handler === 'ignore') this.deliver(CONDITION.fileChecksumFailure, octets)
      else if (handler === 'suspend') this.#isHeldUp = true
    }
    return false
  }

  deliver(outcome: number, octets: number): void {
    this.#ending.stage = 'delivering'
    this.#outcome = outcome
    const name = (this.#claims.metadata as Metadata).destinationName
    this.#ending.effect({ kind: 'deliver', octets, name })
  }

  delivered(): void {
    if (this.#ending.stage !== 'delivering' || this.#ending.isOver) return
    if (this.#outcome === CONDITION.noError) this.#ending.finish(CONDITION.noError)
    else this.#ending.conclude(finishedDespite(this.#outcome, this.#ending.here))
  }

  /** The filestore will not have the file. */
  refused(): void {
    if (this.#ending.isOver) return
    // Only a name may be free another time; that there is no file cannot be ignored.
    const final = this.#ending.stage === 'delivering' ? 'not ignored' : 'not put off'
    const handler = this.#ending.fault(CONDITION.filestoreRejection, final)
    if (handler === 'suspend') this.#isHeldUp = true
  }

  /** The disk works again. */
  retry(octets: number): void {
    if (this.#ending.stage === 'delivering') this.deliver(this.#outcome, octets)
  }

  /** What was held up is tried again. */
  resume(octets: number): void {
    const { stage } = this.#ending
    if (this.#isHeldUp && stage === 'verifying') this.verify(octets)
    if (this.#isHeldUp && stage === 'delivering') this.deliver(this.#outcome, octets)
    this.#isHeldUp = false
  }
}
