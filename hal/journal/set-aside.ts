/** A journal that may be what makes its process die: it is set aside, never deleted, and a new one takes its place. */
import { existsSync } from 'node:fs'
import { copyFile, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { syncFolder } from '../files/sync-folder.ts'
import { FileJournal } from './file-journal.ts'

/**
 * Copies the journal at `path`, as it is, to the first `path.aside-N` that is free, and leaves in its place what
 * `keep` makes of its records, as far as they can be read: in one step, so that a stop at any point loses nothing.
 * Answers where the old one is; undefined: there was none.
 */
export async function setAside(
  path: string,
  kind: string,
  keep: (records: readonly unknown[]) => readonly unknown[],
): Promise<string | undefined> {
  if (!existsSync(path)) return undefined
  let n = 1
  while (existsSync(`${path}.aside-${n}`)) n += 1
  const aside = `${path}.aside-${n}`
  await copyFile(path, aside)
  await syncFolder(dirname(path))
  const journal = await opened(path, kind)
  const kept = keep(journal.takeRecovered())
  await journal.compact(kept)
  await journal.close()
  return aside
}

/** One that cannot be opened, for whatever reason, is had aside: what follows is a start without it. */
async function opened(path: string, kind: string): Promise<FileJournal> {
  try {
    return await FileJournal.open(path, kind)
  } catch {
    await rm(path)
    return FileJournal.open(path, kind)
  }
}
