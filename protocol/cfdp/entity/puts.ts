/**
 * Put requests: checked, queued, and opened one by one as places become free. A sequence number is used only
 * when the owner has written down that it may be, and once.
 */
import type { Unsigned } from '../../octets/reader.ts'
import { fits, refusalOf } from '../remote.ts'
import type { PutRequest } from './events.ts'
import type { Output } from './output.ts'
import type { Peer } from './peer.ts'
import { optionsOf, unsayable } from './put-options.ts'
import { PutQueue, type Queued } from './put-queue.ts'
import { SendingFile } from './sending-file.ts'
import type { EntityLimits, EntitySettings } from './settings.ts'

export class Puts {
  /** Files that are being sent, by sequence number. */
  readonly open = new Map<Unsigned, SendingFile>()
  readonly #settings: EntitySettings
  readonly #limits: EntityLimits
  readonly #peers: ReadonlyMap<Unsigned, Peer>
  readonly #output: Output
  readonly #queue = new PutQueue()
  #next: number
  /** Numbers below it are written down as used. */
  #reservedEnd: number
  #isAsking = false

  constructor(
    settings: EntitySettings,
    limits: EntityLimits,
    peers: ReadonlyMap<Unsigned, Peer>,
    output: Output,
  ) {
    this.#settings = settings
    this.#limits = limits
    this.#peers = peers
    this.#output = output
    this.#next = settings.firstSequence
    this.#reservedEnd = settings.firstSequence
  }

  get queued(): number {
    return this.#queue.length
  }

  /** Answers the files that it opened. */
  put(token: number, request: PutRequest): readonly SendingFile[] {
    const why = this.#queue.has(token)
      ? `Cannot put request ${token}: another one of that token waits`
      : this.#refusal(request)
    if (why === undefined) this.#queue.put({ token, request })
    else this.#output.tell({ kind: 'put refused', token, why })
    return this.#fill()
  }

  withdraw(token: number): void {
    if (!this.#queue.withdraw(token)) return
    this.#output.tell({ kind: 'put refused', token, why: 'it was withdrawn' })
  }

  /** The owner has written down that numbers from `start` to `end` may be used. */
  reserved(end: number, start = this.#next): readonly SendingFile[] {
    this.#next = Math.max(this.#next, start)
    this.#reservedEnd = Math.max(this.#reservedEnd, end)
    this.#isAsking = false
    return this.#fill()
  }

  /** A place is free. */
  ended(sequence: Unsigned): readonly SendingFile[] {
    this.open.delete(sequence)
    return this.#fill()
  }

  #fill(): readonly SendingFile[] {
    const opened: SendingFile[] = []
    while (this.#hasPlace()) {
      if (this.#next >= this.#reservedEnd) {
        this.#reserve()
        break
      }
      const file = this.#begin(this.#queue.take() as Queued)
      if (file !== undefined) opened.push(file)
    }
    return opened
  }

  /** Whether the request whose turn it is may be opened. */
  #hasPlace(): boolean {
    const { head } = this.#queue
    if (head === undefined) return false
    const { sendingMax, urgentMax } = this.#limits
    const { size } = this.open
    if (size < sendingMax) return true
    if (size === 0 || size >= sendingMax + urgentMax) return false
    const { priority = 0 } = head.request
    for (const file of this.open.values()) if (file.priority <= priority) return false
    return true
  }

  #reserve(): void {
    if (this.#isAsking) return
    this.#isAsking = true
    this.#output.push({ kind: 'reserve', end: this.#next + this.#limits.reserve })
  }

  #begin({ token, request }: Queued): SendingFile | undefined {
    const peer = this.#peers.get(request.destination) as Peer
    const { remote } = peer
    const sequence = this.#next
    if (!fits(sequence, remote.sequenceOctets)) {
      const why = `Cannot number the transaction ${sequence} in ${remote.sequenceOctets} octets: numbers are used once`
      this.#output.tell({ kind: 'put refused', token, why })
      return undefined
    }
    this.#next += 1
    const id = { source: this.#settings.entity, sequence }
    this.#output.tell({ kind: 'transaction', id, token })
    const { sourceName = request.file ?? '', destinationName = sourceName } = request
    const { unbounded = false, segmentMetadata } = request
    const hasFile = request.file !== undefined
    const way = {
      ...id,
      ...wayOf(request, peer),
      destination: remote.entity,
      entityOctets: remote.entityOctets,
      sequenceOctets: remote.sequenceOctets,
      sourceName: hasFile ? utf8(sourceName) : NOTHING,
      destinationName: hasFile ? utf8(destinationName) : NOTHING,
      options: optionsOf(request),
      unbounded,
      // Nobody knows how far it grows, and the octets of an offset cannot become more on the way.
      ...(unbounded ? { largeFile: remote.quirks.largeFiles } : {}),
      ...(request.records === undefined ? {} : { records: request.records }),
      ...(segmentMetadata === undefined ? {} : { segmentMetadata }),
    }
    const file = new SendingFile(way, request, remote, this.#output)
    this.open.set(sequence, file)
    peer.sendings.set(sequence, file)
    return file
  }

  #refusal(request: PutRequest): string | undefined {
    const peer = this.#peers.get(request.destination)
    if (peer === undefined) return `Cannot send to entity ${request.destination}: it is not known`
    if (this.#queue.length >= this.#limits.queuedMax)
      return `Cannot queue another request: ${this.#limits.queuedMax} wait`
    const { file = '', sourceName = file, destinationName = sourceName } = request
    for (const name of [sourceName, destinationName])
      if (utf8(name).length > FIELD_OCTETS_MAX)
        return `Cannot send the name ${name}: ${FIELD_OCTETS_MAX} octets are possible`
    return unsayable(request) ?? refusalOf(peer.remote, wayOf(request, peer))
  }
}

/** What the request leaves open is as the peer has it. */
function wayOf(request: PutRequest, { remote }: Peer) {
  const {
    acknowledged = remote.acknowledged,
    closureRequested = remote.closureRequested,
    checksumType = remote.checksumType,
    pduCrc = remote.pduCrc,
  } = request
  return { acknowledged, closureRequested, checksumType, pduCrc }
}

function utf8(text: string): Uint8Array {
  return UTF8.encode(text)
}

const UTF8 = new TextEncoder()
const NOTHING = new Uint8Array(0)
/** What one octet of length can say. */
const FIELD_OCTETS_MAX = 255
