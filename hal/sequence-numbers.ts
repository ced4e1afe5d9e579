/**
 * Transaction sequence numbers of an entity, so that none is used twice, by whatever processes, before or after
 * whatever crash. A number stands for itself: `<folder>/512` says that those below 512 may have been used.
 *
 * All claim equally many. So of those who saw the same numbers only one makes the next, and who saw what has been
 * removed since finds a higher one beside its own, for nothing is removed but by who made a higher one.
 */
import { constants } from 'node:fs'
import { mkdir, open, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { unless } from './file-error.ts'

/** [start, end): from now on the caller's alone, whether it uses them or not. */
export interface NumberRange {
  readonly start: number
  readonly end: number
}

/** How many are claimed at a time. */
export const CLAIMED = 256

/** Resolves when the disk has it. */
export async function claimNumbers(folder: string): Promise<NumberRange> {
  await mkdir(folder, { recursive: true })
  for (;;) {
    const range = await claimAfter(await numbersIn(folder), folder)
    if (range !== undefined) return range
  }
}

/** One attempt by who saw `numbers` there, however long ago. Undefined: others have gone on since. */
export async function claimAfter(
  numbers: readonly number[],
  folder: string,
): Promise<NumberRange | undefined> {
  const start = Math.max(1, ...numbers)
  const end = start + CLAIMED
  const claim = await unless('EEXIST', open(join(folder, `${end}`), 'wx', 0o600))
  if (claim === undefined) return undefined
  await claim.close()
  const now = await numbersIn(folder)
  if (Math.max(...now) > end) return undefined
  const handle = await open(folder, constants.O_RDONLY)
  await handle.sync()
  await handle.close()
  for (const number of now)
    if (number < end - KEPT * CLAIMED) await rm(join(folder, `${number}`), { force: true })
  return { start, end }
}

export async function numbersIn(folder: string): Promise<number[]> {
  return (await readdir(folder)).filter(name => /^\d+$/.test(name)).map(Number)
}

/** A folder that changes while it is read may be read wrong: so many claims would have to fall into one reading. */
const KEPT = 16
