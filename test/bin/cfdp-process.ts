/** `downpour cfdp` as processes, and what came of them. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

export function start(...args: string[]): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, ['--import', 'tsx', ENTRY, 'cfdp', ...args])
}

/** Entity 2 unless told, on a port that the system chose. */
export async function listening(command: 'receive' | 'serve', folder: string, ...args: string[]) {
  const usual = ['--dir', join(folder, 'in'), '--entity', '2', '--peer', '1']
  const child = start(command, ...usual, '--state', join(folder, 'numbers-2'), '--json', ...args)
  const ended = run(child)
  const lines = createInterface({ input: child.stdout })
  const line = await new Promise<string>(resolve => lines.once('line', resolve))
  return { child, ended, port: (JSON.parse(line) as { port: number }).port }
}

export async function run(child: ChildProcessWithoutNullStreams): Promise<Ended> {
  let [out, err] = ['', '']
  child.stdout.on('data', (data: Buffer) => {
    out += data.toString()
  })
  child.stderr.on('data', (data: Buffer) => {
    err += data.toString()
  })
  const code = await new Promise<number | null>(resolve => child.once('close', resolve))
  return { code, out, err }
}

const ENTRY = fileURLToPath(new URL('../../bin/downpour.ts', import.meta.url))
