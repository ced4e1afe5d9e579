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

export class PacketExtractor {
  readonly counters: ExtractorCounters = { packets: 0, idle: 0, gaps: 0, dropped: 0, duplicates: 0 }
  readonly #octetsMax: number
  readonly #lastCount: number
  readonly #keepsIdle: boolean
  /** Channel count of the newest frame; undefined: none yet. */
  #count: number | undefined
  /** That frame's field, to know it again when it comes twice. */
  #newest = new Uint8Array(0)
  #newestOctets = 0
  /** Whether the next field continues what the last one ended with. */
  #following = false
  /** The begun packet: its first octets, how many they are. */
  #begun = new Uint8Array(1024)
  #held = 0
  /** Takes turns with #begun, for the packet finished last is still lent out when the next one begins. */
  #spare = new Uint8Array(1024)

  constructor({ octetsMax = 65542, counts = 256, keepsIdle = false }: ExtractorOptions = {}) {
    this.#octetsMax = octetsMax
    this.#lastCount = counts - 1
    this.#keepsIdle = keepsIdle
  }

  /**
   * The packets that this field completes, in order, headers with them. They are borrowed, from the field and
   * from the extractor: good until the field changes and until the next push().
   */
  push(field: Uint8Array, firstHeader: number, channelCount: number): readonly Uint8Array[] {
    const packets: Uint8Array[] = []
    if (this.#count !== undefined && !this.#isNext(field, channelCount)) return packets
    this.#count = channelCount
    this.#remember(field)
    if (firstHeader === ONLY_IDLE_DATA) return packets
    const at = this.#following ? this.#continue(field, firstHeader, packets) : firstHeader
    if (at < field.length) this.#walk(field, at, packets)
    return packets
  }

  /** Forgets what is begun: the signal was away for longer than the channel count can tell. */
  reset(): void {
    this.#count = undefined
    this.#cut()
  }

  /** Looks at the channel count. False: the frame was here before. */
  #isNext(field: Uint8Array, channelCount: number): boolean {
    const missing = (channelCount - (this.#count as number) - 1) & this.#lastCount
    if (missing === 0) return true
    if (missing === this.#lastCount && this.#isNewest(field)) {
      this.counters.duplicates += 1
      return false
    }
    this.counters.gaps += missing
    this.#cut()
    return true
  }

  /** Brings the begun packet forward. Answers where the next one starts, which may be in a later field. */
  #continue(field: Uint8Array, firstHeader: number, packets: Uint8Array[]): number {
    let at = 0
    if (this.#held > 0) {
      while (this.#held < PACKET_HEADER_OCTETS && at < field.length)
        this.#begun[this.#held++] = field[at++] as number
      if (this.#held >= PACKET_HEADER_OCTETS) {
        if (!this.#isLegal(this.#begun, 0)) return this.#cut(firstHeader)
        at += packetOctets(this.#begun, 0) - this.#held
      }
    }
    // The lengths say `at`. A pointer that says something else is right: it is no guess.
    if (firstHeader !== (at < field.length ? at : NO_FIRST_HEADER)) return this.#cut(firstHeader)
    if (this.#held >= PACKET_HEADER_OCTETS) this.#append(field, at, packets)
    return at
  }

  /** Takes the octets of `field` before `end` into the begun packet, and hands it out if that was all. */
  #append(field: Uint8Array, end: number, packets: Uint8Array[]): void {
    const length = packetOctets(this.#begun, 0)
    if (this.#begun.length < length) this.#begun = grown(this.#begun, this.#held, length)
    // What of its header stood in this field has been taken already.
    const from = end - (length - this.#held)
    const part = field.subarray(from, Math.min(end, field.length))
    this.#begun.set(part, this.#held)
    this.#held += part.length
    if (this.#held < length) return
    this.#emit(this.#begun.subarray(0, length), packets)
    const finished = this.#begun
    this.#begun = this.#spare
    this.#spare = finished
    this.#held = 0
  }

  /** From a packet's start in `field` to the field's end. */
  #walk(field: Uint8Array, start: number, packets: Uint8Array[]): void {
    let at = start
    while (field.length - at >= PACKET_HEADER_OCTETS) {
      if (!this.#isLegal(field, at)) {
        this.#held = 1
        this.#cut()
        return
      }
      const end = at + packetOctets(field, at)
      if (end > field.length) break
      this.#emit(field.subarray(at, end), packets)
      at = end
    }
    this.#following = true
    this.#begun.set(field.subarray(at, Math.min(field.length, at + PACKET_HEADER_OCTETS)))
    this.#held = Math.min(field.length - at, PACKET_HEADER_OCTETS)
    if (field.length - at > PACKET_HEADER_OCTETS)
      this.#append(field, at + packetOctets(field, at), packets)
  }

  /** A space packet, and not too long. */
  #isLegal(octets: Uint8Array, at: number): boolean {
    return (octets[at] as number) >>> 5 === 0 && packetOctets(octets, at) <= this.#octetsMax
  }

  #emit(packet: Uint8Array, packets: Uint8Array[]): void {
    const apid = (((packet[0] as number) & 7) << 8) | (packet[1] as number)
    if (apid === IDLE_APID) this.counters.idle += 1
    else this.counters.packets += 1
    if (apid !== IDLE_APID || this.#keepsIdle) packets.push(packet)
  }

  /** Lets go of what is begun; only a pointer finds the next packet. Answers the one it is given. */
  #cut(firstHeader = NO_FIRST_HEADER): number {
    if (this.#held > 0) this.counters.dropped += 1
    this.#held = 0
    this.#following = false
    return firstHeader
  }

  #remember(field: Uint8Array): void {
    if (this.#newest.length < field.length) this.#newest = new Uint8Array(field.length)
    this.#newest.set(field)
    this.#newestOctets = field.length
  }

  #isNewest(field: Uint8Array): boolean {
    return (
      field.length === this.#newestOctets && field.every((octet, i) => octet === this.#newest[i])
    )
  }
}

function grown(octets: Uint8Array, held: number, length: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(Math.max(length, 2 * octets.length))
  larger.set(octets.subarray(0, held))
  return larger
}
