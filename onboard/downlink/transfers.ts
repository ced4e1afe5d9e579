/**
 * Files on their way: which transactions are open, and what becomes of those that are not. A file is opened when
 * its turn has come (policy.ts) or the ground speaks of it. One that was sent as a whole and has nobody to answer
 * is parked: its transaction is closed here without a word, and a few numbers stay, so that any number can wait.
 *
 *     ready --its turn--> open --all sent, nobody answers--> parked --the ground speaks, or is asked--> open
 */
import type { Outgoing, SendingProgress } from '../../protocol/cfdp/emission.ts'
import type { Body } from '../../protocol/cfdp/pdu/pdu.ts'
import type { SendingTransaction } from '../../protocol/cfdp/sending.ts'
import type { Transmission } from '../../protocol/cfdp/transmission.ts'
import type { Instant } from '../../protocol/machine.ts'
import type { Span } from '../../protocol/octets/span.ts'
import type { Audience, Hearers } from '../audience.ts'
import type { Entry } from '../buffer/ack-buffer.ts'
import type { Custody } from '../buffer/custody.ts'
import { eofPlace, metadataPlace, type Passages, type Unheard } from '../buffer/passages.ts'
import { compareRanks, type Rank } from '../buffer/rank.ts'
import type { Effects } from '../effects.ts'
import type { SpacecraftSettings } from '../settings.ts'
import { transmissionOf } from '../transmission.ts'
import type { Repeat } from './chosen.ts'
import type { Downlink } from './downlink.ts'
import type { FileKeeper } from './file-keeper.ts'
import type { DownlinkPolicy, Due } from './policy.ts'

/** Bounds of what is under way at once. */
export const TRANSFERS = {
  openMax: 64,
  /** Files whose EOF was said again in this contact and is not answered. */
  askedMax: 8,
  /** Stretches that are remembered of a parked file, of each kind: what is forgotten is asked for again. */
  parkedSpansMax: 32,
  /** How far the journal runs ahead of what is sent: one record a MiB. */
  markAheadOctets: 1_048_576,
} as const

export class Transfers implements FileKeeper {
  readonly #settings: SpacecraftSettings
  readonly #custody: Custody
  readonly #effects: Effects
  readonly #downlink: Downlink
  readonly #policy: DownlinkPolicy
  readonly #parked = new Map<number, Parked>()
  /** Files that ended here and of which the ground may know, but not the end. */
  readonly #untold = new Set<number>()
  /** Parked files that the ground is to be asked about in this contact, by rank, and those it was asked about. */
  #toAsk: number[] = []
  readonly #asked = new Set<number>()
  #audience: Audience | undefined
  /** The contact with this audience, or with the last: its beginning, UTC in milliseconds. */
  #contactMs = 0
  /** Of the parked file that was looked at last. */
  #waiting: Passages | undefined
  #repeated: { readonly entry: Entry; readonly transmission: Transmission } | undefined

  constructor(
    settings: SpacecraftSettings,
    custody: Custody,
    effects: Effects,
    line: { readonly downlink: Downlink; readonly policy: DownlinkPolicy },
  ) {
    this.#settings = settings
    this.#custody = custody
    this.#effects = effects
    this.#downlink = line.downlink
    this.#policy = line.policy
  }

