/**
 * The kernel in WebAssembly with SIMD, as the codecs use it. The sources are in kernel/.
 *
 * The module is compiled when it is first wanted. There is one instance for each basis and number of parity octets, of
 * 64 KiB, and all codecs work in its memory, one call after the other: what a call leaves there is read before it
 * returns.
 */
import { KERNEL_OCTETS } from './kernel-octets.ts'
import { WasmModule } from './wasm.ts'

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

/** Whether it runs here. */
export function kernelRuns(): boolean {
  return MODULE.runs()
}

export function kernelOf(parity: number, dual: boolean): Kernel {
  const key = dual ? parity : -parity
  const known = KERNELS.get(key)
  if (known !== undefined) return known
  const kernel = MODULE.instance() as Kernel
  kernel.prepare(parity, dual ? 1 : 0)
  KERNELS.set(key, kernel)
  return kernel
}

const KERNELS = new Map<number, Kernel>()
const MODULE = new WasmModule(KERNEL_OCTETS)
