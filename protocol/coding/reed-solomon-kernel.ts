/**
 * The Reed-Solomon codes by the kernel in WebAssembly with SIMD, five to ten times as fast as the plain ones of
 * reed-solomon.ts and the same in everything they answer.
 */
import { type Kernel, kernelOf, kernelRuns } from './kernel-instance.ts'
import {
  ReedSolomon,
  type ReedSolomonCode,
  type ReedSolomonCodec,
  requireCode,
  requireWhole,
} from './reed-solomon.ts'

/** The fastest codec that runs here: by the kernel where the engine has SIMD, plain elsewhere. */
export function reedSolomonCodec(code: ReedSolomonCode, hasSimd = kernelRuns()): ReedSolomonCodec {
  return hasSimd ? new KernelReedSolomon(code) : new ReedSolomon(code)
}

export class KernelReedSolomon implements ReedSolomonCodec {
  readonly frameOctets: number
  readonly codeblockOctets: number
  readonly correctedPerCodeword: Int8Array

  readonly #code: Required<ReedSolomonCode>
  readonly #information: number
  readonly #kernel: Kernel
  // Of the kernel's memory.
  readonly #codeblock: Uint8Array
  readonly #parity: Uint8Array
  readonly #corrected: Int8Array
  /** Knows of erasures. */
  #plain: ReedSolomon | undefined

  /** @throws RangeError if the code is none of the standard */
  constructor(code: ReedSolomonCode) {
    this.#code = requireCode(code)
    const { basis, parity, interleave, fill } = this.#code
    this.#information = 255 - parity - fill
    this.frameOctets = this.#information * interleave
    this.codeblockOctets = this.frameOctets + parity * interleave
    this.correctedPerCodeword = new Int8Array(interleave)
    this.#kernel = kernelOf(parity, basis === 'dual')
    const { memory, codeblockAt, correctedAt } = this.#kernel
    this.#codeblock = new Uint8Array(memory.buffer, codeblockAt.value, this.codeblockOctets)
    this.#parity = this.#codeblock.subarray(this.frameOctets)
    this.#corrected = new Int8Array(memory.buffer, correctedAt.value, interleave)
  }

  encode(codeblock: Uint8Array): void {
    requireWhole(codeblock, this.codeblockOctets)
    this.#codeblock.set(codeblock)
    this.#kernel.encode(this.#code.interleave, this.#information)
    codeblock.set(this.#parity, this.frameOctets)
  }

  decode(codeblock: Uint8Array, erasures: readonly number[] = NONE): number {
    requireWhole(codeblock, this.codeblockOctets)
    if (erasures.length > 0) return this.#decodeErased(codeblock, erasures)
    this.#codeblock.set(codeblock)
    const corrected = this.#kernel.decode(this.#code.interleave, this.#information)
    this.correctedPerCodeword.set(this.#corrected)
    if (corrected > 0) codeblock.set(this.#codeblock)
    return corrected
  }

  #decodeErased(codeblock: Uint8Array, erasures: readonly number[]): number {
    this.#plain ??= new ReedSolomon(this.#code)
    const corrected = this.#plain.decode(codeblock, erasures)
    this.correctedPerCodeword.set(this.#plain.correctedPerCodeword)
    return corrected
  }
}

const NONE: readonly number[] = []