  /** How far a file that is not open has got; undefined: it was not begun since this process started. */
  parked(sequence: number): SendingProgress | undefined {
    const parked = this.#parked.get(sequence)
    if (parked !== WAITING) return parked
    const { octets } = (this.#custody.buffer.entry(sequence) as Entry).identity
    return { ...parked, mark: octets }
  }

  get parkedCount(): number {
    return this.#parked.size
  }

  /** A file may be sent from now on. */
  ready({ rank }: Entry): void {
    this.#policy.put({ rank, due: 'new', miss: 1 })
  }

  /** A file has ended here, and is not open: the ground is to be told. */
  tell({ rank }: Entry): void {
    this.#untold.add(rank.sequence)
    this.#policy.put({ rank, due: 'directive', miss: 1 })
  }

  /** Nothing is to be sent of a file any more, but what its open transaction says. */
  drop(sequence: number): void {
    this.#parked.delete(sequence)
    this.#untold.delete(sequence)
    if (this.#downlink.transaction(sequence) === undefined) this.#policy.drop(sequence)
  }

  /** Somebody else hears from now on, in the contact that began at `contactMs`; or nobody. */
  turnTo(audience: Audience | undefined, contactMs: number): void {
    this.#custody.writePassages()
    this.#audience = audience
    this.#contactMs = contactMs
    if (audience !== undefined) this.#policy.hear(audience.role)
    if (audience?.role === 'main') return
    this.#toAsk = []
    this.#asked.clear()
    for (const transaction of this.#downlink.transactions()) this.#parkIfIdle(transaction)
  }

  /** What was not answered is said again: nobody has heard it, or nobody was heard. */
  ask(time: Instant): void {
    for (const transaction of this.#downlink.transactions()) {
      transaction.contactBegins(time)
      this.#downlink.update(sequenceOf(transaction))
    }
    const ranks = [...this.#parked.keys()].map(sequence => this.#rank(sequence))
    this.#toAsk = ranks.toSorted((one, other) => compareRanks(other, one)).map(sequenceOfRank)
    this.#asked.clear()
    for (const sequence of this.#untold) this.tell(this.#custody.buffer.entry(sequence) as Entry)
  }

  /** Opens some of those that the ground is to be asked about. */
  askMore(time: Instant): void {
    while (this.#asked.size < TRANSFERS.askedMax) {
      const sequence = this.#toAsk.pop()
      if (sequence === undefined) return
      if (!this.#parked.has(sequence)) continue
      this.#asked.add(sequence)
      this.open(sequence).contactBegins(time)
      this.#downlink.update(sequence)
    }
  }

  repeat(sequence: number): Repeat | undefined {
    if (this.#audience?.role === 'main' || !this.#isWaiting(sequence)) return undefined
    const entry = this.#custody.buffer.entry(sequence) as Entry
    const span = this.#custody.buffer.passagesToChange(entry).unheard as Unheard
    // Frame after frame is of the same file.
    if (this.#repeated?.entry !== entry)
      this.#repeated = { entry, transmission: transmissionOf(entry, this.#settings) }
    return { transmission: this.#repeated.transmission, span }
  }

  open(sequence: number): SendingTransaction {
    if (this.#downlink.openCount >= TRANSFERS.openMax) this.#makeRoom()
    const entry = this.#custody.buffer.entry(sequence) as Entry
    const { name, mark, rank, ended } = entry
    const progress: SendingProgress = this.parked(sequence) ?? { mark }
    this.#parked.delete(sequence)
    const transmission = transmissionOf(entry, this.#settings)
    const { limits } = this.#settings.cfdp
    const transaction = this.#downlink.begin(transmission, limits, { progress, rank })
    if (ended !== undefined) {
      this.#untold.delete(sequence)
      transaction.cancel(ended.condition)
    } else if (progress.eof === undefined)
      this.#effects.log('transfer begins', { sequence, name, mark: progress.mark })
    return transaction
  }

  /** No octet leaves before the journal says that it may have been sent. */
  sent(outgoing: Outgoing, hearers: Hearers): void {
    const sequence = Number(outgoing.header.sequence)
    const entry = this.#custody.buffer.entry(sequence)
    if (entry === undefined || entry.ended !== undefined) return
    const { octets } = entry.identity
    const passages = this.#custody.buffer.passagesToChange(entry)
    if (outgoing.kind === 'segment') {
      const { offset: start, length } = outgoing
      const end = start + length
      if (end > entry.mark) {
        const mark = Math.min(octets, end + TRANSFERS.markAheadOctets)
        this.#custody.write({ kind: 'mark', sequence, mark })
      }
      passages.sent(this.#contactMs, hearers, { start, end })
    } else if (outgoing.body.kind === 'metadata')
      passages.sent(this.#contactMs, hearers, placeAt(metadataPlace(octets)))
    else if (outgoing.body.kind === 'eof')
      passages.sent(this.#contactMs, hearers, placeAt(eofPlace(octets)))
    if (this.#isWaiting(sequence)) this.#putParked(sequence)
  }

  /** The open transaction of a file, or that of a parked one, opened. */
  resume(sequence: number): SendingTransaction | undefined {
    const transaction = this.#downlink.transaction(sequence)
    if (transaction !== undefined) return transaction
    const entry = this.#custody.buffer.entry(sequence)
    const isBegun = this.#parked.has(sequence) || (entry !== undefined && entry.mark > 0)
    const isKnown = isBegun && entry?.ended === undefined && entry?.checksum !== undefined
    return isKnown ? this.open(sequence) : undefined
  }

  /** A transaction has heard this of the ground. */
  heard(transaction: SendingTransaction, body: Body): void {
    const sequence = sequenceOf(transaction)
    this.#asked.delete(sequence)
    const entry = this.#custody.buffer.entry(sequence)
    if (entry !== undefined && entry.ended === undefined) {
      const passages = this.#custody.buffer.passagesToChange(entry)
      const { acknowledged = [], again = [], eof } = transaction.progress
      const { octets } = entry.identity
      passages.held(acknowledged)
      passages.asked(again)
      if (body.kind === 'nak' && body.wantsMetadata)
        passages.asked([placeAt(metadataPlace(octets))])
      // It names all that is missing from there on.
      else if (body.kind === 'nak' && body.scope.start === 0)
        passages.held([placeAt(metadataPlace(octets))])
      if (eof === 'acknowledged') passages.held([placeAt(eofPlace(octets))])
    }
    this.settled(transaction)
  }

  /** Something was done with a transaction: it is parked if there is nothing left to do with it here. */
  settled(transaction: SendingTransaction): void {
    const sequence = sequenceOf(transaction)
    if (this.#downlink.transaction(sequence) === undefined) return
    this.#downlink.update(sequence)
    this.#parkIfIdle(transaction)
  }

  #rank(sequence: number): Rank {
    return (this.#custody.buffer.entry(sequence) as Entry).rank
  }

  /** Nobody but the ground has something to say of it. */
  #isWaiting(sequence: number): boolean {
    return this.#parked.get(sequence)?.due === 'waiting'
  }

  #parkIfIdle(transaction: SendingTransaction): void {
    if (transaction.state !== 'awaiting' || transaction.due !== undefined) return
    const isAnswered = transaction.progress.eof === 'acknowledged'
    if (this.#audience?.role === 'main' && !isAnswered) return
    if (this.#settings.cfdp.acknowledged) this.#park(transaction)
  }

  #park(transaction: SendingTransaction): void {
    const sequence = sequenceOf(transaction)
    const { progress } = transaction
    const due: Due = transaction.due ?? 'waiting'
    const { mark, suspended = false, metadataDue = false, eof } = progress
    const [acknowledged, again] = [few(progress.acknowledged), few(progress.again)]
    this.#downlink.forget(sequence)
    this.#asked.delete(sequence)
    // Written out: what is spread has a shape of its own each time, and that is larger than it.
    const parked = { mark, suspended, metadataDue, eof, acknowledged, again, due }
    this.#parked.set(sequence, isUsual(parked) ? WAITING : parked)
    this.#putParked(sequence)
  }

  #putParked(sequence: number): void {
    const entry = this.#custody.buffer.entry(sequence) as Entry
    const { due } = this.#parked.get(sequence) as Parked
    if (due !== 'waiting') return this.#policy.put({ rank: entry.rank, due, miss: 1 })
    const passages = this.#custody.buffer.passagesToChange(entry)
    // Of ten thousand that wait, one knows what it has found.
    if (passages !== this.#waiting) this.#waiting?.rest()
    this.#waiting = passages
    const { unheard } = passages
    if (unheard === undefined) this.#policy.drop(sequence)
    else this.#policy.put({ rank: entry.rank, due, miss: unheard.miss })
  }

  /** Closes the transaction that is needed least: one that waits for an answer, or the last in the line. */
  #makeRoom(): void {
    let last: SendingTransaction | undefined
    for (const transaction of this.#downlink.transactions()) {
      const { state, due } = transaction
      if (due === undefined) return this.#putAside(transaction)
      // One that is over has a last word to say.
      if (state === 'closed' || state === 'cancelled') continue
      if (last === undefined || this.#isLater(transaction, last)) last = transaction
    }
    if (last !== undefined) this.#park(last)
  }

  #isLater(one: SendingTransaction, other: SendingTransaction): boolean {
    return compareRanks(this.#rank(sequenceOf(one)), this.#rank(sequenceOf(other))) > 0
  }

  /** One that waits for an answer: it is asked for again later. */
  #putAside(transaction: SendingTransaction): void {
    const sequence = sequenceOf(transaction)
    if (transaction.state === 'awaiting') {
      this.#park(transaction)
      this.#toAsk.unshift(sequence)
      return
    }
    this.#downlink.forget(sequence)
    if (this.#custody.buffer.entry(sequence) !== undefined) this.#untold.add(sequence)
  }
}

/** What is left of the transaction of a file that is not open, and what it has to send. */
interface Parked extends SendingProgress {
  readonly due: Due
}

function sequenceOfRank({ sequence }: Rank): number {
  return sequence
}

function sequenceOf({ transmission }: SendingTransaction): number {
  return Number(transmission.sequence)
}

function placeAt(start: number): Span {
  return { start, end: start + 1 }
}

/** The first of these spans. */
function few(spans: Iterable<Span> = NO_SPANS): readonly Span[] {
  const kept: Span[] = []
  for (const span of spans) {
    if (kept.length >= TRANSFERS.parkedSpansMax) break
    kept.push(span)
  }
  return kept.length > 0 ? kept : NO_SPANS
}

/** Whether it waits as nearly all do. */
function isUsual({ due, suspended, eof, acknowledged }: Parked): boolean {
  return due === 'waiting' && suspended !== true && eof === 'sent' && acknowledged === NO_SPANS
}

const NO_SPANS: readonly Span[] = []
/** Shared by all files that were sent as a whole, and of which the ground has said nothing; the mark is their end. */
const WAITING: Parked = {
  mark: Infinity,
  suspended: false,
  metadataDue: false,
  eof: 'sent',
  acknowledged: NO_SPANS,
  again: NO_SPANS,
  due: 'waiting',
}
