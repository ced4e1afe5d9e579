/**
 * Stretches of one file that is being sent, in memory shortly before they leave: the one in use, and one ahead.
 * A stretch is a whole number of segments, so that none is cut short at its end.
 */
import type { Span } from '../../octets/span.ts'

export class ReadWindow {
  readonly #stretchOctets: number
  /** The newest last. Without octets: they were asked for. */
  #stretches: Stretch[] = []
  #requests: Span[] = []

  constructor(segmentOctets: number) {
    this.#stretchOctets = Math.max(1, Math.floor(STRETCH_OCTETS / segmentOctets)) * segmentOctets
  }

  /**
   * Octets of `span` from its start on, in one piece, at most `most`: borrowed, or undefined while they are not
   * there. Asks for them, and for what follows.
   */
  take(span: Span, most: number): Uint8Array | undefined {
    const stretch = this.#find(span.start)
    if (stretch === undefined) {
      this.#ask(span.start, span.end)
      return undefined
    }
    if (stretch.end < span.end && this.#find(stretch.end) === undefined)
      this.#ask(stretch.end, span.end)
    const at = span.start - stretch.start
    return stretch.octets?.subarray(at, Math.min(at + most, span.end - stretch.start))
  }

  /** Octets that were asked for; those that nobody wants any more are let go. */
  put(offset: number, octets: Uint8Array): void {
    const stretch = this.#stretches.find(one => one.start === offset)
    if (stretch === undefined) return
    if (octets.length !== stretch.end - offset)
      throw new RangeError(
        `Cannot take ${octets.length} octets at ${offset}: ${stretch.end - offset} were asked for`,
      )
    stretch.octets = octets
  }

  /** What is to be read. Forgets. */
  drain(): readonly Span[] {
    const requests = this.#requests
    if (requests.length > 0) this.#requests = []
    return requests
  }

  #find(at: number): Stretch | undefined {
    return this.#stretches.find(one => one.start <= at && at < one.end)
  }

  #ask(start: number, end: number): void {
    const span = { start, end: Math.min(end, start + this.#stretchOctets) }
    this.#requests.push(span)
    this.#stretches = [...this.#stretches.slice(1 - STRETCHES_MAX), { ...span, octets: undefined }]
  }
}

interface Stretch extends Span {
  octets: Uint8Array | undefined
}

const STRETCH_OCTETS = 64 * 1_024
const STRETCHES_MAX = 3
