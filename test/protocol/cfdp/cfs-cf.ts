/**
 * A peer that does as the CF application of cFS 7.0 was seen to do, one transaction at a time: closure in bit 7,
 * lists of 58 chunks that forget the smallest, NAKs of scope [0, 0), the modular checksum alone, no CRC, no large
 * files, ids of at most 4 octets. It holds files as plain arrays; nothing of our engine runs here but the codec.
 */
import { CHECKSUM, FileChecksum } from '../../../protocol/cfdp/checksum.ts'
import { CONDITION } from '../../../protocol/cfdp/condition.ts'
import { encodePdu, headerOctets, parsePdu } from '../../../protocol/cfdp/pdu/codec.ts'
import type { Body, Header, Nak, Pdu } from '../../../protocol/cfdp/pdu/pdu.ts'
import type { Span } from '../../../protocol/octets/span.ts'
import { OctetWriter } from '../../../protocol/octets/writer.ts'

export class CfsCf {
  readonly #out: Uint8Array[] = []
  /** What is being sent, or undefined; and up to where it was. */
  #sending: Sending | undefined
  #again: Span[] = []
  #receiving: Reception | undefined
  /** What waits for its answer, and is said again. */
  #awaited: { header: Header; body: Body; at: number; tries: number } | undefined
  now = 0
  received: Uint8Array | undefined
  /** How its transaction ended: 'done', or why not. */
  ended: string | undefined
  readonly rejected: string[] = []

  /** Class 2, or class 1 with or without closure. */
  send(file: Uint8Array, acknowledged: boolean, closure = false): void {
    const header = { ...HEADER, acknowledged, source: CF, destination: OURS }
    this.#sending = { header, file, at: 0, isEofSaid: false, closure }
    this.#metadata()
  }

  get deadline(): number | undefined {
    return this.#awaited?.at
  }

  tick(now: number): void {
    this.now = now
    const awaited = this.#awaited
    if (awaited === undefined || now < awaited.at) return
    if (awaited.tries >= TRIES_MAX) this.#end('limit reached')
    else if (awaited.body.kind === 'nak') this.#ask(awaited.tries)
    else this.#await(awaited.header, awaited.body, awaited.tries + 1)
  }

  /** The next PDU: what it owes first, then what was asked for, then the file. */
  next(): Uint8Array | undefined {
    const sending = this.#sending
    if (this.#out.length === 0 && sending !== undefined) {
      const gap = this.#again[0]
      if (gap !== undefined) this.#resend(gap)
      else if (sending.at < sending.file.length) {
        const end = Math.min(sending.at + SEGMENT, sending.file.length)
        this.#segment(sending.at, end)
        sending.at = end
      } else if (!sending.isEofSaid) this.#eof(sending)
    }
    return this.#out.shift()
  }

  hear(octets: Uint8Array): void {
    const pdu = parsePdu(octets)
    const why = pdu.kind === 'malformed' ? pdu.why : refusal(pdu)
    if (why !== undefined) {
      this.rejected.push(why)
      return
    }
    const { header, body } = pdu as Pdu
    if (header.towardSender) this.#hearAnswer(header, body)
    else this.#hearFile(header, body, octets)
  }

