/** The clock of this computer. The only file of the house that winds a timer. */
import { performance } from 'node:perf_hooks'
import type { Instant } from '../protocol/machine.ts'
import type { Clock } from './ports.ts'

export const systemClock: Clock = {
  now: () => performance.now(),
  utcMs: () => Date.now(),
  until,
}

/**
 * A timer counts whole milliseconds of another clock and may ring early, so it is wound again until the
 * deadline is truly past. One that is past already still lets the event loop turn once.
 */
function until(deadline: Instant, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) return resolve()
    // So soon that nobody need cut it short: who is always late leaves no listener behind.
    if (deadline <= performance.now()) return void setImmediate(resolve)
    let timer: NodeJS.Timeout | undefined
    const end = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const wind = () => {
      const leftMs = deadline - performance.now()
      if (leftMs > 0) timer = setTimeout(wind, Math.min(Math.ceil(leftMs), TIMER_MS_MAX))
      else end()
    }
    signal.addEventListener('abort', end)
    wind()
  })
}

/** Node takes a longer time for 1 ms. */
const TIMER_MS_MAX = 2 ** 31 - 1
