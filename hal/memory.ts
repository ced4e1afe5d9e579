/** How much memory the runtime may take for itself. */
import { setFlagsFromString } from 'node:v8'

/**
 * For a process on a board, as early as can be: room for new objects, 1 MB at the start, does not grow. Else
 * V8 takes 8 MB more as soon as files go down, and collects more rarely, at rates that no board has.
 * The same as `node --max-semi-space-size=1`, without anybody having to think of it.
 */
export function staySmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1')
}
