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
}

export const READ_AHEAD = {
  chunkOctets: 128 * 1_024,
  chunksMax: 8,
  /** Chunks asked for beyond the one in use. */
  ahead: 2,
} as const

interface Chunk {
  readonly sequence: number
  readonly index: number
  /** Undefined while the disk is reading. */
  octets: Uint8Array | undefined
}

export class ReadAhead {
  /** Oldest use first: a Map keeps the order in which keys were put in. */
  readonly #chunks = new Map<string, Chunk>()
  #requests: ChunkRequest[] = []

  /**
   * The octets of `span`, all in one piece: borrowed, or undefined while some of them are not there. Asks for
   * what is missing, and for what follows up to `soonEnd`; the file has `fileOctets`.
   */
  take(sequence: number, span: Span, soonEnd: number, fileOctets: number): Uint8Array | undefined {
    const first = chunkOf(span.start)
    const last = chunkOf(Math.max(span.start, span.end - 1))
    for (
      let index = first;
      index <= Math.min(last + READ_AHEAD.ahead, chunkOf(soonEnd - 1));
      index++
    )
      this.#want(sequence, index, fileOctets)
    const parts: Uint8Array[] = []
    for (let index = first; index <= last; index++) {
      const octets = this.#chunks.get(keyOf(sequence, index))?.octets
      if (octets === undefined) return undefined
      const at = index * READ_AHEAD.chunkOctets
      parts.push(octets.subarray(Math.max(0, span.start - at), span.end - at))
    }
    return parts.length === 1 ? parts[0] : joined(parts)
  }

  /** The disk has read what was asked for. */
  put(sequence: number, offset: number, octets: Uint8Array): void {
    const chunk = this.#chunks.get(keyOf(sequence, chunkOf(offset)))
    if (chunk !== undefined) chunk.octets = octets
  }

  forget(sequence: number): void {
    for (const [key, chunk] of this.#chunks)
      if (chunk.sequence === sequence) this.#chunks.delete(key)
    this.#requests = this.#requests.filter(request => request.sequence !== sequence)
  }

  /** What is to be read, oldest first; each is named once. */
  drain(): readonly ChunkRequest[] {
    const requests = this.#requests
    if (requests.length > 0) this.#requests = []
    return requests
  }

  #want(sequence: number, index: number, fileOctets: number): void {
    const key = keyOf(sequence, index)
    const known = this.#chunks.get(key)
    if (known !== undefined) {
      this.#chunks.delete(key)
      this.#chunks.set(key, known)
      return
    }
    const offset = index * READ_AHEAD.chunkOctets
    this.#chunks.set(key, { sequence, index, octets: undefined })
    const length = Math.min(READ_AHEAD.chunkOctets, fileOctets - offset)
    this.#requests.push({ sequence, offset, length })
    for (const oldest of this.#chunks.keys()) {
      if (this.#chunks.size <= READ_AHEAD.chunksMax) break
      this.#chunks.delete(oldest)
    }
  }
}

function chunkOf(offset: number): number {
  return Math.floor(offset / READ_AHEAD.chunkOctets)
}

function keyOf(sequence: number, index: number): string {
  return `${sequence}:${index}`
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
