/** The files of a pass: made if none are given, named, and compared at the end. */
import { createHash } from 'node:crypto'
import { createReadStream, linkSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { Chance } from '../../hal/sim/random.ts'
import { UsageError } from '../options.ts'
import type { SentFile } from './view.ts'

/** A file to fly, and where it is. */
export interface SourceFile extends SentFile {
  readonly path: string
}

/** @throws UsageError for what is no file, and for two files of one name */
export function sourceFiles(paths: readonly string[]): SourceFile[] {
  const names = new Set<string>()
  return paths.map((path, index) => {
    const name = basename(path)
    const found = statSync(path, { throwIfNoEntry: false })
    if (found?.isFile() !== true) throw new UsageError(`Cannot send ${path}: it is no file`)
    if (names.has(name)) throw new UsageError(`Cannot send two files named ${name} in one pass`)
    names.add(name)
    return { name, octets: found.size, index, path: resolve(path) }
  })
}

/** A file of 1 MB whose octets follow from the seed. @returns its path */
export function makeFile(folder: string, seed: number): string {
  const path = join(folder, `rain-${seed}.bin`)
  const chance = new Chance(seed)
  const words = Uint32Array.from({ length: MADE_OCTETS / 4 }, () => chance.word())
  writeFileSync(path, words)
  return path
}

/**
 * A second name for the same octets, in the folder of the pass: what happens to it there does not touch the
 * file of the user. Where the file system has no such thing, the file itself is handed over.
 */
export function handOver(file: SourceFile, folder: string): string {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, file.name)
  try {
    linkSync(file.path, path)
    return path
  } catch (error) {
    if (error instanceof Error && 'code' in error && LINKLESS.has(String(error.code)))
      return file.path
    throw error
  }
}

/** In hexadecimal; undefined where there is no such file. */
export async function sha256Of(path: string | undefined): Promise<string | undefined> {
  if (path === undefined || statSync(path, { throwIfNoEntry: false }) === undefined)
    return undefined
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array)
  return hash.digest('hex')
}

const MADE_OCTETS = 1_000_000
/** Another file system, or one without hard links, or one where they need more rights. */
const LINKLESS: ReadonlySet<string> = new Set(['EXDEV', 'EPERM', 'ENOTSUP', 'EMLINK', 'EACCES'])
