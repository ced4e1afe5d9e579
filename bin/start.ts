/** Runs an end, and says in a line why it could not start or had to give up. */
import { SocketTaken } from '../hal/control.ts'
import { errorCode } from '../hal/file-error.ts'
import { JournalRefused } from '../hal/journal/recovery.ts'
import { StateTaken } from '../hal/state-folder.ts'

/** @returns the exit code: 1 when the world is in the way; a fault of ours still flies */
export async function started(run: Promise<void>): Promise<number> {
  try {
    await run
    return 0
  } catch (error) {
    const isWorld =
      error instanceof SocketTaken ||
      error instanceof StateTaken ||
      error instanceof JournalRefused ||
      errorCode(error) !== undefined
    if (!(isWorld && error instanceof Error)) throw error
    process.stderr.write(`downpour: ${error.message}\n`)
    // What was opened by then, as a modem that waits for its device, would keep it alive.
    return process.exit(1)
  }
}
