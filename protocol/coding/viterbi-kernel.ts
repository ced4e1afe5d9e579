/**
 * The Viterbi decoder by the kernel in WebAssembly with SIMD: the same in everything it answers as the plain one of
 * viterbi.ts, and many times as fast. Each decoder has an instance of its own, of 64 KiB. The sources are in
 * kernel/viterbi/.
 */
import { type ConvolutionalCode, formOf, PATTERNS } from './convolutional.ts'
import { blockSymbols, requireBlock, Viterbi, type ViterbiDecoder } from './viterbi.ts'
import { VITERBI_OCTETS } from './viterbi-octets.ts'
import { WasmModule } from './wasm.ts'

/** The fastest decoder that runs here: by the kernel where the engine has SIMD, plain elsewhere. */
export function viterbiDecoder(code: ConvolutionalCode, hasSimd = MODULE.runs()): ViterbiDecoder {
  return hasSimd ? new KernelViterbi(code) : new Viterbi(code)
}

export class KernelViterbi implements ViterbiDecoder {
  readonly blockSymbols: number
  readonly #kernel: Kernel
  readonly #pattern: number
  readonly #swapped: number
  readonly #inverted: number
  // Of the kernel's memory.
  readonly #symbols: Int8Array
  readonly #octets: Uint8Array

  constructor({ rate, branches }: ConvolutionalCode) {
    this.blockSymbols = blockSymbols({ rate })
    this.#kernel = MODULE.instance() as Kernel
    this.#pattern = PATTERNS[rate].reduceRight((packed, sent) => (packed << 2) | sent, 0)
    const { swapped, inverted } = formOf(branches)
    this.#swapped = swapped ? 1 : 0
    this.#inverted = inverted ? 1 : 0
    const { memory, symbolsAt, octetsAt } = this.#kernel
    this.#symbols = new Int8Array(memory.buffer, symbolsAt.value, this.blockSymbols)
    this.#octets = new Uint8Array(memory.buffer, octetsAt.value)
  }

  get growth(): number {
    return this.#kernel.growth()
  }

  get corrected(): number {
    return this.#kernel.corrections()
  }

  decode(symbols: Int8Array): Uint8Array {
    requireBlock(symbols, this.blockSymbols)
    this.#symbols.set(symbols)
    const { blockSymbols: count } = this
    const bits = this.#kernel.decode(count, this.#pattern, this.#swapped, this.#inverted)
    return this.#octets.subarray(0, bits / 8)
  }

  flush(): Uint8Array {
    return this.#octets.subarray(0, this.#kernel.flush() / 8)
  }

  reset(): void {
    this.#kernel.reset()
  }
}

/** What kernel/viterbi/viterbi.ts exports. */
interface Kernel {
  readonly memory: { readonly buffer: ArrayBuffer }
  readonly symbolsAt: { readonly value: number }
  readonly octetsAt: { readonly value: number }
  growth(): number
  corrections(): number
  reset(): void
  decode(count: number, pattern: number, swapped: number, inverted: number): number
  flush(): number
}

const MODULE = new WasmModule(VITERBI_OCTETS)
