/** What a fault of ours does to a process: one line in the log, and an end that a supervisor sees. */
import type { Log } from './log.ts'

/** As sysexits.h calls it EX_SOFTWARE: the program is at fault, not its input and not the system. */
export const FATAL = 70

/**
 * From now on whatever nobody catches, promises included, is logged as `fatal` and ends the process with code
 * FATAL: it never goes on half alive. Answers the function that does it.
 */
export function endOnFault(log: Log): (fault: unknown) => never {
  const end = (fault: unknown): never => {
    const stack = fault instanceof Error ? fault.stack : undefined
    log.error('fatal', { why: String(fault), stack })
    process.exit(FATAL)
  }
  // Rejections that nobody waits for come here, too.
  process.on('uncaughtException', end)
  return end
}
