/** Housekeeping for tests to which its particulars do not matter. */
import { type Housekeeping, NUMBERS } from '../../protocol/command/housekeeping.ts'

export function someHousekeeping(changes: Partial<Housekeeping> = {}): Housekeeping {
  const numbers = Object.fromEntries(NUMBERS.map(([name]) => [name, 0]))
  const quiet = { isSafe: false, isFrozen: false, commandRefusal: '', planRefusal: '' }
  return { ...quiet, ...numbers, ...changes } as Housekeeping
}
