/**
 * The open transactions and the frames they go down in. Asked for a frame it always has one: with the most
 * urgent PDU, or idle, for a TM link never falls silent during a contact. Several modems are filled from the
 * same transactions, and each octet is handed out to one of them.
 */

import type { SendingLimits, SendingProgress } from '../../protocol/cfdp/emission.ts'
import { fileDataOverhead } from '../../protocol/cfdp/pdu/file-data.ts'
import type { Directive, Header } from '../../protocol/cfdp/pdu/pdu.ts'
import { SendingTransaction } from '../../protocol/cfdp/sending.ts'
import { headerOf, type Transmission } from '../../protocol/cfdp/transmission.ts'
import { caduOctets } from '../../protocol/frame/link.ts'
import type { Instant } from '../../protocol/machine.ts'
import { PACKET_HEADER_OCTETS } from '../../protocol/packet/space-packet.ts'
import type { Hearers } from '../audience.ts'
import type { Rank } from '../buffer/rank.ts'
import type { SpacecraftSettings } from '../settings.ts'
import { Carriage } from './carriage.ts'
import { type Chosen, NO_OCTETS, type SegmentRoom, take, takeAgain } from './chosen.ts'
import type { FileKeeper } from './file-keeper.ts'
import { FramePacker } from './packer.ts'
import type { DownlinkPolicy } from './policy.ts'
import { type ChunkRequest, ReadAhead } from './read-ahead.ts'
import { SegmentChoice } from './segment-choice.ts'

/** The moment in which frames are made. */
export interface Moment {
  readonly now: Instant
  /** In the time of the transactions, and in that of the line (stations.ts). */
  readonly time: Instant
  readonly lineMs: Instant
  /** Who hears the modem, how long, and the bits per second meanwhile. */
  readonly hearers: Hearers
  readonly openMs: number
  /** The main station hears, but not this modem. */
  readonly isAside: boolean
  /** What the operational control field says. */
  readonly ocf: number
  /** Nobody hears yet: a modem keeps what it is given. */
  readonly isStaged: boolean
}

/** The next answer about a file that comes up, in a PDU of at most so many octets. */
export type Answers = (
  roomOctets: number,
  time: Instant,
) => { readonly header: Header; readonly body: Directive } | undefined

export class Downlink {
  readonly #settings: SpacecraftSettings
  readonly #policy: DownlinkPolicy
  readonly #packers: readonly FramePacker[]
  readonly #readAhead = new ReadAhead()
  readonly segments: SegmentChoice
  readonly #open = new Map<number, SendingTransaction>()
  readonly #ranks = new Map<number, Rank>()
  /** Answers for transactions that are not open any more. */
  #strays: Chosen[] = []
  readonly pdus = { sent: 0, retransmitted: 0, repeated: 0, fileOctets: 0 }
  readonly carriage: Carriage
  answers: Answers = () => undefined
  /** Of each modem, whether frames to come hold octets of a file. */
  readonly #carriesFile: boolean[]

  constructor(settings: SpacecraftSettings, policy: DownlinkPolicy) {
    this.#settings = settings
    this.#policy = policy
    const length = settings.modems?.length ?? 1
    this.segments = new SegmentChoice(settings)
    this.#packers = Array.from({ length }, () => new FramePacker(settings, this.segments))
    this.#carriesFile = this.#packers.map(() => false)
    this.carriage = new Carriage(length)
  }

  get frames(): { readonly sent: number; readonly idle: number } {
    const sum = { sent: 0, idle: 0 }
    for (const { counters } of this.#packers) {
      sum.sent += counters.sent
      sum.idle += counters.idle
    }
    return sum
  }

  get openCount(): number {
    return this.#open.size
  }

  transaction(sequence: number): SendingTransaction | undefined {
    return this.#open.get(sequence)
  }

  transactions(): IterableIterator<SendingTransaction> {
    return this.#open.values()
  }

