/**
 * What protocol/coding/kernel-octets.ts has to be: the kernel, compiled from AssemblyScript, as text that a
 * TypeScript file can hold. The same sources give the same octets on every machine.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const COMPILER = 'node_modules/assemblyscript/bin/asc.js'
const SOURCE = 'protocol/coding/kernel/kernel.ts'
/** No imports and no allocation: one page of memory, which kernel/memory.ts divides. */
const MODULE = '--enable simd --runtime stub --use abort= --initialMemory 1 --maximumMemory 1'
/** 112: vectors go from function to function, but not to the host. */
const REST = '-O3 --noAssert --disableWarning 112'
const LINE = 90

/** @throws Error with what the compiler says */
export function kernelText(): string {
  const folder = mkdtempSync(join(tmpdir(), 'downpour-kernel-'))
  const out = join(folder, 'kernel.wasm')
  const options = [SOURCE, '--outFile', out, ...MODULE.split(' '), ...REST.split(' ')]
  // A process of its own: whoever runs this through a TypeScript loader would wait for it to read the compiler.
  const { status, stderr } = spawnSync(process.execPath, [COMPILER, ...options], {
    encoding: 'utf8',
  })
  const octets = status === 0 ? readFileSync(out) : undefined
  rmSync(folder, { recursive: true, force: true })
  if (octets === undefined) throw new Error(`Cannot compile ${SOURCE}: ${stderr}`)
  return textOf(octets)
}

function textOf(octets: Buffer): string {
  const lines = octets.toString('base64').match(new RegExp(`.{1,${LINE}}`, 'g')) ?? []
  return [
    `/** The kernel in WebAssembly, base64: ${octets.length} octets, made from kernel/ by \`make kernel\`. */`,
    'export const KERNEL_OCTETS =',
    `  '${lines.join("' +\n  '")}'`,
    '',
  ].join('\n')
}
