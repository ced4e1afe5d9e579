/**
 * The communications link transmission unit: one TC frame in BCH blocks, between a start and a tail
 * sequence. CCSDS 231.0-B-4, 5.
 *
 *      2 octets   7          1        7          1                8 octets
 *     +---------+----------+--------+----------+--------+- - - -+------------------+
 *     | EB90    | frame    | parity | frame or | parity |       | C5C5C5C5C5C5C579 |
 *     | start   |          |        | fill 55  |        |       | tail, no block   |
 *     +---------+----------+--------+----------+--------+- - - -+------------------+
 *
 * Randomized, the frame is laid under the TC sequence before it is cut into blocks; fill is not.
 */
import { bchDecode, bchParity } from '../coding/bch.ts'
import { randomizeTc } from '../coding/randomizer.ts'
import { BitWindow, weight } from './bits.ts'
import { TC_FRAME_OCTETS_MAX } from './tc.ts'

export function encodeCltu(
  frame: Uint8Array,
  { randomized }: { readonly randomized: boolean },
): Uint8Array {
  const blocks = Math.ceil(frame.length / INFORMATION_OCTETS)
  const information = new Uint8Array(blocks * INFORMATION_OCTETS).fill(FILL)
  information.set(frame)
  if (randomized) randomizeTc(information, 0, frame.length)

  const cltu = new Uint8Array(START.length + blocks * BLOCK_OCTETS + TAIL.length)
  cltu.set(START)
  for (let block = 0; block < blocks; block++) {
    const from = block * INFORMATION_OCTETS
    const at = START.length + block * BLOCK_OCTETS
    cltu.set(information.subarray(from, from + INFORMATION_OCTETS), at)
    cltu[at + INFORMATION_OCTETS] = bchParity(information, from)
  }
  cltu.set(TAIL, START.length + blocks * BLOCK_OCTETS)
  return cltu
}

export interface CltuLimits {
  readonly randomized: boolean
  /** Octets after which a CLTU ends, whatever follows. */
  readonly frameOctetsMax?: number
}

export interface CltuCounters {
  /** Handed out. */
  cltus: number
  /** Bits corrected in those. */
  corrected: number
  /** Start sequences with no good block behind them. */
  rejected: number
}

/** Finds CLTUs at any bit of a stream of octets, of either polarity. */
export class CltuDecoder {
  readonly counters: CltuCounters = { cltus: 0, corrected: 0, rejected: 0 }
  readonly #window = new BitWindow()
  readonly #randomized: boolean
  readonly #blocksMax: number
  /** What the blocks of the CLTU in hand have given so far, and the last octet of the newest block. */
  readonly #information: Uint8Array
  readonly #fields: DataView
  #blocks = 0
  #corrected = 0
  /** Bit of the stream where the search goes on, or where the CLTU in hand starts. */
  #at = 0
  #inHand = false
  /** Where the CLTU handed out last started; undefined: confirm() comes too late for it. */
  #handedOut: number | undefined
  /** How its start sequence came. */
  #inverted = false

  constructor({ randomized, frameOctetsMax = TC_FRAME_OCTETS_MAX }: CltuLimits) {
    this.#randomized = randomized
    this.#blocksMax = Math.ceil(frameOctetsMax / INFORMATION_OCTETS)
    this.#information = new Uint8Array(this.#blocksMax * INFORMATION_OCTETS + 1)
    this.#fields = new DataView(this.#information.buffer)
  }

  /** Octets of memory held for the stream. */
  get bufferOctets(): number {
    return this.#window.capacity
  }

  /** Copies octets in. Call next() until it has no more. */
  push(octets: Uint8Array): void {
    this.#window.push(octets)
  }

  /**
   * What the next CLTU held: a frame and perhaps fill, owned by the caller. Half of all noise passes for one
   * block, so look at the frame's FECF and say confirm(). undefined: more octets are needed.
   */
  next(): Uint8Array | undefined {
    this.#handedOut = undefined
    for (;;) {
      if ((!this.#inHand && !this.#findStart()) || !this.#readBlocks()) {
        this.#window.release(this.#at)
        return undefined
      }
      const frame = this.#finish()
      if (frame !== undefined) return frame
    }
  }

  /**
   * Says whether what next() answered last was a frame. If not, its start was a false one, or it was torn and
   * the next one lies in what were taken for its blocks: the search goes on inside it.
   */
  confirm(good: boolean): void {
    if (!good && this.#handedOut !== undefined) this.#at = this.#handedOut + 1
  }

  /** Brings #at to the next start sequence. False: more octets are needed. */
  #findStart(): boolean {
    for (; this.#at + START_BITS <= this.#window.end; this.#at++) {
      const errors = weight((this.#window.word(this.#at) >>> START_BITS) ^ START_WORD)
      if (errors <= START_ERRORS_MAX || errors >= START_BITS - START_ERRORS_MAX) {
        this.#inHand = true
        this.#inverted = errors > START_ERRORS_MAX
        this.#blocks = 0
        this.#corrected = 0
        return true
      }
    }
    return false
  }

  /** Decodes blocks up to the first that cannot be: the tail, if all is well. False: more octets are needed. */
  #readBlocks(): boolean {
    const mask = this.#inverted ? -1 : 0
    while (this.#blocks < this.#blocksMax) {
      const bit = this.#at + START_BITS + this.#blocks * BLOCK_BITS
      if (bit + BLOCK_BITS > this.#window.end) return false
      // Nothing is made for a block: a frame has 146 of them. The next one takes the place of the parity.
      const at = this.#blocks * INFORMATION_OCTETS
      this.#fields.setInt32(at, this.#window.word(bit) ^ mask)
      this.#fields.setInt32(at + 4, this.#window.word(bit + 32) ^ mask)
      const errors = bchDecode(this.#information, at)
      if (errors < 0) return true
      this.#blocks += 1
      this.#corrected += errors
    }
    return true
  }

  /** Ends the CLTU in hand, and chooses where to search on. */
  #finish(): Uint8Array | undefined {
    this.#inHand = false
    const length = this.#blocks * INFORMATION_OCTETS
    if (length === 0) {
      this.counters.rejected += 1
      this.#at += 1
      return undefined
    }
    const frame = this.#information.slice(0, length)
    if (this.#randomized) randomizeTc(frame)
    // Inside a frame that is whole nothing is looked for, lest its data pass for commands. One that is longer
    // than its blocks is torn: the search goes on inside it without being told.
    const last = (((frame[2] as number) & 3) << 8) | (frame[3] as number)
    const lastBlock = Math.floor(last / INFORMATION_OCTETS)
    const behindLast = BLOCK_BITS * lastBlock + 8 * (1 + (last % INFORMATION_OCTETS))
    this.#handedOut = this.#at
    this.#at += lastBlock < this.#blocks ? START_BITS + behindLast : 1
    this.counters.cltus += 1
    this.counters.corrected += this.#corrected
    return frame
  }
}

const START = Uint8Array.of(0xeb, 0x90)
const START_WORD = 0xeb90
const START_BITS = 16
/** With single error correction the start sequence may have one wrong bit. */
const START_ERRORS_MAX = 1
const TAIL = Uint8Array.of(0xc5, 0xc5, 0xc5, 0xc5, 0xc5, 0xc5, 0xc5, 0x79)
const INFORMATION_OCTETS = 7
const BLOCK_OCTETS = 8
const BLOCK_BITS = 64
const FILL = 0x55
