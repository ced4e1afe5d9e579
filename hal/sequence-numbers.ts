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
    const start = Math.max(1, ...(await numbersIn(folder)))
    const end = start + CLAIMED
    const claim = await unless('EEXIST', open(join(folder, `${end}`), 'wx', 0o600))
    if (claim === undefined) continue
    await claim.close()
    const numbers = await numbersIn(folder)
    if (Math.max(...numbers) > end) continue
    const handle = await open(folder, constants.O_RDONLY)
    await handle.sync()
    await handle.close()
    for (const number of numbers)
      if (number < end - KEPT * CLAIMED) await rm(join(folder, `${number}`), { force: true })
    return { start, end }
  }
}

async function numbersIn(folder: string): Promise<number[]> {
  return (await readdir(folder)).filter(name => /^\d+$/.test(name)).map(Number)
}

/** A folder that changes while it is read may be read wrong: so many claims would have to fall into one reading. */
const KEPT = 16
