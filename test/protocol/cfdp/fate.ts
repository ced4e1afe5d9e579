/** What becomes of PDUs between two entities. */
import { Random } from '../../kit/random.ts'

/** Of a hundred PDUs so many are lost, and so many come twice. Seed 0: a good line. */
export function percent(seed: number, harmed: number): () => number {
  const random = new Random(seed)
  return () => {
    if (seed === 0) return 1
    const dice = random.below(100)
    if (dice < harmed) return 0
    return dice < 2 * harmed ? 2 : 1
  }
}
