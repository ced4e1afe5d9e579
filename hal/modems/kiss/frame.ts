/**
 * KISS frames, as terminal node controllers and radio software speak them over a serial line or TCP.
 *
 *     +----+--------------+- - - - - -+----+
 *     | C0 | port|command |  octets   | C0 |      C0 inside: DB DC, DB inside: DB DD
 *     +----+--------------+- - - - - -+----+
 *            4 bits 4
 *
 * Command 0 carries a frame of the air, without its checksum; 6 speaks to the hardware; 9 is gr-satellites': when
 * the frame that follows was heard, milliseconds since 1970 in 8 octets. An empty frame is none: two C0 in a row.
 */

export interface KissFrame {
  readonly port: number
  readonly command: number
  /** Its own. */
  readonly octets: Uint8Array
}

export const KISS = { data: 0, setHardware: 6, timestamp: 9 } as const

/** When the frame behind this one was heard: UTC in milliseconds since 1970. Undefined: this is no such frame, or noise. */
export function kissTime({ command, octets }: KissFrame): number | undefined {
  if (command !== KISS.timestamp || octets.length !== 8) return undefined
  const utcMs = Number(new DataView(octets.buffer, octets.byteOffset).getBigUint64(0))
  return utcMs <= UTC_MS_MAX ? utcMs : undefined
}

export function encodeKiss(frame: KissFrame): Uint8Array {
  const { port, command, octets } = frame
  const head = (port << 4) | command
  const escaped = [head, ...octets].filter(octet => octet === FEND || octet === FESC).length
  const out = new Uint8Array(3 + octets.length + escaped)
  out[0] = FEND
  let at = escape(head, out, 1)
  for (const octet of octets) at = escape(octet, out, at)
  out[at] = FEND
  return out
}

export interface KissCounters {
  /** Frames that were not to be read: an escape that is none, or longer than any frame may be. */
  malformed: number
  /** Octets of such frames. */
  stray: number
}

export class KissDecoder {
  readonly counters: KissCounters = { malformed: 0, stray: 0 }
  readonly #frame: Uint8Array
  #length = 0
  #isEscaped = false
  /** What came since the last C0 is no frame, and waits for the next one. */
  #isSkipping = true

  /** @param octetsMax of one frame, its command octet not counted */
  constructor(octetsMax: number) {
    this.#frame = new Uint8Array(octetsMax + 1)
  }

  *push(octets: Uint8Array): IterableIterator<KissFrame> {
    for (const octet of octets) {
      if (octet === FEND) {
        const frame = this.#end()
        if (frame !== undefined) yield frame
      } else if (this.#isSkipping) this.counters.stray += 1
      else this.#put(octet)
    }
  }

  reset(): void {
    this.#length = 0
    this.#isEscaped = false
    this.#isSkipping = true
  }

  #end(): KissFrame | undefined {
    const head = this.#frame[0] as number
    const isWhole = this.#length > 0 && !this.#isEscaped && !this.#isSkipping
    const octets = isWhole ? this.#frame.slice(1, this.#length) : undefined
    if (this.#isEscaped) this.#spoil()
    this.reset()
    this.#isSkipping = false
    return octets && { port: head >>> 4, command: head & 0x0f, octets }
  }

  #put(octet: number): void {
    if (octet === FESC && !this.#isEscaped) {
      this.#isEscaped = true
      return
    }
    const value = this.#isEscaped ? ESCAPED.get(octet) : octet
    this.#isEscaped = false
    if (value === undefined || this.#length === this.#frame.length) return this.#spoil()
    this.#frame[this.#length] = value
    this.#length += 1
  }

  #spoil(): void {
    this.counters.malformed += 1
    this.counters.stray += this.#length
    this.#isSkipping = true
  }
}

function escape(octet: number, out: Uint8Array, at: number): number {
  if (octet !== FEND && octet !== FESC) {
    out[at] = octet
    return at + 1
  }
  out[at] = FESC
  out[at + 1] = octet === FEND ? TFEND : TFESC
  return at + 2
}

/** What a Date can say. */
const UTC_MS_MAX = 8.64e15
const FEND = 0xc0
const FESC = 0xdb
const TFEND = 0xdc
const TFESC = 0xdd
const ESCAPED: ReadonlyMap<number, number> = new Map([
  [TFEND, FEND],
  [TFESC, FESC],
])
