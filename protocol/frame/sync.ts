/**
 * Frame synchronization: finds the codeblocks of a stream of octets that know nothing of octet boundaries,
 * polarity, lost or doubled bits. CCSDS 131.0-B-6, 9 (markers); how to search is the receiver's business.
 *
 *     | marker | codeblock            | marker | codeblock            | marker ...
 *     ^ #at                           ^ #expected
 *
 * Not locked, a marker with few errors at any bit is tried. Locked, the next marker is expected where the last
 * codeblock ends; there more errors pass, and a few times a marker that is not there at all (the flywheel).
 * Whether a codeblock was a frame the caller knows, from Reed-Solomon and FECF, and says with confirm(): a bad
 * one is searched again from the bit after its marker. So what is lost with a false marker, a slipped bit or a
 * cut CADU is that one, never the good CADU that began inside it.
 */
import { BitWindow } from './bits.ts'
import { MARKER_OCTETS } from './link.ts'
import { markerErrors, markerSearch } from './marker.ts'

export interface HunterCounters {
  /** Good codeblocks a few bits from where they were expected: bits were lost or doubled before them. */
  slips: number
  /** Changes of polarity from one good codeblock to the next; the first is compared with upright. */
  inversions: number
  /** Markers found, false ones with them. */
  markers: number
  /** Codeblocks handed out behind a marker that was not to be seen. */
  flywheels: number
  /** Whole octets that belong to no good CADU. */
  octetsSkipped: number
}

export interface HunterLimits {
  /** Marker and codeblock. */
  readonly caduOctets: number
  /** Wrong bits in a marker that is found by searching, 0 to 2. */
  readonly markerErrorsAcquire?: number
  /** Wrong bits in a marker that stands where it is expected. */
  readonly markerErrorsLocked?: number
  /** Markers in a row that may be missing. */
  readonly flywheelMax?: number
}

export class MarkerHunter {
  readonly counters: HunterCounters = {
    slips: 0,
    inversions: 0,
    markers: 0,
    flywheels: 0,
    octetsSkipped: 0,
  }
  readonly #window: BitWindow
  readonly #caduBits: number
  readonly #search: ReturnType<typeof markerSearch>
  readonly #errorsLocked: number
  readonly #flywheelMax: number
  /** Where the search goes on, or the marker that was taken. All positions are bits of the stream. */
  #at = 0
  #state: 'searching' | 'taken' | 'handed out' = 'searching'
  /** Polarity of the marker taken, and of the last good codeblock. */
  #inverted = false
  #wasInverted = false
  #expected = NOWHERE
  /** From here the last good CADU has still to be searched, should the marker behind it be missing. */
  #unsearched = NOWHERE
  /** Markers that may still be missing before lock is lost. */
  #flywheel = 0
  /** Up to here bits are either good or counted as skipped. */
  #accounted = 0
  #bitsSkipped = 0

  /** @throws RangeError on limits that no search can keep. */
  constructor(limits: HunterLimits) {
    if (!(limits.caduOctets > MARKER_OCTETS))
      throw new RangeError(`Cannot find CADUs of ${limits.caduOctets} octets: a marker has 4`)
    this.#caduBits = 8 * limits.caduOctets
    this.#search = markerSearch(limits.markerErrorsAcquire ?? 2)
    this.#errorsLocked = limits.markerErrorsLocked ?? 6
    this.#flywheelMax = limits.flywheelMax ?? 2
    this.#window = new BitWindow(limits.caduOctets - MARKER_OCTETS)
  }

  /** Whether the place of the next marker is known from a good codeblock not long ago. */
  get locked(): boolean {
    return this.#expected !== NOWHERE
  }

  /** Octets of memory held for the stream. */
  get bufferOctets(): number {
    return this.#window.capacity
  }

  /** Copies octets in. What is behind the newest CADU stays, so call next() until it has no more. */
  push(octets: Uint8Array): void {
    this.#window.push(octets)
  }

