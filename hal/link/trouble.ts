/** What a line does when it is not well, until it is told to stop. */

export const TROUBLES = ['stall', 'noise', 'crumbs', 'inverted'] as const

/**
 * stall: takes nothing and brings nothing, and who writes is held back; noise: random octets at the rate of the
 * line in the place of all others; crumbs: octets are handed over one at a time; inverted: every bit is turned over.
 */
export type Trouble = (typeof TROUBLES)[number]

export function isTrouble(value: unknown): value is Trouble {
  return (TROUBLES as readonly unknown[]).includes(value)
}
