/** Reads a journal from the disk: what is whole, and where it ends. */
import { basename, dirname } from 'node:path'
import { isDiskFull, unless } from '../file-error.ts'
import type { Disk, DiskFile } from './disk.ts'
import { decodePayload } from './payload.ts'
import { RECORD_OCTETS_MAX, RECORD_START, readRecord } from './record.ts'

/** A journal as it was found. `end` is 0 where there was none, or none that could be read. */
export interface Found {
  readonly file: DiskFile
  /** Without the header. */
  readonly records: readonly unknown[]
  /** One past the last whole record. */
  readonly end: number
  /** Octets of the file. */
  readonly size: number
  /** Octets after `end` that are not zero: a torn record, or damage. */
  readonly tornOctets: number
  /** 1 if a file that could not be read, or not to its end, was kept aside. */
  readonly filesAside: number
}

/** The file is a journal, but not one for us: it is left as it is. */
export class JournalRefused extends Error {
  override readonly name = 'JournalRefused'
}

export function headerOf(kind: string): unknown {
  return { format: FORMAT, version: VERSION, kind }
}

/** @throws JournalRefused */
export async function openExisting(disk: Disk, path: string, kind: string): Promise<Found> {
  // What is left of a compaction that was cut short.
  await disk.remove(`${path}.new`)
  const file = await unless('ENOENT', disk.open(path, false))
  if (file === undefined) return NOTHING
  try {
    const { records, end, tornOctets, isHollow } = await recordsOf(file)
    if (records.length > 0) {
      requireHeader(path, kind, records[0])
      const size = await file.octets()
      const filesAside = isHollow ? await copyAside(disk, path, file) : 0
      return { file, records: records.slice(1), end, size, tornOctets, filesAside }
    }
    if (tornOctets > 0) await keepAside(disk, path)
    await file.close()
    return { ...NOTHING, filesAside: tornOctets > 0 ? 1 : 0 }
  } catch (error) {
    await file.close()
    throw error
  }
}

/**
 * The records of `file`, the header first, up to the first that is not whole; one past the last of them, and how many
 * octets behind it are not zero; `isHollow`: whole records are among them, so it was no power cut that tore it. Memory:
 * the records, and a window.
 */
export async function recordsOf(file: DiskFile) {
  const records: unknown[] = []
  const window = new Window(file)
  let tornOctets = 0
  for (;;) {
    const record = readRecord(window.octets, 0)
    if (record !== undefined) {
      const payload = decodePayload(record.payload)
      if (payload === undefined) break
      records.push(payload.value)
      window.pass(record.end)
    } else if (window.octets[0] === 0 || window.octets.length >= RECORD_OCTETS_MAX) break
    // A record that is cut short only by the window is whole once more of the file is in it.
    else if (!(await window.more())) break
  }
  const end = window.at
  let isHollow = false
  do {
    isHollow ||= holdsRecord(window.octets)
    tornOctets += window.octets.reduce((count, octet) => count + (octet === 0 ? 0 : 1), 0)
    window.pass(window.octets.length)
  } while (await window.more())
  return { records, end, tornOctets, isHollow }
}

function requireHeader(path: string, kind: string, header: unknown): void {
  const { format, version, kind: found } = Object(header)
  if (format !== FORMAT) throw new JournalRefused(`Cannot use ${path}: it is not a ${FORMAT}`)
  if (version !== VERSION)
    throw new JournalRefused(`Cannot use ${path}: its version is ${version}, ${VERSION} is known`)
  if (found !== kind)
    throw new JournalRefused(`Cannot use ${path}: it is a journal of ${found}, not of ${kind}`)
}

async function keepAside(disk: Disk, path: string): Promise<void> {
  await disk.rename(path, await asideOf(disk, path))
  await disk.syncFolder(dirname(path))
}

/** A copy, for what lies behind the damage is overwritten. Answers how many: none, if the disk has no room for it. */
async function copyAside(disk: Disk, path: string, file: DiskFile): Promise<number> {
  const aside = await asideOf(disk, path)
  try {
    const copy = await disk.open(aside, true)
    try {
      const octets = new Uint8Array(WINDOW_OCTETS)
      for (let at = 0, count = -1; count !== 0; at += count) {
        count = await file.read(octets, at)
        await copy.write(octets.subarray(0, count), at)
      }
      await copy.sync()
    } finally {
      await copy.close()
    }
  } catch (error) {
    if (!isDiskFull(error)) throw error
    await disk.remove(aside)
    return 0
  }
  await disk.syncFolder(dirname(path))
  return 1
}

/** The first `path.damaged-N` that is free. */
async function asideOf(disk: Disk, path: string): Promise<string> {
  const names = new Set(await disk.names(dirname(path)))
  let n = 1
  while (names.has(`${basename(path)}.damaged-${n}`)) n += 1
  return `${path}.damaged-${n}`
}

function holdsRecord(octets: Uint8Array): boolean {
  for (let at = octets.indexOf(RECORD_START); at >= 0; at = octets.indexOf(RECORD_START, at + 1))
    if (readRecord(octets, at) !== undefined) return true
  return false
}

/** The octets of a file from `at` on, as many as have been read so far. */
class Window {
  readonly #file: DiskFile
  #at = 0
  octets = new Uint8Array(0)

  constructor(file: DiskFile) {
    this.#file = file
  }

  get at(): number {
    return this.#at
  }

  pass(count: number): void {
    this.#at += count
    this.octets = this.octets.subarray(count)
  }

  /** Reads on. Answers false at the end of the file. */
  async more(): Promise<boolean> {
    const held = this.octets.length
    const grown = new Uint8Array(Math.max(2 * held, WINDOW_OCTETS))
    grown.set(this.octets)
    const count = await this.#file.read(grown.subarray(held), this.#at + held)
    this.octets = grown.subarray(0, held + count)
    return count > 0
  }
}

const WINDOW_OCTETS = 64 * 1024
const FORMAT = 'downpour journal'
const VERSION = 1

/** Stands for the file where there is none yet. */
const NO_FILE: DiskFile = {
  octets: async () => 0,
  read: async () => 0,
  write: async () => {},
  sync: async () => {},
  close: async () => {},
}

const NOTHING: Found = {
  file: NO_FILE,
  records: [],
  end: 0,
  size: 0,
  tornOctets: 0,
  filesAside: 0,
}
