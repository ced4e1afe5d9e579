/**
 * What a sender says of its file, Metadata and EOF, kept from the first that comes of each, and judged together.
 * CCSDS 727.0-B-5, 4.6.1.2.3, 4.6.1.2.4 and 4.6.6.1. Both PDUs are lent; what is kept is a copy.
 */
import { CHECKSUM, isChecksumSupported } from './checksum.ts'
import type { Closure } from './completion.ts'
import { CONDITION } from './condition.ts'
import { faultOf } from './file-fault.ts'
import type { Eof, Metadata } from './pdu/pdu.ts'

/** What follows from the claims: the reception goes on, its sender cancelled it, or a fault is to be declared. */
export interface Verdict {
  readonly kind: 'sound' | 'cancelled' | 'fault'
  readonly condition: number
}

export class Claims {
  #metadata: Metadata | undefined
  #eof: Eof | undefined
  /** Faults that were declared and did not end the transaction: they are declared once. */
  readonly #overlooked = new Set<number>()

  constructor(metadata: Metadata | undefined, eof: Eof | undefined) {
    this.#metadata = metadata
    this.#eof = eof
  }

  get metadata(): Metadata | undefined {
    return this.#metadata
  }

  get eof(): Eof | undefined {
    return this.#eof
  }

  /** Octets of the file, as far as the sender said; undefined before, and where no number says it. */
  get fileOctets(): number | undefined {
    const size = this.#eof?.fileSize ?? this.#metadata?.fileSize
    return typeof size === 'number' ? size : undefined
  }

  /** The sender wants nothing but the Metadata to arrive: there is no file. */
  get isMetadataOnly(): boolean {
    return this.#metadata?.destinationName.length === 0
  }

  /** The type by which the file is checked: the null checksum, if that of the Metadata is not known. 4.2.2.8. */
  get checksumType(): number {
    const { checksumType } = this.#metadata as Metadata
    return isChecksumSupported(checksumType) ? checksumType : CHECKSUM.null
  }

  /** The condition of a file that is right, as far as that can be told once the Metadata has come. */
  get bestCondition(): number {
    const isChecked = (this.#metadata as Metadata).checksumType === this.checksumType
    return isChecked ? CONDITION.noError : CONDITION.unsupportedChecksumType
  }

  /** How the sender is told of the end, in a transaction of class 2 or of class 1. */
  closure(acknowledged: boolean): Closure {
    if (acknowledged) return 'acknowledged'
    return this.#metadata?.closureRequested === true ? 'announced' : 'silent'
  }

  keepMetadata(metadata: Metadata): Metadata {
    const kept = {
      ...metadata,
      sourceName: metadata.sourceName.slice(),
      destinationName: metadata.destinationName.slice(),
      options: metadata.options.map(({ type, value }) => ({ type, value: value.slice() })),
    }
    this.#metadata = kept
    return kept
  }

  keepEof(eof: Eof): Eof {
    const kept = { ...eof, faultLocation: eof.faultLocation?.slice() }
    this.#eof = kept
    return kept
  }

  overlook(condition: number): void {
    this.#overlooked.add(condition)
  }

  /** `heldEnd` is one past the last octet that came. */
  judge(heldEnd: number, fileOctetsMax: number): Verdict {
    const { metadata, eof } = this
    if (eof !== undefined && eof.condition !== CONDITION.noError)
      return { kind: 'cancelled', condition: eof.condition }
    const fault = faultOf({ metadata, eof, heldEnd }, fileOctetsMax, this.#overlooked)
    return fault === undefined ? SOUND : { kind: 'fault', condition: fault }
  }
}

const SOUND: Verdict = { kind: 'sound', condition: CONDITION.noError }
