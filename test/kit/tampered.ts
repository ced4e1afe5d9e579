/**
 * The world of a flight process, made wrong from outside while it runs: its clock is set, its disk stalls. Each is a
 * module that Node loads before the process, and a file that the module looks at; so no right of an administrator is
 * needed, and nothing else on this computer is changed.
 */
import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Bench } from './bench.ts'

export interface WrongClock {
  readonly nodeOptions: readonly string[]
  /** The clock of UTC is `byMs` off the right one from now on. The one that only runs is not touched, as in a kernel. */
  set(byMs: number): void
}

export function wrongClock(bench: Bench, byMs = 0): WrongClock {
  const path = join(bench.folder, 'clock')
  const set = (ms: number) => {
    // At once: a file that is being written is empty for a moment, and the clock right.
    writeFileSync(`${path}.new`, String(ms))
    renameSync(`${path}.new`, path)
  }
  set(byMs)
  const nodeOptions = preloaded(`import { readFileSync } from 'node:fs'
    const right = Date.now
    Date.now = () => right() + Number(readFileSync(${JSON.stringify(path)}))`)
  return { nodeOptions, set }
}

export interface StallingDisk {
  readonly nodeOptions: readonly string[]
  /** No sync of a file or a folder ends from now on, until it goes on. */
  stall(): void
  goOn(): void
}

export function stallingDisk(bench: Bench): StallingDisk {
  const path = join(bench.folder, 'stalled')
  const nodeOptions = preloaded(`import { existsSync } from 'node:fs'
    import { open } from 'node:fs/promises'
    const file = await open('/dev/null')
    const handle = Object.getPrototypeOf(file)
    await file.close()
    for (const name of ['sync', 'datasync']) {
      const real = handle[name]
      handle[name] = async function () {
        while (existsSync(${JSON.stringify(path)})) await new Promise(resolve => setTimeout(resolve, 20))
        return real.call(this)
      }
    }`)
  return {
    nodeOptions,
    stall: () => writeFileSync(path, ''),
    goOn: () => rmSync(path, { force: true }),
  }
}

function preloaded(module: string): readonly string[] {
  return ['--import', `data:text/javascript,${encodeURIComponent(module)}`]
}
