/** Both ends of a transaction, with a file in memory instead of a disk: what the tests of CFDP drive. */
import { CHECKSUM, FileChecksum } from '../../../protocol/cfdp/checksum.ts'
import type { SendingEffect, SendingLimits } from '../../../protocol/cfdp/emission.ts'
import type { Body, Directive, Eof, Header, Metadata } from '../../../protocol/cfdp/pdu/pdu.ts'
import { ReceivingTransaction } from '../../../protocol/cfdp/receiving.ts'
import type {
  Received,
  ReceivingEffect,
  ReceivingLimits,
} from '../../../protocol/cfdp/reception.ts'
import { SendingTransaction } from '../../../protocol/cfdp/sending.ts'
import {
  headerOf,
  segmentMetadataOf,
  type Transmission,
} from '../../../protocol/cfdp/transmission.ts'
import type { Instant } from '../../../protocol/machine.ts'

export const SENDING: SendingLimits = { ack: { timeoutMs: 5_000, triesMax: 0 } }

export const RECEIVING: ReceivingLimits = {
  ack: { timeoutMs: 5_000, triesMax: 0 },
  nak: { timeoutMs: 3_000, triesMax: 0 },
  nakMode: 'deferred',
  reorderMs: 100,
  fileOctetsMax: 2 ** 33,
  reachOctets: 2 ** 20,
  checksumRetriesMax: 1,
}

export interface Message {
  readonly header: Header
  readonly body: Body
}

/** A class 2 transmission of `file`, and what differs from it. */
export function transmissionOf(
  file: Uint8Array,
  differs: Partial<Transmission> = {},
): Transmission {
  const checksumType = differs.checksumType ?? CHECKSUM.crc32
  return {
    source: 1,
    sequence: 7,
    destination: 2,
    entityOctets: 2,
    sequenceOctets: 2,
    acknowledged: true,
    closureRequested: false,
    pduCrc: false,
    fileSize: file.length,
    checksumType,
    checksum: differs.checksum ?? checksumOf(file, checksumType),
    sourceName: nameOf('src.bin'),
    destinationName: nameOf('dst.bin'),
    options: [],
    ...differs,
  }
}

export function nameOf(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

export function checksumOf(file: Uint8Array, type: number): number {
  const checksum = new FileChecksum(type)
  checksum.update(file)
  return checksum.value
}

export function metadataOf(transmission: Transmission): Metadata {
  const { closureRequested, checksumType, fileSize, sourceName, destinationName, options } =
    transmission
  return {
    kind: 'metadata',
    closureRequested,
    checksumType,
    fileSize,
    sourceName,
    destinationName,
    options,
  }
}

export function eofOf(transmission: Transmission, differs: Partial<Eof> = {}): Eof {
  const { checksum, fileSize } = transmission
  return { kind: 'eof', condition: 0, checksum, fileSize, faultLocation: undefined, ...differs }
}

/** The sending end, with the octets of its file. */
export class Source {
  readonly transaction: SendingTransaction
  readonly file: Uint8Array
  readonly effects: SendingEffect[] = []
  #said = 0

  constructor(file: Uint8Array, transmission = transmissionOf(file), limits = SENDING) {
    this.file = file
    this.transaction = new SendingTransaction(transmission, limits)
  }

  next(segmentOctets: number, now: Instant): Message | undefined {
    if (++this.#said > SAID_MAX) throw new Error('A sender never stops')
    const outgoing = this.transaction.next(segmentOctets, now)
    this.effects.push(...this.transaction.drain())
    if (outgoing?.kind !== 'segment') return outgoing
    const { header, offset, length } = outgoing
    const octets = this.file.subarray(offset, offset + length)
    const { extent, transmission } = this.transaction
    const span = { start: offset, end: offset + length }
    const fileEnd = extent.isAll ? extent.fileSize : undefined
    const segmentMetadata = segmentMetadataOf(transmission, span, fileEnd)
    return { header, body: { kind: 'file data', offset, octets, segmentMetadata } }
  }

  receive(body: Body, now: Instant): void {
    this.transaction.receive(body, now)
    this.effects.push(...this.transaction.drain())
  }

  tick(now: Instant): void {
    this.transaction.tick(now)
    this.effects.push(...this.transaction.drain())
  }

  /** Why it ended; undefined as long as it has not. */
  get condition(): number | undefined {
    return this.effects.find(effect => effect.kind === 'closed')?.condition
  }
}

export interface Write {
  readonly offset: number
  readonly octets: Uint8Array
}

/** The receiving end, with a disk that does at once what it is asked. */
export class Destination {
  readonly transaction: ReceivingTransaction
  readonly effects: ReceivingEffect[] = []
  readonly #writes: Write[]
  #said = 0
  /** The file under its name. */
  delivered: Uint8Array | undefined

  /** `partial` is the file that was on the disk already. */
  constructor(
    transmission: Transmission,
    limits: Partial<ReceivingLimits> = {},
    known?: Received,
    partial: readonly Write[] = [],
  ) {
    this.#writes = [...partial]
    const header = headerOf(transmission)
    this.transaction = new ReceivingTransaction(header, { ...RECEIVING, ...limits }, known)
    this.#settle(0)
  }

  receive(body: Body, now: Instant): void {
    this.transaction.receive(body, now)
    this.#settle(now)
  }

  tick(now: Instant): void {
    this.transaction.tick(now)
    this.#settle(now)
  }

  next(
    roomOctets: number,
    now: Instant,
  ): { readonly header: Header; readonly body: Directive } | undefined {
    if (++this.#said > SAID_MAX) throw new Error('A receiver never stops')
    const answer = this.transaction.next(roomOctets, now)
    this.#settle(now)
    return answer
  }

  cancel(condition: number, now: Instant): void {
    this.transaction.cancel(condition)
    this.#settle(now)
  }

  get condition(): number | undefined {
    return this.effects.find(effect => effect.kind === 'closed')?.condition
  }

  get finished(): (ReceivingEffect & { readonly kind: 'finished' })['finished'] | undefined {
    return this.effects.find(effect => effect.kind === 'finished')?.finished
  }

  #settle(now: Instant): void {
    for (;;) {
      const effects = this.transaction.drain()
      if (effects.length === 0) return
      this.effects.push(...effects)
      for (const effect of effects) this.#perform(effect, now)
    }
  }

  #perform(effect: ReceivingEffect, now: Instant): void {
    if (effect.kind === 'write')
      this.#writes.push({ offset: effect.offset, octets: effect.octets.slice() })
    else if (effect.kind === 'discard') this.#writes.length = 0
    else if (effect.kind === 'verify') {
      const checksum = checksumOf(this.#file(effect.octets), effect.checksumType)
      this.transaction.verified(checksum, now)
    } else if (effect.kind === 'deliver') {
      this.delivered = this.#file(effect.octets)
      this.transaction.delivered()
    }
  }

  #file(octets: number): Uint8Array {
    const file = new Uint8Array(octets)
    for (const write of this.#writes) file.set(write.octets, write.offset)
    return file
  }
}

/** More than any test has them say: who goes on and on fails, instead of running for ever. */
const SAID_MAX = 10_000
