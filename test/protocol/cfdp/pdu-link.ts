/**
 * Transactions over one link that carries PDUs as octets, in virtual time: each end says one PDU a millisecond,
 * and whoever tests says what becomes of each. For the test series, where a case is what happens to a PDU.
 */
import { encodePdu, parsePdu } from '../../../protocol/cfdp/pdu/codec.ts'
import type { Body } from '../../../protocol/cfdp/pdu/pdu.ts'
import { sooner } from '../../../protocol/machine.ts'
import { OctetWriter } from '../../../protocol/octets/writer.ts'
import type { Random } from '../../kit/random.ts'
import type { Destination, Message, Source } from './ends.ts'

export interface Pair {
  readonly source: Source
  readonly destination: Destination
}

/** A PDU that was given to the link; `nth` of its kind in its direction, from 0. */
export interface Spoken {
  readonly by: 'source' | 'destination'
  readonly kind: string
  readonly nth: number
  readonly body: Body
  readonly at: number
}

/** What arrives of it: how much later, once for each copy, and the place of an octet that is wrong. */
export type Copies = readonly { readonly delayMs: number; readonly wrongAt?: number }[]
export type Harm = (spoken: Spoken) => Copies

export const LOST: Copies = []
export const DELAY_MS = 50
export const ARRIVES: Copies = [{ delayMs: DELAY_MS }]

export interface Flight {
  readonly spoken: readonly Spoken[]
  readonly endMs: number
}

export interface Event {
  readonly at: number
  readonly act: (now: number) => void
}

/** Loses, doubles and delays so many of a hundred PDUs, in either direction. */
export function percent(
  random: Random,
  what: { readonly lost?: number; readonly doubled?: number; readonly late?: number },
): Harm {
  return () => {
    if (random.below(100) < (what.lost ?? 0)) return LOST
    const late = random.below(100) < (what.late ?? 0) ? [{ delayMs: DELAY_MS + 20 }] : ARRIVES
    return random.below(100) < (what.doubled ?? 0) ? [...late, ...ARRIVES] : late
  }
}

/** Loses the first PDU of each of these kinds: as 'destination finished'. */
export function losingFirst(...kinds: readonly string[]): Harm {
  return ({ by, kind, nth }) => (nth === 0 && kinds.includes(`${by} ${kind}`) ? LOST : ARRIVES)
}

/** Until nobody has anything to say or to wait for, or for ten hours. */
export function fly(
  pairs: readonly Pair[],
  harm: Harm = () => ARRIVES,
  events: readonly Event[] = [],
): Flight {
  const link = new Link(pairs, harm)
  let ahead = [...events]
  let now: number | undefined = 0
  let endMs = 0
  for (; now !== undefined && now < TEN_HOURS_MS; now = link.next(now, ahead)) {
    const at: number = now
    for (const event of ahead) if (event.at <= at) event.act(at)
    ahead = ahead.filter(event => event.at > at)
    for (const { source, destination } of pairs) {
      source.tick(at)
      destination.tick(at)
    }
    link.deliver(at)
    for (const pair of pairs) link.hear(pair, at)
    endMs = at
  }
  return { spoken: link.spoken, endMs }
}

interface Flying {
  readonly by: Spoken['by']
  readonly octets: Uint8Array
  readonly at: number
}

class Link {
  readonly spoken: Spoken[] = []
  readonly #pairs: readonly Pair[]
  readonly #harm: Harm
  readonly #counts = new Map<string, number>()
  #flying: Flying[] = []

  constructor(pairs: readonly Pair[], harm: Harm) {
    this.#pairs = pairs
    this.#harm = harm
  }

  hear({ source, destination }: Pair, now: number): void {
    const segment = source.next(SEGMENT_OCTETS, now)
    if (segment !== undefined) this.#send('source', segment, now)
    const answer = destination.next(ROOM_OCTETS, now)
    if (answer !== undefined) this.#send('destination', answer, now)
  }

  deliver(now: number): void {
    const arrived = this.#flying.filter(({ at }) => at <= now)
    this.#flying = this.#flying.filter(({ at }) => at > now)
    for (const { by, octets } of arrived.toSorted((one, other) => one.at - other.at)) {
      const pdu = parsePdu(octets)
      if (pdu.kind === 'malformed') continue
      const { sequence } = pdu.header
      for (const { source, destination } of this.#pairs) {
        if (source.transaction.transmission.sequence !== sequence) continue
        if (by === 'source') destination.receive(pdu.body, now)
        else source.receive(pdu.body, now)
      }
    }
  }

  next(now: number, ahead: readonly Event[]): number | undefined {
    let next: number | undefined
    for (const { source, destination } of this.#pairs) {
      if (source.transaction.due !== undefined || destination.transaction.isUrgent) return now + 1
      next = sooner(next, sooner(source.transaction.deadline, destination.transaction.deadline))
    }
    for (const { at } of [...this.#flying, ...ahead]) next = sooner(next, at)
    return next === undefined ? undefined : Math.max(now + 1, next)
  }

  #send(by: Spoken['by'], message: Message, at: number): void {
    const { body } = message
    const kind = body.kind === 'ack' ? `ack of ${body.of}` : body.kind
    const nth = this.#counts.get(by + kind) ?? 0
    this.#counts.set(by + kind, nth + 1)
    const spoken = { by, kind, nth, body, at }
    this.spoken.push(spoken)
    for (const { delayMs, wrongAt } of this.#harm(spoken)) {
      const octets = octetsOf(message)
      if (wrongAt !== undefined) octets[wrongAt] = (octets[wrongAt] as number) ^ 0x10
      this.#flying.push({ by, octets, at: at + delayMs })
    }
  }
}

function octetsOf(message: Message): Uint8Array {
  const out = new OctetWriter()
  encodePdu(message, out)
  return out.written().slice()
}

const SEGMENT_OCTETS = 100
const ROOM_OCTETS = 200
const TEN_HOURS_MS = 36_000_000
