/** How much memory the runtime may take for itself. */
import { setFlagsFromString } from 'node:v8'

/**
 * For a process on a board, as early as can be, so that nobody has to think of options of Node. The figures are
 * those of a file of 1 GB going down; `make bench` measures the sum of them.
 */
export function staySmall(): void {
  // Collects old objects by what is left of them, not by what the machine has: 13 MB, for a quarter more work.
  setFlagsFromString('--optimize-for-size')
  // Room for new objects, 1 MB at the start, does not grow, as --max-semi-space-size=1 would have it: 5 MB.
  setFlagsFromString('--semi-space-growth-factor=1')
  // What grew old is looked through when a tenth of what may grow has grown, and not when all has: 3 MB.
  setFlagsFromString('--incremental-marking-hard-trigger=10')
  // The compiler takes functions into others up to a third of what it usually would: 1.5 MB.
  setFlagsFromString('--max-inlined-bytecode-size=150')
  setFlagsFromString('--max-inlined-bytecode-size-cumulative=300')
  // It compiles what has run four times as long as it usually would: 0.4 MB.
  setFlagsFromString('--interrupt-budget=270000')
}
