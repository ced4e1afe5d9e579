/** How much memory the runtime may take for itself. */
import { setFlagsFromString } from 'node:v8'

/**
 * For a process on a board, as early as can be, so that nobody has to think of options of Node. The figures are
 * those of a file going down; `make bench` measures them again.
 */
export function staySmall(): void {
  // Room for new objects, 1 MB at the start, does not grow: as --max-semi-space-size=1 would have it. 5 MB.
  setFlagsFromString('--semi-space-growth-factor=1')
  // The Reed-Solomon kernel is compiled once, well, and only what is called of it: 1 MB less than a draft first.
  setFlagsFromString('--no-liftoff')
  setFlagsFromString('--wasm-lazy-compilation')
  // The compiler takes functions into others up to a third of what it usually would. 1.5 MB, and no slower.
  setFlagsFromString('--max-inlined-bytecode-size=150')
  setFlagsFromString('--max-inlined-bytecode-size-cumulative=300')
}
