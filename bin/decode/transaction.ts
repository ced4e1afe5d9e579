/** What a recording holds of one file: Metadata, segments, EOF, from as many passes as there were. */
import { FileChecksum, isChecksumSupported } from '../../protocol/cfdp/checksum.ts'
import type { Eof, FileData, Header, Metadata } from '../../protocol/cfdp/pdu/pdu.ts'
import { Spans } from '../../protocol/octets/spans.ts'

export interface TransactionReport {
  readonly source: string
  readonly sequence: string
  readonly destination: string
  readonly class: 1 | 2
  /** Null: no Metadata was heard. */
  readonly name: string | null
  /** Of the whole file; null: neither Metadata nor EOF said it. */
  readonly octets: number | null
  readonly heldOctets: number
  readonly gaps: readonly (readonly [number, number])[]
  /** Every octet is held, and Metadata and EOF are. */
  readonly complete: boolean
  /** Null: not complete, or of a type that is not known, or out of order and not written to disk. */
  readonly checksumRight: boolean | null
  /** Where it was written. */
  readonly path: string | null
  /** What is missing or wrong. */
  readonly why: string | null
}

export class Transaction {
  readonly header: Header
  readonly held = new Spans()
  metadata: Metadata | undefined
  eof: Eof | undefined
  path: string | undefined
  /** Whether the checksum was found right, by whoever has the octets. */
  checksumRight: boolean | undefined
  /** Octets refused: beyond the file, or one gap too many. */
  #refused = 0
  /** The checksum of the octets before #summed, as long as they came in order. */
  #checksum: FileChecksum | undefined
  #summed = 0

  constructor(header: Header) {
    this.header = header
  }

  get size(): number | undefined {
    const eof = this.eof?.condition === NO_ERROR ? this.eof.fileSize : undefined
    const size = eof ?? (this.metadata?.fileSize === 0 ? undefined : this.metadata?.fileSize)
    return size === undefined ? undefined : Number(size)
  }

  get isComplete(): boolean {
    if (this.metadata === undefined || this.eof?.condition !== NO_ERROR) return false
    return this.held.has(0, Number(this.eof.fileSize))
  }

  /** Whether the octets as they came have the checksum of the EOF; undefined: they did not come in order. */
  get summedRight(): boolean | undefined {
    if (this.#checksum === undefined || this.#summed !== this.size)
      return this.size === 0 ? this.eof?.checksum === 0 : undefined
    return this.#checksum.value === this.eof?.checksum
  }

  takeMetadata(metadata: Metadata): void {
    // The names are borrowed from a packet.
    this.metadata ??= {
      ...metadata,
      sourceName: metadata.sourceName.slice(),
      destinationName: metadata.destinationName.slice(),
      options: [],
    }
    if (this.#summed === 0 && isChecksumSupported(metadata.checksumType))
      this.#checksum ??= new FileChecksum(metadata.checksumType)
  }

  /** @returns where its octets belong, or undefined if they are refused */
  takeSegment({ offset, octets }: FileData): number | undefined {
    const start = Number(offset)
    const end = start + octets.length
    if (end <= Math.min(this.size ?? FILE_OCTETS_MAX, FILE_OCTETS_MAX)) {
      this.held.add(start, end)
      if (this.held.count <= SPANS_MAX) {
        this.#sum(start, octets)
        return start
      }
      this.held.remove(start, end)
    }
    this.#refused += octets.length
    return undefined
  }

  report(): TransactionReport {
    const { header, metadata, held, size } = this
    const gaps = [...held.gaps(0, size ?? held.end)].map(({ start, end }) => [start, end] as const)
    return {
      source: String(header.source),
      sequence: String(header.sequence),
      destination: String(header.destination),
      class: header.acknowledged ? 2 : 1,
      name: metadata === undefined ? null : nameOf(metadata),
      octets: size ?? null,
      heldOctets: held.octets,
      gaps,
      complete: this.isComplete,
      checksumRight: this.checksumRight ?? null,
      path: this.path ?? null,
      why: this.#why(),
    }
  }

  #why(): string | null {
    const { eof, metadata, size, held } = this
    const found: string[] = []
    if (metadata === undefined) found.push('no Metadata')
    if (eof === undefined) found.push('no EOF')
    else if (eof.condition !== NO_ERROR) found.push(`cancelled, condition ${eof.condition}`)
    const missing = (size ?? held.end) - held.octets
    if (missing > 0) found.push(`${missing} octets missing`)
    if (this.checksumRight === false) found.push('checksum wrong')
    if (this.#refused > 0) found.push(`${this.#refused} octets refused`)
    return found.length > 0 ? found.join(', ') : null
  }

  #sum(start: number, octets: Uint8Array): void {
    const from = this.#summed - start
    if (this.#checksum === undefined || from < 0 || from >= octets.length) return
    this.#checksum.update(octets.subarray(from))
    this.#summed = start + octets.length
  }
}

/** The name that the receiver was asked to give it, as far as it can be read. */
function nameOf(metadata: Metadata): string {
  const { destinationName, sourceName } = metadata
  return new TextDecoder().decode(destinationName.length > 0 ? destinationName : sourceName)
}

const NO_ERROR = 0
/** Offsets beyond are taken for noise: no file system should be asked. */
const FILE_OCTETS_MAX = 2 ** 43
const SPANS_MAX = 65_536
