/**
 * What waits for a framed modem, and how it is cut into frames. docs/decisions/0016-modems.md
 *
 *     sends    |  a  |  b  |  c  |         d         |
 *     frames   [ a b ][ c ][ d,  ][ d,  ][ d ]            a, b and c fit a frame, d does not
 *
 * A send that fits a frame is never divided, so that a lost frame costs no more sends than it must; as many whole
 * ones as fit go together. One that does not fit goes in pieces, and what follows it fills up its last frame.
 */
import type { SendOutcome } from '../ports.ts'

export class FrameQueue<Token> {
  readonly #frameOctets: number
  readonly #packs: boolean
  /** Oldest first, the first of them perhaps begun. */
  #waiting: Sending<Token>[] = []
  /** Frames that were taken and not told of, oldest first, each with the sends that it has octets of. */
  #taken: Sending<Token>[][] = []
  /** Octets that are not in a frame yet. */
  octets = 0

  /** @param packs several sends go in one frame, where they fit */
  constructor(frameOctets: number, packs = true) {
    this.#frameOctets = frameOctets
    this.#packs = packs
  }

  /** `octets` are borrowed until the token is settled. */
  push(octets: Uint8Array, token: Token): void {
    this.#waiting.push({ octets, token, at: 0, frames: 0, outcome: 'accepted' })
    this.octets += octets.length
  }

  /** The next frame, an array of its own; undefined if nothing waits. */
  take(): Uint8Array | undefined {
    const parts = this.#parts()
    if (parts.length === 0) return undefined
    const frame = new Uint8Array(parts.reduce((sum, { octets }) => sum + octets.length, 0))
    let at = 0
    for (const { octets } of parts) {
      frame.set(octets, at)
      at += octets.length
    }
    this.octets -= frame.length
    this.#taken.push(parts.map(({ sending }) => sending))
    return frame
  }

  /** What became of the oldest frame. Answers the sends that are settled by it. */
  tell(outcome: SendOutcome): Settled<Token>[] {
    const settled: Settled<Token>[] = []
    for (const sending of this.#taken.shift() ?? []) {
      sending.frames -= 1
      sending.outcome = worse(sending.outcome, outcome)
      if (sending.frames === 0 && sending.at === sending.octets.length) settled.push(sending)
    }
    return settled
  }

  /** The line went: what is left of a send that was begun is of no use any more. Answers it if that settles it. */
  forgetBegun(): Settled<Token>[] {
    const first = this.#waiting[0]
    if (first === undefined || first.at === 0) return []
    this.#waiting.shift()
    this.octets -= first.octets.length - first.at
    first.at = first.octets.length
    first.outcome = worse(first.outcome, 'unknown')
    return first.frames === 0 ? [first] : []
  }

  /** Takes the next octets of the sends that wait, a frame full of them at the most. */
  #parts(): { readonly sending: Sending<Token>; readonly octets: Uint8Array }[] {
    const parts: { sending: Sending<Token>; octets: Uint8Array }[] = []
    let room = this.#frameOctets
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      const left = next.octets.length - next.at
      const isWhole = next.octets.length <= this.#frameOctets
      if (parts.length > 0 && (room === 0 || (isWhole && left > room))) break
      const octets = next.octets.subarray(next.at, next.at + Math.min(left, room))
      next.at += octets.length
      next.frames += 1
      room -= octets.length
      parts.push({ sending: next, octets })
      if (next.at < next.octets.length) break
      this.#waiting.shift()
      if (!this.#packs) break
    }
    return parts
  }
}

export interface Settled<Token> {
  readonly token: Token
  readonly outcome: SendOutcome
}

interface Sending<Token> {
  readonly octets: Uint8Array
  readonly token: Token
  /** Octets that are in frames; how many of these frames are not told of, and what is known of the others. */
  at: number
  frames: number
  outcome: SendOutcome
}

function worse(one: SendOutcome, other: SendOutcome): SendOutcome {
  return RANK.indexOf(one) > RANK.indexOf(other) ? one : other
}

const RANK: readonly SendOutcome[] = ['accepted', 'unknown', 'rejected']
