/**
 * How often a process started, and how often it died soon after: a small file in its state folder. One that dies at
 * every start, for whatever is in its journal, is to start in another way.
 */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { unless } from './file-error.ts'

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

/** Counts this start. `deathsMax`: so many in a row are followed by a safe start; 0: none is. */
export async function countStart(folder: string, deathsMax: number): Promise<Start> {
  await mkdir(folder, { recursive: true })
  const path = join(folder, 'starts.json')
  const before = countsIn(await unless('ENOENT', readFile(path, 'utf8')))
  const isNews = !before.safe && deathsMax > 0 && before.deaths >= deathsMax
  const isSafe = before.safe || isNews
  const starts = before.starts + 1
  await put(path, { starts, deaths: before.deaths + 1, safe: before.safe })
  let staysSafe = before.safe
  return {
    starts,
    isSafe,
    isNews,
    enterSafe() {
      staysSafe = true
      return put(path, { starts, deaths: 0, safe: true })
    },
    survived: () => put(path, { starts, deaths: 0, safe: staysSafe }),
    recover() {
      staysSafe = false
      return put(path, { starts, deaths: 0, safe: false })
    },
  }
}

/** A file that cannot be read counts as none: it must not keep a spacecraft from starting. */
function countsIn(text: string | undefined): Counts {
  const found = /^\{"starts":(\d{1,9}),"deaths":(\d{1,9}),"safe":(true|false)\}$/.exec(text ?? '')
  const [, starts = 0, deaths = 0, safe] = found ?? []
  return { starts: Number(starts), deaths: Number(deaths), safe: safe === 'true' }
}

async function put(path: string, counts: Counts): Promise<void> {
  await writeFile(`${path}.new`, JSON.stringify(counts))
  await rename(`${path}.new`, path)
}
