/**
 * How often a process started, and how often it died soon after: a small file in its state folder. One that dies at
 * every start, for whatever is in its journal, is to start in another way. A disk that does not take the file must not
 * keep a spacecraft from starting: it is told, and starts are counted as far as they can be.
 */
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { isDiskFull } from './file-error.ts'
import { syncFolder } from './files/sync-folder.ts'

export interface Start {
  /** How often it started, this time with it. */
  readonly starts: number
  /** It is to do nothing but listen and tell, until recover(). */
  readonly isSafe: boolean
  /** It was not so before: enterSafe() says that what is to be done then is done. */
  readonly isNews: boolean
  enterSafe(): Promise<void>
  /** The process has lived long enough, or ended as it was told: what happens later is another matter. */
  survived(): Promise<void>
  /** The next start is an ordinary one. */
  recover(): Promise<void>
}

interface Counts {
  readonly starts: number
  readonly deaths: number
  readonly safe: boolean
}

/**
 * Counts this start. Never rejects: what the disk says against it goes to `refused`.
 * @param deathsMax so many in a row are followed by a safe start; 0: none is
 */
export async function countStart(
  folder: string,
  deathsMax: number,
  refused: (error: unknown) => void,
): Promise<Start> {
  const path = join(folder, 'starts.json')
  let written: Promise<void> = Promise.resolve()
  // In turn, for they write the same file.
  const put = (counts: Counts) => {
    written = written.then(() => putFile(path, JSON.stringify(counts))).catch(refused)
    return written
  }
  await mkdir(folder, { recursive: true }).catch(refused)
  const before = countsIn(await readFile(path, 'utf8').catch(() => ''))
  const isNews = !before.safe && deathsMax > 0 && before.deaths >= deathsMax
  const starts = before.starts + 1
  await put({ starts, deaths: before.deaths + 1, safe: before.safe })
  let staysSafe = before.safe
  return {
    starts,
    isSafe: before.safe || isNews,
    isNews,
    enterSafe() {
      staysSafe = true
      return put({ starts, deaths: 0, safe: true })
    },
    survived: () => put({ starts, deaths: 0, safe: staysSafe }),
    recover() {
      staysSafe = false
      return put({ starts, deaths: 0, safe: false })
    },
  }
}

/** A file that cannot be read counts as none. */
function countsIn(text: string): Counts {
  const found = /^\{"starts":(\d{1,9}),"deaths":(\d{1,9}),"safe":(true|false)\} *$/.exec(text)
  const [, starts = 0, deaths = 0, safe] = found ?? []
  return { starts: Number(starts), deaths: Number(deaths), safe: safe === 'true' }
}

/** Old or new, whatever stops it; on a full disk over the old one, which takes no new space. */
async function putFile(path: string, text: string): Promise<void> {
  const draft = `${path}.new`
  try {
    await write(draft, 'w', text)
    await rename(draft, path)
    await syncFolder(dirname(path))
  } catch (error) {
    if (!isDiskFull(error)) throw error
    await rm(draft, { force: true })
    await write(path, 'r+', text.padEnd(OCTETS_MAX))
  }
}

async function write(path: string, flags: 'w' | 'r+', text: string): Promise<void> {
  const handle = await open(path, flags)
  try {
    await handle.writeFile(text)
    await handle.datasync()
  } finally {
    await handle.close()
  }
}

/** Of the longest: nothing of an older one is left behind it. */
const OCTETS_MAX = 64
