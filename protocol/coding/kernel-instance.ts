/**
 * The kernel in WebAssembly with SIMD, as the codecs use it. The sources are in kernel/.
 *
 * The module is compiled when it is first wanted. There is one instance for each basis and number of parity octets, of
 * 64 KiB, and all codecs work in its memory, one call after the other: what a call leaves there is read before it
 * returns.
 */
import { KERNEL_OCTETS } from './kernel-octets.ts'

/** What kernel/kernel.ts exports. */
export interface Kernel {
  readonly memory: { readonly buffer: ArrayBuffer }
  readonly codeblockAt: { readonly value: number }
  readonly correctedAt: { readonly value: number }
  readonly sequencesAt: { readonly value: number }
  readonly sequenceOctets: { readonly value: number }
  prepare(parity: number, dual: number): void
  encode(interleave: number, information: number): void
  decode(interleave: number, information: number): number
  randomize(sequence: number, octets: number): void
  check(octets: number): number
}

/** Some engines have no WebAssembly (V8 without its compilers), some processors no SIMD. */
export function kernelRuns(): boolean {
  return (
    compiled !== undefined ||
    (typeof WebAssembly === 'object' && WebAssembly.validate(kernelOctets()))
  )
}

export function kernelOf(parity: number, dual: boolean): Kernel {
  const key = dual ? parity : -parity
  const known = KERNELS.get(key)
  if (known !== undefined) return known
  compiled ??= new WebAssembly.Module(kernelOctets())
  const kernel = new WebAssembly.Instance(compiled).exports as Kernel
  kernel.prepare(parity, dual ? 1 : 0)
  KERNELS.set(key, kernel)
  return kernel
}

/** As much of it as is used here: neither ECMAScript's types nor those of Node say what it is. */
declare const WebAssembly: {
  validate(octets: Uint8Array): boolean
  readonly Module: new (octets: Uint8Array) => object
  readonly Instance: new (module: object) => { readonly exports: unknown }
}

const KERNELS = new Map<number, Kernel>()
let compiled: object | undefined

function kernelOctets(): Uint8Array {
  return Uint8Array.from(atob(KERNEL_OCTETS), character => character.charCodeAt(0))
}
