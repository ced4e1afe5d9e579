/** encode() and decode() as a user runs them, without a process each. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import type { Report } from '../../../bin/decode/decoder.ts'
import { decode } from '../../../bin/decode.ts'
import { encode } from '../../../bin/encode.ts'
import { Random } from '../../kit/random.ts'

export interface Bench {
  readonly folder: string
  /** Paths of files in it, by name. */
  readonly files: readonly string[]
  readonly path: (name: string) => string
  readonly read: (name: string) => Uint8Array
}

/** Whether the octets are equal. Of many, a comparison that could show the difference takes seconds. */
export function areSame(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0
}

/** A folder with files of these sizes. */
export function benchWith(t: Test, sizes: Readonly<Record<string, number>>): Bench {
  const folder = t.testdir({})
  const files = Object.entries(sizes).map(([name, octets], i) => {
    writeFileSync(join(folder, name), new Random(i + 1).octets(octets))
    return join(folder, name)
  })
  const path = (name: string) => join(folder, name)
  return { folder, files, path, read: name => Uint8Array.from(readFileSync(path(name))) }
}

export async function encoded(t: Test, args: readonly string[]): Promise<number> {
  const { status } = await spoken(t, () => encode(args))
  return status
}

export async function decoded(
  t: Test,
  args: readonly string[],
): Promise<{ readonly status: number; readonly report: Report }> {
  const { status, text } = await spoken(t, () => decode([...args, '--json']))
  return { status, report: JSON.parse(text) }
}

/** What a command writes to standard output, and its exit code. */
export async function spoken(
  t: Test,
  command: () => Promise<number>,
): Promise<{ readonly status: number; readonly text: string }> {
  const written = t.capture(process.stdout, 'write')
  try {
    const status = await command()
    const text = written()
      .map(({ args }) => String(args[0]))
      .join('')
    return { status, text }
  } finally {
    written.restore()
  }
}
