/**
 * The open transactions and the frames they go down in. Asked for a frame it always has one: with the most
 * urgent PDU, or idle, for a TM link never falls silent during a contact.
 */

import type { SendingLimits } from '../../protocol/cfdp/emission.ts'
import type { Directive, Header } from '../../protocol/cfdp/pdu/pdu.ts'
import { SendingTransaction } from '../../protocol/cfdp/sending.ts'
import type { Transmission } from '../../protocol/cfdp/transmission.ts'
import { headerOf } from '../../protocol/cfdp/transmission.ts'
import type { Instant } from '../../protocol/machine.ts'
import type { SpacecraftSettings } from '../settings.ts'
import { FramePacker } from './packer.ts'
import { type ChunkRequest, ReadAhead } from './read-ahead.ts'
import { type Chosen, choose } from './scheduler.ts'

/** Sends a record ahead of the octets that it speaks for; performed before the frame leaves. */
export type MarkListener = (sequence: number, end: number) => void

export class Downlink {
  readonly #settings: SpacecraftSettings
  readonly #packer: FramePacker
  readonly #readAhead = new ReadAhead()
  readonly #open = new Map<number, SendingTransaction>()
  /** Answers for transactions that are not open any more. */
  #strays: Chosen[] = []
  readonly pdus = { sent: 0, retransmitted: 0, fileOctets: 0 }
  /**
   * Octets of the TM frames that were not idle; contact time when the last file octet leaves the line, and how
   * long the line was busy until then with frames that were not idle.
   */
  readonly carriage = { frameOctets: 0, contactMs: 0, busyMs: 0 }
  /** Contact time when the line has sent every frame made so far, at its rate: frames wait in the modem. */
  #lineFreeAt: Instant = 0
  #busyMs = 0
  #carriesFile = false

  constructor(settings: SpacecraftSettings) {
    this.#settings = settings
    this.#packer = new FramePacker(settings)
  }

  get frames(): { readonly sent: number; readonly idle: number } {
    return this.#packer.counters
  }

  get openCount(): number {
    return this.#open.size
  }

  /** Octets of open transactions that were never sent. */
  get newOctets(): number {
    let octets = 0
    for (const { state, mark, transmission } of this.#open.values())
      if (state === 'sending') octets += transmission.fileSize - mark
    return octets
  }

  transaction(sequence: number): SendingTransaction | undefined {
    return this.#open.get(sequence)
  }

  transactions(): IterableIterator<SendingTransaction> {
    return this.#open.values()
  }

  begin(transmission: Transmission, limits: SendingLimits, mark: number): SendingTransaction {
    const resume = transmission.acknowledged ? { mark } : undefined
    const transaction = new SendingTransaction(transmission, limits, resume)
    this.#open.set(Number(transmission.sequence), transaction)
    return transaction
  }

  /** Forgets a transaction that is closed and has said its last word. Answers whether it did. */
  end(sequence: number): boolean {
    const transaction = this.#open.get(sequence)
    if (transaction?.state !== 'closed' || transaction.due !== undefined) return false
    this.#readAhead.forget(sequence)
    return this.#open.delete(sequence)
  }

  /** Answers a PDU of a transaction that was forgotten. */
  answerStray(header: Header, body: Directive): void {
    if (this.#strays.length >= STRAYS_MAX) return
    this.#strays.push({
      outgoing: { kind: 'directive', header: { ...header, towardSender: false }, body },
      octets: new Uint8Array(0),
    })
  }

  put(sequence: number, offset: number, octets: Uint8Array): void {
    this.#readAhead.put(sequence, offset, octets)
  }

  /** What is to be read from the disk. */
  drainRequests(): readonly ChunkRequest[] {
    return this.#readAhead.drain()
  }

  /** The next CADU. `now` is contact time. */
  frame(ocf: number, now: Instant, onMark: MarkListener): Uint8Array {
    while (!this.#packer.isFull) {
      const chosen = this.#choose(now)
      if (chosen === undefined) break
      this.#account(chosen, onMark)
      this.#packer.put(chosen)
    }
    const { octets, isIdle } = this.#packer.cadu(ocf)
    this.#pace(octets.length, isIdle, now)
    return octets
  }

  #choose(now: Instant): Chosen | undefined {
    const stray = this.#strays.shift()
    if (stray !== undefined) return stray
    const [any] = this.#open.values()
    if (any === undefined) return undefined
    this.#packer.align(headerOf(any.transmission))
    // Filling up an aligned frame may have completed it.
    if (this.#packer.isFull) return undefined
    const segmentRoom = (header: Header, again: boolean) =>
      this.#packer.segmentOctets(header, again)
    return choose(this.#open.values(), this.#readAhead, segmentRoom, now)
  }

  #pace(octets: number, isIdle: boolean, now: Instant): void {
    const frameMs = (8_000 * octets) / this.#settings.downlink.rateBps
    this.#lineFreeAt = Math.max(this.#lineFreeAt, now) + frameMs
    if (isIdle) return
    this.#busyMs += frameMs
    this.carriage.frameOctets += this.#settings.downlink.frameOctets
    if (!this.#carriesFile) return
    this.carriage.contactMs = this.#lineFreeAt
    this.carriage.busyMs = this.#busyMs
    // The end of a segment that outgrew the frame leaves with the next one.
    this.#carriesFile = !this.#packer.isEmpty
  }

  #account(chosen: Chosen, onMark: MarkListener): void {
    const { outgoing } = chosen
    this.pdus.sent += 1
    if (outgoing.kind !== 'segment') return
    this.#carriesFile = true
    this.pdus.fileOctets += outgoing.length
    if (outgoing.isNew) onMark(Number(outgoing.header.sequence), outgoing.offset + outgoing.length)
    else this.pdus.retransmitted += 1
  }
}

const STRAYS_MAX = 64
