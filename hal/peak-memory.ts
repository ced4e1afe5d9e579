/** The most memory that this process ever had in use, in octets. */
import { readFileSync } from 'node:fs'

/**
 * From /proc where there is one: getrusage() answers the peak of the parent too, when that was higher.
 */
export function peakMemoryOctets(): number {
  try {
    const found = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))
    if (found !== null) return Number(found[1]) * 1_024
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
  }
  return process.resourceUsage().maxRSS * 1_024
}
