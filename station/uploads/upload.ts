/** One file on its way up: its transaction, and the octets that leave next, read shortly before. */

import type { Outgoing, SendingEffect } from '../../protocol/cfdp/emission.ts'
import { countFault, type EntityCounters } from '../../protocol/cfdp/entity/counters.ts'
import { ReadWindow } from '../../protocol/cfdp/entity/read-window.ts'
import type { Body, Header } from '../../protocol/cfdp/pdu/pdu.ts'
import { SendingTransaction } from '../../protocol/cfdp/sending.ts'
import type { Transmission } from '../../protocol/cfdp/transmission.ts'
import type { Instant } from '../../protocol/machine.ts'
import type { Span } from '../../protocol/octets/span.ts'
import type { EdgeSettings } from '../settings.ts'
import type { Accepted, KnownUpload, UploadOver } from './records.ts'

export interface Message {
  readonly header: Header
  readonly body: Body
}

export interface UploadStatus {
  readonly sequence: number
  readonly name: string
  readonly octets: number
  readonly state: 'waiting' | 'sending' | 'awaiting' | 'delivered' | 'failed'
  readonly sentOctets: number
  /** What the spacecraft said it holds. */
  readonly acknowledgedOctets: number
  /** Nothing of it goes up until it is resumed. */
  readonly suspended?: true
  /** Why it failed, or does not go up as the uplink is configured. */
  readonly why?: string
}

/** How a file goes up: octets of it in one PDU, and why none of it does. */
export interface Carried {
  readonly segmentOctets: number
  readonly obstacle: string | undefined
}

export class Upload {
  readonly accepted: Accepted
  readonly transaction: SendingTransaction
  /** Octets below it may have been sent, by the journal. */
  mark: number
  /** How it ended, as the journal has it. */
  over: UploadOver | undefined
  readonly #window: ReadWindow
  readonly #carried: Carried

  constructor(known: KnownUpload, settings: EdgeSettings, carried: Carried) {
    const { accepted, mark, suspended, over } = known
    this.accepted = accepted
    this.mark = mark
    this.#carried = carried
    this.#window = new ReadWindow(carried.segmentOctets)
    const { limits } = settings.uploads
    // What is broken off is not read again for a checksum that nobody compares.
    this.transaction = new SendingTransaction(
      uploadTransmission(accepted, settings),
      limits,
      { mark, suspended },
      () => 0,
    )
    if (over !== undefined) this.end(over)
  }

  get status(): UploadStatus {
    const { sequence, name, octets } = this.accepted
    const { state, mark, acknowledged, isSuspended } = this.transaction
    const isBegun = mark > 0 || state !== 'sending'
    const { obstacle } = this.#carried
    return {
      sequence,
      name,
      octets,
      state: state === 'sending' ? (isBegun ? 'sending' : 'waiting') : 'awaiting',
      sentOctets: mark,
      acknowledgedOctets: acknowledged.octets,
      ...(isSuspended ? { suspended: true as const } : {}),
      ...(obstacle === undefined ? {} : { why: obstacle }),
    }
  }

  /** Nothing is left to do or to say. */
  get isDone(): boolean {
    return this.transaction.state === 'closed' && this.transaction.due === undefined
  }

  /** Whether a directive is due. */
  get hasWord(): boolean {
    return this.#isCarried && this.transaction.due === 'directive'
  }

  /** Whether octets are to be sent, now or when something was said before them. */
  get wantsData(): boolean {
    return this.#isCarried && this.transaction.wanted !== undefined
  }

  /** Whether octets are due. */
  get hasData(): boolean {
    const { due } = this.transaction
    return this.#isCarried && (due === 'again' || due === 'new')
  }

  /** Whether the octets that are due are there. */
  get isRead(): boolean {
    return this.#window.take(this.transaction.wanted as Span, 1) !== undefined
  }

  /** It is over, in the journal; if it was cancelled, the spacecraft is told. */
  end(over: UploadOver): void {
    this.over = over
    if (over.untold !== undefined) this.transaction.cancel(over.untold)
  }

  /** What is to be read of the file, so that octets that are due are there. Once each. */
  lookAhead(): readonly Span[] {
    this.#window.take(this.transaction.wanted as Span, 1)
    return this.#window.drain()
  }

  read(offset: number, octets: Uint8Array): void {
    this.#window.put(offset, octets)
  }

  /** What is due now; its octets must be there. */
  next(now: Instant): Message {
    const octets = this.hasData ? this.#octets() : NOTHING
    const outgoing = this.transaction.next(Math.max(1, octets.length), now) as Outgoing
    const { header } = outgoing
    if (outgoing.kind === 'directive') return { header, body: outgoing.body }
    const { offset } = outgoing
    return { header, body: { kind: 'file data', offset, octets, segmentMetadata: undefined } }
  }

  /** What has happened in the transaction, faults counted. */
  drain(counters: EntityCounters): readonly SendingEffect[] {
    const effects = this.transaction.drain()
    for (const effect of effects)
      if (effect.kind === 'fault') countFault(counters, effect.condition)
    return effects
  }

  /** That it is cancelled, the spacecraft is told all the same. */
  get #isCarried(): boolean {
    return this.#carried.obstacle === undefined || this.over !== undefined
  }

  #octets(): Uint8Array {
    const wanted = this.transaction.wanted as Span
    return this.#window.take(wanted, this.#carried.segmentOctets) as Uint8Array
  }
}

/** Always of class 2: a file that was accepted arrives. */
export function uploadTransmission(
  accepted: Omit<Accepted, 'file'>,
  { entity, peer, uploads }: EdgeSettings,
): Transmission {
  const { entityOctets, sequenceOctets, pduCrc } = uploads.cfdp
  const { sequence, name, octets, checksum } = accepted
  const { checksumType = uploads.cfdp.checksumType } = accepted
  const said = UTF8.encode(name)
  return {
    source: entity,
    sequence,
    destination: peer,
    entityOctets,
    sequenceOctets,
    acknowledged: true,
    closureRequested: false,
    pduCrc,
    fileSize: octets,
    checksumType,
    checksum,
    sourceName: said,
    destinationName: said,
    options: [],
  }
}

const NOTHING = new Uint8Array(0)
const UTF8 = new TextEncoder()
