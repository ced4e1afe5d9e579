/**
 * A stream of soft symbols to a stream of octets, whatever the stream begins with: the decoder finds out where the
 * periods of the code begin, and which of several codes it is. CCSDS 131.0-B-6, 4; node synchronization is the
 * receiver's business.
 *
 *     | block before | block |        p: the phase tried, symbols left out until a period begins
 *     p              p
 *
 * The measure is the growth of the best path's metric, as a share of all that was received: with the right phase only
 * noise makes it grow. Where a block's share comes near that of noise alone, all phases of all codes are tried on it,
 * and if one is clearly better, it is taken from the block before on, where the symbols may have slipped. What comes
 * out twice in this way, or out of noise, the search for markers passes over; polarity is its business too, since
 * inverted symbols are the code of inverted bits.
 */
import { type ConvolutionalCode, periodSymbols, type Rate } from './convolutional.ts'
import { BLOCK_STEPS, STRENGTH, type ViterbiDecoder } from './viterbi.ts'
import { viterbiDecoder } from './viterbi-kernel.ts'

export interface ConvolutionalCounters {
  /** Symbols of blocks that are more than noise; what the pattern leaves out is not counted. */
  symbols: number
  /** Of these, as far as they are decided, received with the wrong sign: by coding the bits again, the estimate of the symbol error rate. */
  corrected: number
  /** Changes to another phase or code; the first choice is none. */
  slips: number
}

/** Takes octets, borrowed until it returns. */
export type OctetSink = (octets: Uint8Array) => void

export class ConvolutionalDecoder {
  readonly counters: ConvolutionalCounters = { symbols: 0, corrected: 0, slips: 0 }
  readonly #codes: readonly CodeInTrial[]
  readonly #rate: Rate
  readonly #blockSymbols: number
  /** Growth of a block from which on other phases are tried. */
  readonly #suspicious: number
  /** The block before, and behind it the one being filled. */
  readonly #window: Int8Array
  readonly #trial: Int8Array
  #filled = 0
  /** Which of the codes it is; undefined: no block was decoded, and none stands before. */
  #code: CodeInTrial | undefined

