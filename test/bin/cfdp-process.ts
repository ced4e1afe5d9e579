/** `downpour cfdp` as processes, and what came of them. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
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
  const all: string[] = []
  lines.on('line', line => all.push(line))
  /** The first line like this, said already or to come. */
  const said = async (like: RegExp): Promise<string> => {
    for (;;) {
      const line = all.find(one => like.test(one))
      if (line !== undefined) return line
      await Promise.race([
        once(lines, 'line'),
        ended.then(over => Promise.reject(neverSaid(like, over))),
      ])
    }
  }
  const { port } = JSON.parse(await said(/^/)) as { port: number }
  return { child, ended, said, port }
}

function neverSaid(like: RegExp, { code, err }: Ended): Error {
  return new Error(`Waited in vain for a line like ${like}: it ended with ${code}, ${err}`)
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
