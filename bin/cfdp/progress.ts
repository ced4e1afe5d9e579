/** Tells a person at a terminal how far a transfer is that takes longer than a second. */
import { systemClock } from '../../hal/system-clock.ts'
import type { CfdpEntity } from '../../protocol/cfdp/entity.ts'
import { octetsText, percentText, rateText } from '../figures.ts'

/** Resolves when `signal` aborts. `octets` are those of all files. */
export async function showProgress(
  entity: CfdpEntity,
  octets: number,
  signal: AbortSignal,
  out: NodeJS.WriteStream = process.stderr,
): Promise<void> {
  if (!out.isTTY) return
  const begun = systemClock.now()
  let isShown = false
  for (;;) {
    await systemClock.until(systemClock.now() + STEP_MS, signal)
    if (signal.aborted) break
    const sent = entity.counters.sent.file_data_bytes
    const seconds = (systemClock.now() - begun) / 1_000
    const rate = rateText((8 * sent) / seconds)
    out.write(
      `\r\u001b[K${percentText(Math.min(sent, octets), octets)} of ${octetsText(octets)}, ${rate}`,
    )
    isShown = true
  }
  if (isShown) out.write('\r\u001b[K')
}

const STEP_MS = 1_000
