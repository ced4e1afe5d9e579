/** One transaction over a link by seed that loses, delays, overtakes and doubles whole PDUs, in virtual time. */
import { gapsPerNak } from '../../../protocol/cfdp/pdu/nak.ts'
import type { Body, Header, Nak } from '../../../protocol/cfdp/pdu/pdu.ts'
import { sooner } from '../../../protocol/machine.ts'
import { Spans } from '../../../protocol/octets/spans.ts'
import type { Random } from '../../kit/random.ts'
import { Destination, type Message, Source, transmissionOf } from './ends.ts'

export interface LinkHarm {
  /** Of PDUs in either direction, from 0 up to 1. */
  readonly loss: number
  readonly doubling: number
  readonly delayMs: number
  /** By how much the delay of one PDU differs from that of the next. */
  readonly jitterMs: number
}

export interface Exchange {
  readonly file: Uint8Array
  readonly source: Source
  readonly destination: Destination
  readonly endMs: number
  /** What must never be; empty if all was well. */
  readonly broken: readonly string[]
}

/** Holds a transaction to its end, or for ten hours. */
export function hold(random: Random, harm: LinkHarm): Exchange {
  const file = random.octets(random.below(4) === 0 ? random.below(4) : random.below(600))
  const transmission = transmissionOf(file, {
    checksumType: [0, 2, 3, 15][random.below(4)] as number,
  })
  const source = new Source(file, transmission)
  const destination = new Destination(transmission, {
    nakMode: random.below(2) === 0 ? 'immediate' : 'deferred',
    reorderMs: random.below(200),
  })
  const roomOctets = 40 + random.below(80)
  const broken: string[] = []
  const link = new Link(random, harm)
  let now = 0
  for (; now < TEN_HOURS_MS; now = link.next(now, source, destination)) {
    source.tick(now)
    destination.tick(now)
    for (const { to, body } of link.arrived(now)) {
      if (to === 'destination') destination.receive(body, now)
      else source.receive(body, now)
    }
    // A segment may be cut anew each time: what was sent as one may be asked for and sent in parts.
    const segment = source.next(1 + random.below(60), now)
    if (segment !== undefined) {
      broken.push(...segmentFaults(source, segment.body))
      link.send('destination', segment, now)
    }
    const answer = destination.next(roomOctets, now)
    if (answer === undefined) continue
    const gapsMax = gapsPerNak(roomOctets, answer.header)
    if (answer.body.kind === 'nak')
      broken.push(...nakFaults(answer.body, gapsMax, destination.transaction.held))
    link.send('source', answer, now)
  }
  return { file, source, destination, endMs: link.lastMs, broken }
}

/** A NAK asks for what is missing and speaks only of what it knows. */
export function nakFaults(nak: Nak, gapsMax: number, held: Spans): readonly string[] {
  const faults: string[] = []
  const named = new Spans()
  let last = -1
  for (const { start, end } of nak.gaps as readonly { start: number; end: number }[]) {
    if (start >= end || start <= last) faults.push(`gap [${start}, ${end}) after ${last}`)
    const missing = [...held.gaps(start, end)]
    if (missing.length !== 1 || missing[0]?.start !== start || missing[0].end !== end)
      faults.push(`[${start}, ${end}) is asked for and partly held`)
    named.add(start, end)
    last = end
  }
  const { start, end } = nak.scope as { start: number; end: number }
  for (const gap of held.gaps(start, end))
    if (!named.has(gap.start, gap.end))
      faults.push(`scope [${start}, ${end}) claims some of [${gap.start}, ${gap.end})`)
  if (named.octets > 0 && ((nak.gaps[0]?.start as number) < start || last > end))
    faults.push(`gaps lie outside of scope [${start}, ${end})`)
  if (nak.gaps.length + (nak.wantsMetadata ? 1 : 0) > Math.max(1, gapsMax))
    faults.push(`${nak.gaps.length} gaps where ${gapsMax} fit`)
  return faults
}

/** What the other end said it holds is not sent to it again. */
function segmentFaults(source: Source, body: Body): readonly string[] {
  if (body.kind !== 'file data') return []
  const { acknowledged } = source.transaction
  const start = Number(body.offset)
  const missing = [...acknowledged.gaps(start, start + body.octets.length)]
  const octets = missing.reduce((sum, gap) => sum + gap.end - gap.start, 0)
  return octets === body.octets.length ? [] : [`octets from ${start} are sent again though held`]
}

interface Flying {
  readonly to: 'source' | 'destination'
  readonly body: Body
  readonly header: Header
  readonly at: number
}

class Link {
  readonly #random: Random
  readonly #harm: LinkHarm
  #flying: Flying[] = []
  lastMs = 0

  constructor(random: Random, harm: LinkHarm) {
    this.#random = random
    this.#harm = harm
  }

  send(to: Flying['to'], message: Message, now: number): void {
    const random = this.#random
    const { loss, doubling, delayMs, jitterMs } = this.#harm
    this.lastMs = now
    do {
      if (random.next() < loss) continue
      const at = now + delayMs + Math.floor(jitterMs * random.next())
      this.#flying.push({ to, ...message, at })
    } while (random.next() < doubling)
  }

  /** In the order of their arrival. */
  arrived(now: number): readonly Flying[] {
    const arrived = this.#flying.filter(({ at }) => at <= now)
    this.#flying = this.#flying.filter(({ at }) => at > now)
    return arrived.toSorted((one, other) => one.at - other.at)
  }

  /** When something happens next: each end says one PDU a millisecond while it has any. */
  next(now: number, source: Source, destination: Destination): number {
    if (source.transaction.due !== undefined || destination.transaction.isUrgent) return now + 1
    let next = sooner(source.transaction.deadline, destination.transaction.deadline)
    for (const { at } of this.#flying) next = sooner(next, at)
    return Math.max(now + 1, next ?? TEN_HOURS_MS)
  }
}

const TEN_HOURS_MS = 10 * 3_600_000