  #hearAnswer(header: Header, body: Body): void {
    if (body.kind === 'ack' && body.of === 'eof' && this.#awaited?.body.kind === 'eof')
      this.#awaited = undefined
    else if (body.kind === 'nak') this.#hearNak(body)
    else if (body.kind === 'finished') {
      const { condition } = body
      if (header.acknowledged)
        this.#say(this.#own(header), {
          kind: 'ack',
          of: 'finished',
          condition,
          transactionStatus: 2,
        })
      this.#end(condition === CONDITION.noError ? 'done' : `condition ${condition}`)
    }
  }

  /** Of a NAK the first 58 stretches are read, and the rest is lost; [0, 0) is the Metadata. */
  #hearNak({ wantsMetadata, gaps }: Nak): void {
    const taken = gaps.slice(0, wantsMetadata ? CHUNKS_MAX - 1 : CHUNKS_MAX)
    if (wantsMetadata) this.#metadata()
    this.#again.push(...taken.map(({ start, end }) => ({ start: Number(start), end: Number(end) })))
  }

  #hearFile(header: Header, body: Body, octets: Uint8Array): void {
    if (this.ended !== undefined && header.acknowledged) return this.#hearLate(header, body)
    this.#receiving ??= {
      header,
      octets: 0,
      chunks: [],
      closure: false,
      room: new Uint8Array(0),
      end: 0,
    }
    const reception = this.#receiving
    if (body.kind === 'metadata') {
      reception.closure = ((octets[headerOctets(header) + 1] as number) & 0x80) !== 0
      reception.hasMetadata = true
      if (body.checksumType !== CHECKSUM.modular) return this.#end('checksum type')
    } else if (body.kind === 'file data') keep(reception, Number(body.offset), body.octets)
    else if (body.kind === 'eof') {
      reception.checksum = body.checksum
      reception.octets = Number(body.fileSize)
      if (header.acknowledged) this.#acknowledge(header, body.condition)
      if (body.condition !== CONDITION.noError) return this.#end(`condition ${body.condition}`)
      if (!header.acknowledged) return this.#finish()
    } else if (body.kind === 'ack') this.#end('done')
    const hasCome = reception.checksum !== undefined && header.acknowledged
    if (!hasCome || this.#awaited?.body.kind === 'finished') return
    if (missing(reception).length === 0 && reception.hasMetadata) this.#finish()
    else if (this.#awaited === undefined) this.#ask(0)
  }

  /** What comes after the end is acknowledged and no more. */
  #hearLate(header: Header, body: Body): void {
    if (body.kind === 'eof') this.#acknowledge(header, body.condition)
  }

  #acknowledge(header: Header, condition: number): void {
    const ack = { kind: 'ack', of: 'eof', condition, transactionStatus: 1 } as const
    this.#say(this.#own(header), ack)
  }

  #ask(tries: number): void {
    const reception = this.#receiving as Reception
    const gaps = missing(reception).slice(0, CHUNKS_MAX)
    const wantsMetadata = reception.hasMetadata !== true
    const scope = { start: 0, end: 0 }
    this.#await(this.#own(reception.header), { kind: 'nak', scope, wantsMetadata, gaps }, tries + 1)
  }

  #finish(): void {
    const { header, room, end, octets, checksum, closure } = this.#receiving as Reception
    const whole = room.slice(0, octets)
    const sum = new FileChecksum(CHECKSUM.modular)
    sum.update(whole)
    const isRight = sum.value === checksum && end >= octets
    if (isRight) this.received = whole
    const finished = {
      kind: 'finished',
      condition: isRight ? CONDITION.noError : CONDITION.fileChecksumFailure,
      complete: isRight,
      fileStatus: isRight ? 2 : 1,
      filestoreResponses: [],
      faultLocation: undefined,
    } as const
    if (header.acknowledged) this.#await(this.#own(header), finished, 1)
    else {
      if (closure) this.#say(this.#own(header), finished)
      this.#end(isRight ? 'done' : 'checksum')
    }
  }

  #metadata(): void {
    const { header, file, closure } = this.#sending as Sending
    const name = new TextEncoder().encode('/cf/file')
    const names = { sourceName: name, destinationName: name }
    const rest = { checksumType: CHECKSUM.modular, fileSize: file.length, options: [] }
    const octets = this.#say(header, {
      kind: 'metadata',
      closureRequested: false,
      ...rest,
      ...names,
    })
    const at = headerOctets(header) + 1
    if (closure) octets[at] = (octets[at] as number) | 0x80
  }

  #segment(start: number, end: number): void {
    const { header, file } = this.#sending as Sending
    const octets = file.slice(start, end)
    this.#say(header, { kind: 'file data', offset: start, octets, segmentMetadata: undefined })
  }

  #resend({ start, end }: Span): void {
    const to = Math.min(end, start + SEGMENT)
    this.#segment(start, to)
    if (to < end) this.#again[0] = { start: to, end }
    else this.#again.shift()
  }

  #eof(sending: Sending): void {
    const { header, file, closure } = sending
    sending.isEofSaid = true
    const sum = new FileChecksum(CHECKSUM.modular)
    sum.update(file)
    const checksum = sum.value
    const fileSize = file.length
    const eof = { kind: 'eof', condition: 0, checksum, fileSize, faultLocation: undefined } as const
    if (header.acknowledged) this.#await(header, eof, 1)
    else {
      this.#say(header, eof)
      if (!closure) this.#end('done')
    }
  }

  #own(header: Header): Header {
    return { ...header, towardSender: !header.towardSender, recordBoundaries: false }
  }

  #await(header: Header, body: Body, tries: number): void {
    this.#awaited = { header, body, at: this.now + TIMER_MS, tries }
    this.#say(header, body)
  }

  #say(header: Header, body: Body): Uint8Array {
    const out = new OctetWriter()
    encodePdu({ header, body }, out)
    const octets = out.written().slice()
    this.#out.push(octets)
    return octets
  }

  #end(how: string): void {
    this.ended ??= how
    this.#awaited = undefined
    this.#sending = undefined
  }
}

