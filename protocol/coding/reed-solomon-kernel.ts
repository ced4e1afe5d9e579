/**
 * The Reed-Solomon codes by the kernel in WebAssembly with SIMD, five to ten times as fast as the plain ones of
 * reed-solomon.ts and the same in everything they answer.
 *
 * The module is compiled when it is first wanted. There is one instance for each basis and number of parity octets, of
 * 64 KiB, and all codecs work in its memory, one call after the other: what a call leaves there is read before it
 * returns. The sources are in kernel/.
 */
import { KERNEL_OCTETS } from './kernel-octets.ts'
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

/** What kernel/kernel.ts exports. */
interface Kernel {
  readonly memory: { readonly buffer: ArrayBuffer }
  readonly codeblockAt: { readonly value: number }
  readonly correctedAt: { readonly value: number }
  prepare(parity: number, dual: number): void
  encode(interleave: number, information: number): void
  decode(interleave: number, information: number): number
}

/** As much of it as is used here: neither ECMAScript's types nor those of Node say what it is. */
declare const WebAssembly: {
  validate(octets: Uint8Array): boolean
  readonly Module: new (octets: Uint8Array) => object
  readonly Instance: new (module: object) => { readonly exports: unknown }
}

const NONE: readonly number[] = []
const KERNELS = new Map<number, Kernel>()
let compiled: object | undefined

/** Some engines have no WebAssembly (V8 without its compilers), some processors no SIMD. */
function kernelRuns(): boolean {
  return (
    compiled !== undefined ||
    (typeof WebAssembly === 'object' && WebAssembly.validate(kernelOctets()))
  )
}

function kernelOf(parity: number, dual: boolean): Kernel {
  const key = dual ? parity : -parity
  const known = KERNELS.get(key)
  if (known !== undefined) return known
  compiled ??= new WebAssembly.Module(kernelOctets())
  const kernel = new WebAssembly.Instance(compiled).exports as Kernel
  kernel.prepare(parity, dual ? 1 : 0)
  KERNELS.set(key, kernel)
  return kernel
}

function kernelOctets(): Uint8Array {
  return Uint8Array.from(atob(KERNEL_OCTETS), character => character.charCodeAt(0))
}
