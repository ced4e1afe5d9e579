/** What an entity counted, told every so often and at the end. */
import { systemClock } from '../../hal/system-clock.ts'
import type { CfdpEntity } from '../../protocol/cfdp/entity.ts'
import { counterRows } from '../counter-lines.ts'

/** For people to standard error, so that standard output stays a list of files; as JSON with the rest. */
export function tellCounts({ counters, queues }: CfdpEntity, json: boolean): void {
  if (json) {
    const line = { event: 'counters', ...counters, q_size: queues }
    process.stdout.write(`${JSON.stringify(line)}\n`)
    return
  }
  const rows = counterRows(counters, queues).map(([name, value]) => `  ${name.padEnd(8)}${value}`)
  process.stderr.write(`${rows.join('\n')}\n`)
}

/** Until `signal` aborts. @param everyMs 0: never */
export async function tellCountsEvery(
  everyMs: number,
  entity: CfdpEntity,
  json: boolean,
  signal: AbortSignal,
): Promise<void> {
  if (everyMs === 0) return
  for (;;) {
    await systemClock.until(systemClock.now() + everyMs, signal)
    if (signal.aborted) return
    tellCounts(entity, json)
  }
}