  /**
   * The next codeblock, without its marker, upright and on octet boundaries; undefined: more octets are needed.
   * Borrowed, and may be altered, until the next call. Without a confirm() it passes for good.
   */
  next(): Uint8Array | undefined {
    if (this.#state === 'handed out') this.confirm(true)
    if (this.#state === 'searching' && !this.#take()) return undefined
    if (this.#at + this.#caduBits > this.#window.end) return undefined
    this.#state = 'handed out'
    // A copy: Reed-Solomon may take codewords a few octets out of step for its own and "correct" the marker
    // among them, for the code is cyclic and the randomizer's sequence is a codeword.
    return this.#window.view(this.#at + MARKER_BITS, this.#inverted)
  }

  /** Says whether the codeblock just handed out was a frame. If not, its octets are searched again. */
  confirm(good: boolean): void {
    if (this.#state !== 'handed out') return
    this.#state = 'searching'
    const end = this.#at + this.#caduBits
    if (good) this.#settle(end)
    else {
      if (this.#at >= this.#expected - SLIP_BITS_MAX) this.#expected = end
      this.#at += 1
    }
    this.#release()
  }

  /** The CADU at #at, which ends at `end`, was good. */
  #settle(end: number): void {
    this.#skip(this.#at)
    this.#accounted = end
    const strayed = Math.abs(this.#at - this.#expected)
    if (strayed > 0 && strayed <= SLIP_BITS_MAX) this.counters.slips += 1
    if (this.#inverted !== this.#wasInverted) this.counters.inversions += 1
    this.#wasInverted = this.#inverted
    this.#flywheel = this.#flywheelMax
    this.#unsearched = this.#at + 1
    this.#expected = end
    this.#at = end
  }

  /** Looks for the next marker from #at on. False: more octets are needed. */
  #take(): boolean {
    for (;;) {
      // Bit positions at which a marker could start and be whole end here.
      const whole = this.#window.end - MARKER_BITS + 1
      const to = Math.min(whole, this.#expected)
      if (this.#at < to && this.#takeBetween(this.#at, to)) return true
      this.#at = Math.max(this.#at, to)
      if (whole <= this.#expected) {
        this.#release()
        return false
      }
      if (this.#takeExpected()) return true
      if (this.#unsearched !== NOWHERE) {
        // Octets went missing, so few that Reed-Solomon mended the last codeblock; the marker is inside it.
        this.#at = this.#unsearched
        this.#unsearched = NOWHERE
        continue
      }
      // Or bits were doubled.
      const ahead = this.#expected + SLIP_BITS_MAX + 1
      if (whole < ahead) return false
      if (this.#takeBetween(this.#expected + 1, ahead)) return true
      if (this.#flywheel > 0) return this.#takeUnseen()
      this.#expected = NOWHERE
    }
  }

  /** Lets go of the octets that no search comes back to. */
  #release(): void {
    const from = Math.min(this.#at, this.#unsearched)
    this.#window.release(from)
    this.#skip(from)
  }

  /** Searches starts from `from` on, before `to`. */
  #takeBetween(from: number, to: number): boolean {
    const found = this.#window.search(this.#search, from, to)
    return found >= 0 && this.#takeAt(found, markerErrors(this.#window.word(found)))
  }

  #takeExpected(): boolean {
    const errors = markerErrors(this.#window.word(this.#expected))
    if (errors > this.#errorsLocked && errors < MARKER_BITS - this.#errorsLocked) return false
    return this.#takeAt(this.#expected, errors)
  }

  #takeAt(bit: number, errors: number): true {
    this.#at = bit
    this.#unsearched = NOWHERE
    this.#inverted = errors > MARKER_BITS / 2
    this.#state = 'taken'
    this.counters.markers += 1
    return true
  }

  #takeUnseen(): true {
    this.#at = this.#expected
    this.#inverted = this.#wasInverted
    this.#state = 'taken'
    this.#flywheel -= 1
    this.counters.flywheels += 1
    return true
  }

  /** Bits up to `to` belong to no good CADU, unless they did. */
  #skip(to: number): void {
    if (to <= this.#accounted) return
    this.#bitsSkipped += to - this.#accounted
    this.#accounted = to
    this.counters.octetsSkipped = Math.floor(this.#bitsSkipped / 8)
  }
}

/** No position: further than any. */
const NOWHERE = Number.POSITIVE_INFINITY
const MARKER_BITS = 8 * MARKER_OCTETS
/** More bits than this in one stroke are no slip but a gap. */
const SLIP_BITS_MAX = 8