  begin(
    transmission: Transmission,
    limits: SendingLimits,
    { progress, rank }: { readonly progress?: SendingProgress | undefined; readonly rank: Rank },
  ): SendingTransaction {
    const resume = transmission.acknowledged ? progress : undefined
    const transaction = new SendingTransaction(transmission, limits, resume)
    this.#open.set(rank.sequence, transaction)
    this.#ranks.set(rank.sequence, rank)
    this.update(rank.sequence)
    return transaction
  }

  /** To be called when something happened to a transaction: what it has to send may be something else. */
  update(sequence: number): void {
    const due = this.#open.get(sequence)?.due
    if (due === undefined) this.#policy.drop(sequence)
    else this.#policy.put({ rank: this.#ranks.get(sequence) as Rank, due, miss: 1 })
  }

  /** Forgets a transaction that is closed and has said its last word. Answers whether it did. */
  end(sequence: number): boolean {
    const transaction = this.#open.get(sequence)
    if (transaction?.state !== 'closed' || transaction.due !== undefined) return false
    this.forget(sequence)
    return true
  }

  /** Closes nothing, and says nothing: the transaction is not open here any more. */
  forget(sequence: number): void {
    this.#readAhead.forget(sequence)
    this.#open.delete(sequence)
    this.#ranks.delete(sequence)
    this.#policy.drop(sequence)
  }

