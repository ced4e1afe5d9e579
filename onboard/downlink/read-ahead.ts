/**
 * File octets in memory shortly before they are sent. It asks for chunks, and keeps the few newest: what a
 * transaction sends next is then there when the modem has room, whatever the disk does meanwhile.
 */
import type { Span } from '../../protocol/octets/span.ts'

/** Octets to be read from the disk. */
export interface ChunkRequest {
  readonly sequence: number
  readonly offset: number
  readonly length: number
  /** Where they may be read to, lent until put(): a chunk, though less may be wanted. */
  readonly into: Uint8Array
}

/** A file that is being sent, and its size. */
export interface ReadFile {
  readonly sequence: number
  readonly octets: number
}

export const READ_AHEAD = {
  chunkOctets: 64 * 1_024,
  chunksMax: 8,
  /** Chunks asked for beyond the one in use. */
  ahead: 2,
} as const

interface Chunk {
  readonly sequence: number
  readonly index: number
  /** Undefined while the disk is reading. */
  octets: Uint8Array | undefined
  /** The choice in which it was last wanted. */
  choice: number
}

export class ReadAhead {
  /** A few: looked through one by one, they are found as fast as by a key, and nothing is made to look. */
  #chunks: Chunk[] = []
  /** Of chunks that were let go: fresh ones would pile up until they are collected. */
  readonly #buffers: Uint8Array[] = []
  #requests: ChunkRequest[] = []
  #choice = 0

  /**
   * A new choice begins. What it wants first is kept against what it wants later: were the two to drive each
   * other out, none of them would ever be there.
   */
  beginChoice(): void {
    this.#choice += 1
  }

  /**
   * The octets of `span` of `file`, all in one piece: borrowed, or undefined while some of them are not there.
   * Asks for what is missing, and for what follows up to `end`, where the sender wants to go on to.
   */
  take(file: ReadFile, span: Span, end: number): Uint8Array | undefined {
    const { sequence } = file
    const first = chunkOf(span.start)
    const last = chunkOf(span.end - 1)
    for (let index = first; index <= Math.min(last + READ_AHEAD.ahead, chunkOf(end - 1)); index++)
      this.#want(file, index)
    const parts: Uint8Array[] = []
    for (let index = first; index <= last; index++) {
      const octets = this.#find(sequence, index)?.octets
      if (octets === undefined) return undefined
      const at = index * READ_AHEAD.chunkOctets
      parts.push(octets.subarray(Math.max(0, span.start - at), span.end - at))
    }
    return parts.length === 1 ? parts[0] : joined(parts)
  }

  /** The disk has read what was asked for. Keeps `octets`. */
  put(sequence: number, offset: number, octets: Uint8Array): void {
    const chunk = this.#find(sequence, chunkOf(offset))
    if (chunk === undefined) return this.#recycle(octets)
    this.#recycle(chunk.octets)
    chunk.octets = octets
  }

  forget(sequence: number): void {
    for (const chunk of this.#chunks) if (chunk.sequence === sequence) this.#letGo(chunk)
    for (const request of this.#requests)
      if (request.sequence === sequence) this.#recycle(request.into)
    this.#requests = this.#requests.filter(request => request.sequence !== sequence)
  }

  /** What is to be read, oldest first; each is named once. */
  drain(): readonly ChunkRequest[] {
    const requests = this.#requests
    if (requests.length > 0) this.#requests = []
    return requests
  }

  /** Whole chunks, whatever of them is wanted now: the next gap may lie beside this one. */
  #want({ sequence, octets: fileOctets }: ReadFile, index: number): void {
    const known = this.#find(sequence, index)
    if (known !== undefined) {
      known.choice = this.#choice
      return
    }
    if (!this.#makeRoom()) return
    this.#chunks.push({ sequence, index, octets: undefined, choice: this.#choice })
    const offset = index * READ_AHEAD.chunkOctets
    const length = Math.min(READ_AHEAD.chunkOctets, fileOctets - offset)
    const into = this.#buffers.pop() ?? new Uint8Array(READ_AHEAD.chunkOctets)
    this.#requests.push({ sequence, offset, length, into })
  }

  /** Lets the chunk go that was longest not wanted. False: all of them are wanted now. */
  #makeRoom(): boolean {
    if (this.#chunks.length < READ_AHEAD.chunksMax) return true
    const oldest = this.#chunks.reduce((one, other) => (other.choice < one.choice ? other : one))
    if (oldest.choice === this.#choice) return false
    this.#letGo(oldest)
    return true
  }

  #find(sequence: number, index: number): Chunk | undefined {
    for (const chunk of this.#chunks)
      if (chunk.sequence === sequence && chunk.index === index) return chunk
    return undefined
  }

  #letGo(chunk: Chunk): void {
    this.#chunks = this.#chunks.filter(other => other !== chunk)
    this.#recycle(chunk.octets)
  }

  #recycle(octets: Uint8Array | undefined): void {
    const { chunkOctets } = READ_AHEAD
    if (octets?.length === chunkOctets) this.#buffers.push(octets)
    else if (octets?.buffer.byteLength === chunkOctets)
      this.#buffers.push(new Uint8Array(octets.buffer))
  }
}

function chunkOf(offset: number): number {
  return Math.floor(offset / READ_AHEAD.chunkOctets)
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
