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
import type { Accepted } from './records.ts'

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
  readonly why?: string
}

export class Upload {
  readonly accepted: Accepted
  readonly transaction: SendingTransaction
  /** Octets below it may have been sent, by the journal. */
  mark: number
  /** The journal knows how it ended. */
  isOver = false
  readonly #window: ReadWindow
  readonly #segmentOctets: number

  /** `segmentOctets`: of the file in one PDU. `mark`: how far it had got before a restart. */
  constructor(accepted: Accepted, settings: EdgeSettings, segmentOctets: number, mark = 0) {
    this.accepted = accepted
    this.mark = mark
    this.#segmentOctets = segmentOctets
    this.#window = new ReadWindow(segmentOctets)
    const { limits } = settings.uploads
    // What is broken off is not read again for a checksum that nobody compares.
    this.transaction = new SendingTransaction(
      uploadTransmission(accepted, settings),
      limits,
      { mark },
      () => 0,
    )
  }

  get status(): UploadStatus {
    const { sequence, name, octets } = this.accepted
    const { state, mark, acknowledged } = this.transaction
    const isBegun = mark > 0 || state !== 'sending'
    return {
      sequence,
      name,
      octets,
      state: state === 'sending' ? (isBegun ? 'sending' : 'waiting') : 'awaiting',
      sentOctets: mark,
      acknowledgedOctets: acknowledged.octets,
    }
  }

  /** Nothing is left to do or to say. */
  get isDone(): boolean {
    return this.transaction.state === 'closed' && this.transaction.due === undefined
  }

  /** Whether a directive is due. */
  get hasWord(): boolean {
    return this.transaction.due === 'directive'
  }

  /** Whether octets are due. */
  get hasData(): boolean {
    const { due } = this.transaction
    return due === 'again' || due === 'new'
  }

  /** Whether the octets that are due are there. */
  get isRead(): boolean {
    return this.#window.take(this.transaction.wanted as Span, 1) !== undefined
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

  #octets(): Uint8Array {
    const wanted = this.transaction.wanted as Span
    return this.#window.take(wanted, this.#segmentOctets) as Uint8Array
  }
}

/** Always of class 2: a file that was accepted arrives. */
export function uploadTransmission(
  { sequence, name, octets, checksum }: Pick<Accepted, 'sequence' | 'name' | 'octets' | 'checksum'>,
  { entity, peer, uploads }: EdgeSettings,
): Transmission {
  const { entityOctets, sequenceOctets, pduCrc, checksumType } = uploads.cfdp
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