  /** Answers a PDU of a transaction that was forgotten. */
  answerStray(header: Header, body: Directive): void {
    if (this.#strays.length >= STRAYS_MAX) return
    this.#strays.push({
      outgoing: { kind: 'directive', header: { ...header, towardSender: false }, body },
      octets: NO_OCTETS,
    })
  }

  put(sequence: number, offset: number, octets: Uint8Array): void {
    this.#readAhead.put(sequence, offset, octets)
  }

  /** What is to be read from the disk. */
  drainRequests(): readonly ChunkRequest[] {
    return this.#readAhead.drain()
  }

  /** How many frames given to a modem at that moment leave it while somebody hears. */
  framesLeft(modem: number, { now, openMs, hearers }: Moment): number {
    const leftMs = openMs - this.carriage.backlogMs(modem, now)
    return Math.floor(leftMs / this.#frameMs(modem, hearers))
  }

  /** Takes the data of a housekeeping packet into frames that go first. */
  tell(modem: number, data: Uint8Array): void {
    ;(this.#packers[modem] as FramePacker).tell(data)
  }

  /** Takes back what frame() lent. */
  release(modem: number, cadu: Uint8Array): void {
    ;(this.#packers[modem] as FramePacker).release(cadu)
  }

  /**
   * The next CADU for a modem: one that leaves it in time (framesLeft). Lent until release(). Undefined: there is
   * nothing to be kept.
   */
  frame(modem: number, moment: Moment, keeper: FileKeeper): Uint8Array | undefined {
    const packer = this.#packers[modem] as FramePacker
    const framesLeft = this.framesLeft(modem, moment)
    while (!packer.isFull) {
      const roomOctets = packer.roomIn(framesLeft)
      const chosen = this.#choose(packer, roomOctets, moment, keeper)
      if (chosen === undefined) break
      this.#account(modem, chosen, keeper, moment.hearers)
      packer.put(chosen)
    }
    if (moment.isStaged && packer.isEmpty) return undefined
    const { octets, isIdle } = packer.cadu(moment.ocf)
    this.#carry(modem, isIdle, moment)
    return octets
  }

  /** Nothing is begun that has no room in the frames that are left: `roomOctets` of packets. */
  #choose(
    packer: FramePacker,
    roomOctets: number,
    { time, isAside }: Moment,
    keeper: FileKeeper,
  ): Chosen | undefined {
    if (roomOctets < DIRECTIVE_OCTETS_MAX) return undefined
    const stray = isAside ? undefined : (this.#strays.shift() ?? this.#answer(time))
    if (stray !== undefined) return stray
    const segmentRoom: SegmentRoom = (header, again) =>
      Math.min(
        packer.segmentOctets(header, again),
        roomOctets - PACKET_HEADER_OCTETS - fileDataOverhead(header),
      )
    this.#readAhead.beginChoice()
    for (let passed = 0; passed < PASSED_MAX; passed++) {
      const sequence = this.#policy.candidate(passed, isAside)
      if (sequence === undefined) return undefined
      const chosen = this.#takeFrom(sequence, { packer, segmentRoom, time, keeper })
      if (chosen === 'full') return undefined
      if (chosen !== undefined) return chosen
    }
    return undefined
  }

  #answer(time: Instant): Chosen | undefined {
    const answer = this.answers(DIRECTIVE_OCTETS_MAX - PACKET_HEADER_OCTETS, time)
    return answer && { outgoing: { kind: 'directive', ...answer }, octets: NO_OCTETS }
  }

  #takeFrom(sequence: number, choice: Choice): Chosen | 'full' | undefined {
    const { packer, segmentRoom, time, keeper } = choice
    const repeat = keeper.repeat(sequence)
    const from = repeat ?? this.#open.get(sequence) ?? keeper.open(sequence)
    const isAgain = from instanceof SendingTransaction && from.due === 'again'
    packer.align(headerOf(from.transmission), isAgain)
    // Filling up an aligned frame may have completed it.
    if (packer.isFull) return 'full'
    const chosen =
      from instanceof SendingTransaction
        ? take(from, this.#readAhead, segmentRoom, time)
        : takeAgain(from, this.#readAhead, segmentRoom)
    if (chosen === undefined) return undefined
    if (repeat === undefined) this.update(sequence)
    else this.pdus.repeated += 1
    return chosen
  }

  /** How long a modem sends a frame. What one that stores has left when nobody hears leaves it in the next contact. */
  #frameMs(modem: number, { rateBps }: Hearers): number {
    const { downlink, modems, stageMs } = this.#settings
    const only = { carriedBps: downlink.carriedBps, stores: stageMs !== undefined }
    const { carriedBps = Infinity, stores = false } = modems?.[modem] ?? only
    return (8_000 * caduOctets(downlink)) / (stores ? rateBps : Math.min(rateBps, carriedBps))
  }

  #carry(modem: number, isIdle: boolean, { now, lineMs, hearers }: Moment): void {
    const frameMs = this.#frameMs(modem, hearers)
    this.carriage.sent(modem, frameMs, now)
    if (isIdle) return
    const isFile = this.#carriesFile[modem] as boolean
    const freeMs = lineMs + this.carriage.backlogMs(modem, now)
    this.carriage.carried(this.#settings.downlink.frameOctets, frameMs, { isFile, freeMs })
    // The end of a segment that outgrew the frame leaves with the next one.
    if (isFile) this.#carriesFile[modem] = !(this.#packers[modem] as FramePacker).isEmpty
  }

  #account(
    modem: number,
    { outgoing, isRepeat }: Chosen,
    keeper: FileKeeper,
    hearers: Hearers,
  ): void {
    this.pdus.sent += 1
    if (outgoing.kind === 'segment') {
      this.#carriesFile[modem] = true
      this.pdus.fileOctets += outgoing.length
      this.segments.sent(outgoing.length)
      if (!outgoing.isNew && isRepeat !== true) this.pdus.retransmitted += 1
    }
    // The keeper knows of no file that comes up.
    if (!outgoing.header.towardSender) keeper.sent(outgoing, hearers)
  }
}

interface Choice {
  readonly packer: FramePacker
  readonly segmentRoom: SegmentRoom
  readonly time: Instant
  readonly keeper: FileKeeper
}

const STRAYS_MAX = 64
/** Files that are passed over while the disk is late, in one choice. */
const PASSED_MAX = 16
/** Metadata with two names of 255 octets, in its packet: more has no directive of ours. */
const DIRECTIVE_OCTETS_MAX = 600
