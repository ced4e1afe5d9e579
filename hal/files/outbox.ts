/** The folder where programs of the spacecraft leave files to be sent. */
import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode, unless } from '../file-error.ts'
import type { Clock } from '../ports.ts'
import { type FileIdentity, identityOf, isSame } from './file-source.ts'

export interface OutboxFile {
  readonly name: string
  readonly path: string
  readonly identity: FileIdentity
}

export class Outbox {
  readonly folder: string
  readonly #settleMs: number
  /** Files that may still be growing, as they were at the last scan. */
  #growing = new Map<string, FileIdentity>()
  #offered = new Set<string>()
  #trouble: string | undefined

  /** @param settleMs a file that was not changed for so long is whole at first sight */
  constructor(folder: string, settleMs = 5_000) {
    this.folder = folder
    this.#settleMs = settleMs
  }

  /**
   * The files that are whole and were not offered yet, oldest first: regular files in the folder and in folders
   * within it, not hidden, not *.part or *.tmp, and unchanged since the last scan or old enough. Rejects if the
   * folder cannot be read.
   */
  async scan(utcMs: number): Promise<readonly OutboxFile[]> {
    const names = await namesIn(this.folder)
    const present = new Set(names)
    for (const name of this.#offered) if (!present.has(name)) this.#offered.delete(name)
    const before = this.#growing
    this.#growing = new Map()
    const whole: OutboxFile[] = []
    for (const name of names) {
      if (this.#offered.has(name)) continue
      const path = join(this.folder, name)
      const stats = await unless('ENOENT', lstat(path))
      if (!stats?.isFile()) continue
      const identity = identityOf(stats)
      const last = before.get(name)
      const isQuiet = last !== undefined && isSame(last, identity)
      if (isQuiet || identity.mtimeMs <= utcMs - this.#settleMs)
        whole.push({ name, path, identity })
      else this.#growing.set(name, identity)
    }
    for (const { name } of whole) this.#offered.add(name)
    return whole.toSorted(byAge)
  }

  /** What scan() answers; while the folder cannot be read, nothing, and `trouble` says why. */
  async look(utcMs: number): Promise<readonly OutboxFile[]> {
    try {
      const files = await this.scan(utcMs)
      this.#trouble = undefined
      return files
    } catch (error) {
      if (errorCode(error) === undefined) throw error
      this.#trouble = `the outbox cannot be read: ${String(error)}`
      // Another folder may come in its place, with files of the same names.
      this.#offered.clear()
      this.#growing.clear()
      return []
    }
  }

  /** What the disk said against the folder the last time. */
  get trouble(): string | undefined {
    return this.#trouble
  }

  /** A file of this name is offered again, as a new one. Not needed where the file was removed. */
  forget(name: string): void {
    this.#offered.delete(name)
  }
}

/** Scans at once and then every `everyMs`, until `signal` aborts. Yields what there is to offer, each time. */
export async function* wholeFiles(
  outbox: Outbox,
  clock: Clock,
  everyMs: number,
  signal: AbortSignal,
): AsyncIterable<readonly OutboxFile[]> {
  while (!signal.aborted) {
    yield await outbox.look(clock.utcMs())
    await clock.until(clock.now() + everyMs, signal)
  }
}

/** Of all that may be a whole file, relative to `folder`, with slashes. Links are not followed. */
async function namesIn(folder: string, depth = 0): Promise<string[]> {
  const names: string[] = []
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (UNFINISHED.test(entry.name)) continue
    if (!entry.isDirectory()) names.push(entry.name)
    else if (depth < DEPTH_MAX) {
      const inner = await unless('ENOENT', namesIn(join(folder, entry.name), depth + 1))
      for (const name of inner ?? []) names.push(`${entry.name}/${name}`)
    }
  }
  return names
}

function byAge(one: OutboxFile, other: OutboxFile): number {
  const age = one.identity.mtimeMs - other.identity.mtimeMs
  if (age !== 0) return age
  return one.name < other.name ? -1 : 1
}

const UNFINISHED = /^\.|\.(?:part|tmp)$/i
/** Folders within folders. */
const DEPTH_MAX = 8
