/**
 * What a sender heard of the octets it sent: which arrived, and which are asked for again.
 * CCSDS 727.0-B-5, 4.6.4.2: a NAK speaks for its scope; what it does not ask for there has come.
 */
import type { Span } from '../octets/span.ts'
import { Spans } from '../octets/spans.ts'
import type { Nak } from './pdu/pdu.ts'

export class Retransmission {
  /** What the other end said it holds. */
  readonly acknowledged: Spans
  readonly #again: Spans
  readonly #ratioMax: number
  /** Octets handed out again in this contact. */
  #spent = 0

  /** @param ratioMax see SendingLimits */
  constructor(
    ratioMax = Number.POSITIVE_INFINITY,
    acknowledged: Iterable<Span> = [],
    again: Iterable<Span> = [],
  ) {
    this.#ratioMax = ratioMax
    this.acknowledged = new Spans(acknowledged)
    this.#again = new Spans(again)
  }

  /** Octets that were asked for and not handed out since. */
  get octets(): number {
    return this.#again.octets
  }

  /** All stretches of them, ascending. */
  get spans(): Iterable<Span> {
    return this.#again
  }

  /** The first stretch of them. */
  get first(): Span | undefined {
    return this.#again.firstAfter(0)
  }

  /** `mark` is one past the last octet that was sent: of what follows there is nothing to say yet. */
  hear(nak: Nak, mark: number): void {
    const scope = clip(nak.scope, mark)
    this.#again.remove(scope.start, scope.end)
    this.acknowledged.add(scope.start, scope.end)
    const gaps = nak.gaps.map(gap => clip(gap, mark))
    this.#again.addAll(gaps)
    this.acknowledged.removeAll(gaps)
    // Of what is forgotten nothing is known, as if the NAK had been lost: who lacks it asks again.
    this.#again.keepFirst(STRETCHES_MAX)
    this.acknowledged.keepFirst(STRETCHES_MAX)
  }

  /** Whether so much was handed out again in this contact, or is in so many pieces, that nobody may ask for more. */
  isSpent(mark: number): boolean {
    return this.#spent > this.#ratioMax * mark || this.#again.count >= STRETCHES_MAX
  }

  /** A contact begins. */
  renew(): void {
    this.#spent = 0
  }

  /** Hands out at most so many octets of the first stretch, which must be. */
  take(octetsMax: number): Span {
    const { start, end } = this.first as Span
    const taken = { start, end: Math.min(end, start + octetsMax) }
    this.#again.remove(taken.start, taken.end)
    this.#spent += taken.end - taken.start
    return taken
  }

  clear(): void {
    this.#again.clear()
  }
}

/** What of it lies before `mark`; an empty span, if nothing does. */
function clip({ start, end }: Nak['scope'], mark: number): Span {
  return { start: Math.min(Number(start), mark), end: Math.min(Number(end), mark) }
}

/** Into which the wishes of the other end may cut a file: more than a receiver here ever holds apart. */
export const STRETCHES_MAX = 65_536 + 1