  /** @param codes what the stream may be: one rate, with one or several branches @throws RangeError on anything else */
  constructor(codes: readonly ConvolutionalCode[], hasSimd?: boolean) {
    const [first, ...others] = codes
    if (first === undefined || others.some(({ rate }) => rate !== first.rate))
      throw new RangeError('Cannot choose between codes: they are none, or not of one rate')
    this.#rate = first.rate
    this.#codes = codes.map(code => ({
      code,
      decoder: viterbiDecoder(code, hasSimd),
      prober: viterbiDecoder(code, hasSimd),
    }))
    this.#blockSymbols = (this.#codes[0] as CodeInTrial).decoder.blockSymbols
    this.#suspicious = SUSPICIOUS[this.#rate] * STRENGTH * this.#blockSymbols
    this.#window = new Int8Array(2 * this.#blockSymbols)
    this.#trial = new Int8Array(this.#blockSymbols)
  }

  /** Which code it is taken for; undefined before the first block. */
  get code(): ConvolutionalCode | undefined {
    return this.#code?.code
  }

  /** Copies symbols in, -128 (surely 0) to 127 (surely 1), and gives the octets that they decide. */
  take(symbols: Int8Array, sink: OctetSink): void {
    for (let at = 0; at < symbols.length; ) {
      const count = Math.min(symbols.length - at, this.#blockSymbols - this.#filled)
      this.#window.set(symbols.subarray(at, at + count), this.#blockSymbols + this.#filled)
      this.#filled += count
      at += count
      if (this.#filled === this.#blockSymbols) this.#takeBlock(sink)
    }
  }

  /** Gives the octets that are whole at the end of the stream. Nothing may follow. */
  end(sink: OctetSink): void {
    this.#newest().fill(0, this.#filled)
    const { decoder } = this.#code ?? this.#begin()
    const steps = Math.floor((this.#filled * BLOCK_STEPS) / this.#blockSymbols)
    const octets: number[] = []
    const keep = (more: Uint8Array) => octets.push(...more)
    keep(decoder.decode(this.#newest()))
    this.#count(decoder, this.#filled)
    keep(decoder.flush())
    this.#count(decoder, 0)
    sink(Uint8Array.from(octets.slice(0, octets.length - Math.ceil((BLOCK_STEPS - steps) / 8))))
  }

  #takeBlock(sink: OctetSink): void {
    const own = this.#code ?? this.#begin()
    if (this.#filled < this.#blockSymbols) return
    this.#decode(own.decoder, this.#newest(), sink)
    if (own.decoder.growth >= this.#suspicious) {
      const best = this.#bestTrial()
      if (best.isSure && (best.code !== own || best.phase > 0)) this.#change(own, best, sink)
      if (this.#filled < this.#blockSymbols) return
    }
    this.#window.copyWithin(0, this.#blockSymbols)
    this.#filled = 0
  }

  #decode(decoder: ViterbiDecoder, symbols: Int8Array, sink: OctetSink): void {
    const octets = decoder.decode(symbols)
    this.#count(decoder, symbols.length)
    sink(octets)
  }

  #count(decoder: ViterbiDecoder, symbols: number): void {
    if (decoder.growth >= this.#suspicious) return
    this.counters.symbols += symbols
    this.counters.corrected += decoder.corrected
  }

  /** Takes the first block for what it most looks like, and leaves out what is before the first period. */
  #begin(): CodeInTrial {
    const { code, phase } = this.#bestTrial()
    this.#code = code
    const newest = this.#newest()
    newest.copyWithin(0, phase)
    newest.fill(0, newest.length - phase)
    this.#filled = Math.max(0, this.#filled - phase)
    return code
  }

  /** From the block before on, everything is decoded anew. */
  #change(from: CodeInTrial, { code, phase }: Trial, sink: OctetSink): void {
    sink(from.decoder.flush())
    this.counters.slips += 1
    this.#code = code
    code.decoder.reset()
    this.#window.copyWithin(0, phase)
    this.#filled -= phase
    this.#decode(code.decoder, this.#window.subarray(0, this.#blockSymbols), sink)
    if (phase === 0) this.#decode(code.decoder, this.#newest(), sink)
  }

  /** Which code and phase the newest block most looks like. */
  #bestTrial(): Trial {
    let best = Infinity
    let second = Infinity
    let found = { code: this.#codes[0] as CodeInTrial, phase: 0 }
    for (const code of this.#codes)
      for (let phase = 0; phase < periodSymbols(this.#rate); phase++) {
        this.#trial.fill(0)
        this.#trial.set(this.#newest().subarray(phase))
        code.prober.reset()
        code.prober.decode(this.#trial)
        const { growth } = code.prober
        second = Math.min(second, Math.max(best, growth))
        if (growth >= best) continue
        best = growth
        found = { code, phase }
      }
    return { ...found, isSure: best < CLEARLY * second }
  }

  #newest(): Int8Array {
    return this.#window.subarray(this.#blockSymbols)
  }
}

interface CodeInTrial {
  readonly code: ConvolutionalCode
  readonly decoder: ViterbiDecoder
  readonly prober: ViterbiDecoder
}

interface Trial {
  readonly code: CodeInTrial
  readonly phase: number
  /** None of the others comes near. */
  readonly isSure: boolean
}

/**
 * The share of the received strength that contradicts the best path, six tenths of what white noise gives. Above 2 dB
 * of Eb/N0 at rate 1/2, and 4.5 dB at 7/8, a block in phase is below.
 */
const SUSPICIOUS: Readonly<Record<Rate, number>> = {
  '1/2': 0.043,
  '2/3': 0.019,
  '3/4': 0.0107,
  '5/6': 0.0047,
  '7/8': 0.0025,
}

/** In phase, down to 1 dB at rate 1/2, the growth is less than this share of that of any other phase. */
const CLEARLY = 0.7
