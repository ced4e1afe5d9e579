/**
 * What the files of kernel octets in protocol/coding/ have to be: the kernels, compiled from AssemblyScript, as text
 * that a TypeScript file can hold. The same sources give the same octets on every machine.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, posix } from 'node:path'

export const COMPILER = 'node_modules/assemblyscript/bin/asc.js'

export interface KernelFile {
  /** Its entry, of AssemblyScript. */
  readonly source: string
  /** The file of text, and the constant in it. */
  readonly text: string
  readonly constant: string
}

export const KERNEL_FILES: readonly KernelFile[] = [
  {
    source: 'protocol/coding/kernel/kernel.ts',
    text: 'protocol/coding/kernel-octets.ts',
    constant: 'KERNEL_OCTETS',
  },
  {
    source: 'protocol/coding/kernel/viterbi/viterbi.ts',
    text: 'protocol/coding/viterbi-octets.ts',
    constant: 'VITERBI_OCTETS',
  },
]

/** No imports and no allocation: one page of memory, which the memory.ts of each divides. */
const MODULE = '--enable simd --runtime stub --use abort= --initialMemory 1 --maximumMemory 1'
/** 112: vectors go from function to function, but not to the host. */
const REST = '-O3 --noAssert --disableWarning 112'
const LINE = 90

/** @throws Error with what the compiler says */
export function kernelText({ source, constant }: KernelFile): string {
  const folder = mkdtempSync(join(tmpdir(), 'downpour-kernel-'))
  const out = join(folder, 'kernel.wasm')
  const options = [source, '--outFile', out, ...MODULE.split(' '), ...REST.split(' ')]
  // A process of its own: whoever runs this through a TypeScript loader would wait for it to read the compiler.
  const { status, stderr } = spawnSync(process.execPath, [COMPILER, ...options], {
    encoding: 'utf8',
  })
  const octets = status === 0 ? readFileSync(out) : undefined
  rmSync(folder, { recursive: true, force: true })
  if (octets === undefined) throw new Error(`Cannot compile ${source}: ${stderr}`)
  return textOf(octets, source, constant)
}

function textOf(octets: Buffer, source: string, constant: string): string {
  const lines = octets.toString('base64').match(new RegExp(`.{1,${LINE}}`, 'g')) ?? []
  return [
    `/** In WebAssembly, base64: ${octets.length} octets, made from ${posix.basename(source)} and what it imports by \`make kernel\`. */`,
    `export const ${constant} =`,
    `  '${lines.join("' +\n  '")}'`,
    '',
  ].join('\n')
}
