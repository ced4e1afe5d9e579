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
    const waiters = waitersOf(signal)
    const end = () => {
      clearTimeout(timer)
      resolve()
    }
    const wind = () => {
      const leftMs = deadline - performance.now()
      if (leftMs > 0) timer = setTimeout(wind, Math.min(Math.ceil(leftMs), TIMER_MS_MAX))
      else {
        forget(waiters, end)
        end()
      }
    }
    waiters.push(end)
    wind()
  })
}

/**
 * Those who wait on a signal. It has one listener for all of them: to add one per wait and take it away again
 * leaves old tables behind, which at a hundred waits a second fill megabytes before they are collected.
 */
function waitersOf(signal: AbortSignal): (() => void)[] {
  const known = WAITERS.get(signal)
  if (known !== undefined) return known
  const waiters: (() => void)[] = []
  WAITERS.set(signal, waiters)
  const endAll = () => {
    for (const end of waiters.splice(0)) end()
  }
  signal.addEventListener('abort', endAll, { once: true })
  return waiters
}

function forget(waiters: (() => void)[], end: () => void): void {
  const last = waiters.pop()
  if (last !== undefined && last !== end) waiters[waiters.indexOf(end)] = last
}

const WAITERS = new WeakMap<AbortSignal, (() => void)[]>()

/** Node takes a longer time for 1 ms. */
const TIMER_MS_MAX = 2 ** 31 - 1