interface Sending {
  readonly header: Header
  readonly file: Uint8Array
  /** Up to here it was sent. */
  at: number
  isEofSaid: boolean
  readonly closure: boolean
}

interface Reception {
  readonly header: Header
  hasMetadata?: boolean
  closure: boolean
  checksum?: number
  octets: number
  /** Its file, up to the last octet that came. */
  room: Uint8Array
  end: number
  /** What it knows to have: where the list is full, the smallest is forgotten. */
  chunks: Span[]
}

function refusal({ header, body }: Pdu): string | undefined {
  if (header.largeFile) return 'large file'
  if (header.entityOctets > 4 || header.sequenceOctets > 4) return 'ids of more than 4 octets'
  // It would take it for octets of the file.
  if (header.crc) return 'PDU CRC'
  if (body.kind === 'prompt' || body.kind === 'keep alive') return body.kind
  if (body.kind === 'file data' && body.segmentMetadata !== undefined) return 'segment metadata'
  return undefined
}

function keep(reception: Reception, offset: number, octets: Uint8Array): void {
  const end = offset + octets.length
  if (end > reception.room.length) {
    const grown = new Uint8Array(2 * end)
    grown.set(reception.room)
    reception.room = grown
  }
  reception.room.set(octets, offset)
  reception.end = Math.max(reception.end, end)
  let span = { start: offset, end }
  const apart = reception.chunks.filter(chunk => {
    const touches = chunk.start <= span.end && span.start <= chunk.end
    if (touches)
      span = { start: Math.min(span.start, chunk.start), end: Math.max(span.end, chunk.end) }
    return !touches
  })
  apart.push(span)
  if (apart.length > CHUNKS_MAX) {
    const smallest = apart.reduce((a, b) => (b.end - b.start < a.end - a.start ? b : a))
    apart.splice(apart.indexOf(smallest), 1)
  }
  reception.chunks = apart.toSorted((one, other) => one.start - other.start)
}

function missing({ chunks, octets }: Reception): Span[] {
  const gaps: Span[] = []
  let at = 0
  for (const { start, end } of chunks) {
    if (start > at) gaps.push({ start: at, end: Math.min(start, octets) })
    at = Math.max(at, end)
  }
  if (at < octets) gaps.push({ start: at, end: octets })
  return gaps
}

export const OURS = 1
export const CF = 2
const HEADER: Header = {
  towardSender: false,
  acknowledged: true,
  crc: false,
  largeFile: false,
  entityOctets: 2,
  sequenceOctets: 4,
  source: CF,
  sequence: 1,
  destination: OURS,
  recordBoundaries: false,
}
const CHUNKS_MAX = 58
const SEGMENT = 1_000
const TIMER_MS = 3_000
const TRIES_MAX = 4
