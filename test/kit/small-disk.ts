/** A disk of few octets, for tests of what happens when it is full. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { isDiskFull } from '../../hal/file-error.ts'

export interface SmallDisk {
  readonly folder: string
  /** Leaves so many octets free. */
  fill(octetsFree: number): void
  /** Takes away what fill() put there. */
  relieve(): void
}

/** Undefined where this user may not mount one: the test says so and ends. */
export function smallDisk(t: Test, folder: string, octets: number): SmallDisk | undefined {
  mkdirSync(folder, { recursive: true })
  const options = ['-t', 'tmpfs', '-o', `size=${octets}`, 'tmpfs', folder]
  if (spawnSync('mount', options).status !== 0) {
    t.pass('a full disk', {
      skip: `a tmpfs cannot be mounted here (user ${process.getuid?.() ?? '?'})`,
    })
    return undefined
  }
  // Lazily, for the processes that have files open there end after this.
  const unmount = () => spawnSync('umount', ['-l', folder])
  process.prependListener('exit', unmount)
  t.teardown(() => {
    unmount()
    process.off('exit', unmount)
  })
  const ballast = join(folder, '.ballast')
  return {
    folder,
    fill(octetsFree) {
      // Who works there may take of the room before the ballast has it.
      for (let isFull = false; !isFull; ) {
        const { bavail, bsize } = statfsSync(folder)
        const octets = Math.max(0, bavail * bsize - octetsFree)
        isFull = octets === 0
        try {
          writeFileSync(ballast, new Uint8Array(octets), { flag: 'a' })
        } catch (error) {
          if (!isDiskFull(error)) throw error
        }
      }
    },
    relieve: () => rmSync(ballast, { force: true }),
  }
}
