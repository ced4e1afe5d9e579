/**
 * Transaction sequence numbers of an entity, so that none is used twice, by whatever processes, before or after
 * whatever crash. A number stands for itself: `<folder>/512` says that those below 512 may have been used.
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

/** Resolves when the disk has it. */
export async function claimNumbers(folder: string, count: number): Promise<NumberRange> {
  await mkdir(folder, { recursive: true })
  for (;;) {
    const names = (await readdir(folder)).filter(name => /^\d+$/.test(name))
    const start = Math.max(1, ...names.map(Number))
    const end = start + count
    // Only one of those who saw the same names makes the next.
    const claim = await unless('EEXIST', open(join(folder, `${end}`), 'wx', 0o600))
    if (claim === undefined) continue
    await claim.close()
    const handle = await open(folder, constants.O_RDONLY)
    await handle.sync()
    await handle.close()
    for (const name of names) await rm(join(folder, name), { force: true })
    return { start, end }
  }
}
