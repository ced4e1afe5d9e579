/**
 * Frame data fields of one virtual channel, TM or AOS, to packets. CCSDS 132.0-B-3, 4.1.2.7.6 and 4.3.2; 732.0-B-5,
 * 4.1.4.2 and 4.3.2.
 *
 * While channel counts follow each other, packets are found by their own lengths, and the first header pointer
 * must agree. Where a frame is missing or the pointer disagrees, the packet that was begun is lost, and the
 * pointer tells where the next one starts.
 */
import { NO_FIRST_HEADER, ONLY_IDLE_DATA } from '../frame/tm.ts'
import { IDLE_APID, PACKET_HEADER_OCTETS, packetOctets } from './space-packet.ts'

export interface ExtractorCounters {
  /** Packets handed out. */
  packets: number
  /** Idle packets, which are not. */
  idle: number
  /** Frames missing by their channel count. */
  gaps: number
  /** Packets that were begun and could not be finished, and those longer than is allowed. */
  dropped: number
  /** Frames that came twice. */
  duplicates: number
}

export interface ExtractorOptions {
  /** Packets longer than this are dropped. */
  readonly octetsMax?: number
  /** The channel count wraps here, a power of two: 256 in TM frames, 2^24 in AOS frames. */
  readonly counts?: number
  /** Idle packets are handed out too, for whoever looks at the link and not at what it carries. */
  readonly keepsIdle?: boolean
}

/** Of a frame, what its packets are found by. */
export interface ChannelField {
  readonly field: Uint8Array
  readonly firstHeader: number
  readonly channelCount: number
}

/** Takes a packet: the octets from `start` to `end`. They are borrowed until it returns. */
export type PacketSink = (octets: Uint8Array, start: number, end: number) => void

export class PacketExtractor {
  readonly counters: ExtractorCounters = { packets: 0, idle: 0, gaps: 0, dropped: 0, duplicates: 0 }
  readonly #octetsMax: number
  readonly #lastCount: number
  readonly #keepsIdle: boolean
  /**
   * Fields one behind the other, of which the newest is kept to know it again when it comes twice:
   *
   *     | gone ... | begun packet          | free ...
   *                ^ #start    ^ #newestAt ^ #filled
   */
  #octets = new Uint8Array(LEAST_OCTETS)
  #start = 0
  #newestAt = 0
  #filled = 0
  /** Channel count of the newest frame; undefined: none yet. */
  #count: number | undefined
  #isNewestIdle = false
  /** Whether the next field continues what the last one ended with. */
  #following = false

  constructor({ octetsMax = 65542, counts = 256, keepsIdle = false }: ExtractorOptions = {}) {
    this.#octetsMax = octetsMax
    this.#lastCount = counts - 1
    this.#keepsIdle = keepsIdle
  }

  /** The packets that this field completes, in order, headers with them. Borrowed until the next call. */
  push(field: Uint8Array, firstHeader: number, channelCount: number): readonly Uint8Array[] {
    const packets: Uint8Array[] = []
    this.take({ field, firstHeader, channelCount }, (octets, start, end) => {
      packets.push(octets.subarray(start, end))
    })
    return packets
  }

  /** As push(), for a line so fast that objects for each frame would pile up: none is made. */
  take(one: ChannelField, sink: PacketSink): void {
    const { field, firstHeader, channelCount } = one
    if (this.#count !== undefined && !this.#isNext(one)) return
    this.#count = channelCount
    this.#isNewestIdle = firstHeader === ONLY_IDLE_DATA
    if (this.#isNewestIdle) return
    this.#append(field)
    if (!this.#following || this.#expected(field) !== firstHeader) this.#restart(firstHeader)
    if (this.#following) this.#walk(sink)
  }

  /** Forgets what is begun: the signal was away for longer than the channel count can tell. */
  reset(): void {
    this.#count = undefined
    this.#cut()
  }

  /** Looks at the channel count. False: the frame was here before. */
  #isNext({ field, firstHeader, channelCount }: ChannelField): boolean {
    const missing = (channelCount - (this.#count as number) - 1) & this.#lastCount
    if (missing === 0) return true
    const isNewest = firstHeader === ONLY_IDLE_DATA ? this.#isNewestIdle : this.#isNewest(field)
    if (missing === this.#lastCount && isNewest) {
      this.counters.duplicates += 1
      return false
    }
    // So many are not lost at once: the count has begun anew.
    if (missing < LOST_MAX) this.counters.gaps += missing
    this.#cut()
    return true
  }

  #isNewest(field: Uint8Array): boolean {
    const at = this.#newestAt
    return (
      !this.#isNewestIdle &&
      field.length === this.#filled - at &&
      field.every((octet, i) => octet === this.#octets[at + i])
    )
  }

  #append(field: Uint8Array): void {
    if (this.#filled + field.length > this.#octets.length) this.#makeRoom(field.length)
    this.#octets.set(field, this.#filled)
    this.#newestAt = this.#filled
    this.#filled += field.length
  }

  #makeRoom(octets: number): void {
    const from = this.#start
    const kept = this.#filled - from
    if (kept + octets > this.#octets.length) {
      const larger = new Uint8Array(2 * (kept + octets))
      larger.set(this.#octets.subarray(from, this.#filled))
      this.#octets = larger
    } else this.#octets.copyWithin(0, from, this.#filled)
    this.#start = 0
    this.#filled = kept
  }

  /** What the first header pointer of the newest field should be, by the length of the packet that was begun. */
  #expected({ length }: Uint8Array): number {
    if (this.#start === this.#newestAt) return 0
    if (this.#filled - this.#start < PACKET_HEADER_OCTETS) return NO_FIRST_HEADER
    if (!this.#isLegal()) return ILLEGAL
    const at = this.#start + packetOctets(this.#octets, this.#start) - this.#newestAt
    return at < length ? at : NO_FIRST_HEADER
  }

  /** The lengths say something else than the pointer, which is right: it is no guess. */
  #restart(firstHeader: number): void {
    const start = this.#newestAt + firstHeader
    this.#cut()
    // What was begun ended before the newest field; none of that is cut.
    this.#following = start < this.#filled
    if (this.#following) this.#start = start
  }

  /** From a packet's start to the end of the newest field. */
  #walk(sink: PacketSink): void {
    while (this.#filled - this.#start >= PACKET_HEADER_OCTETS) {
      if (!this.#isLegal()) return this.#cut()
      const end = this.#start + packetOctets(this.#octets, this.#start)
      if (end > this.#filled) return
      this.#emit(this.#start, end, sink)
      this.#start = end
    }
  }

  /** A space packet, and not too long. */
  #isLegal(): boolean {
    const octets = this.#octets
    const start = this.#start
    return (octets[start] as number) >>> 5 === 0 && packetOctets(octets, start) <= this.#octetsMax
  }

  #emit(start: number, end: number, sink: PacketSink): void {
    const octets = this.#octets
    const apid = (((octets[start] as number) & 7) << 8) | (octets[start + 1] as number)
    if (apid === IDLE_APID) this.counters.idle += 1
    else this.counters.packets += 1
    if (apid !== IDLE_APID || this.#keepsIdle) sink(octets, start, end)
  }

  /** Lets go of what is begun; only a pointer finds the next packet. */
  #cut(): void {
    if (this.#following && this.#start < this.#filled) this.counters.dropped += 1
    this.#following = false
    this.#start = this.#filled
  }
}

/** No first header pointer is so large. */
const ILLEGAL = 0x800
const LEAST_OCTETS = 4_096
const LOST_MAX = 2 ** 23
