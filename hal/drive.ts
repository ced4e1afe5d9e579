/** The one loop that runs a machine in the world: all concurrency of the house meets here. */
import type { Instant, Machine } from '../protocol/machine.ts'
import type { Inbox } from './inbox.ts'
import { type Clock, ModemClosed } from './ports.ts'

export interface Drive<Input, Effect> {
  readonly machine: Machine<Input, Effect>
  readonly inbox: Inbox<Input>
  readonly clock: Clock
  /**
   * Does what the machine asked for, strictly in order, and resolves when all of it is done. It gets every
   * effect of one step at once, so that neighbouring journal records can share a flush.
   */
  readonly perform: (effects: readonly Effect[]) => Promise<void>
  /** Ends the loop, after the effects that are being performed. */
  readonly signal: AbortSignal
}

/**
 * Drains before it waits: the first effects of a machine leave at once, not one timeout late. Inputs are
 * taken one by one with a drain after each; a deadline that is due takes turns with them, so neither
 * starves. Rejects when `perform` does; a modem closed to end a stalled send after the abort is no error.
 */
export async function drive<Input, Effect>(one: Drive<Input, Effect>): Promise<void> {
  const { machine, inbox, clock, perform, signal } = one
  const sleep = new Sleep(clock, signal)
  let ticked = false
  for (;;) {
    const effects = machine.drain()
    if (effects.length > 0 && (await stopped(perform(effects), signal))) return
    if (signal.aborted) return

    const isDue = machine.deadline !== undefined && machine.deadline <= clock.now()
    if (isDue && !(ticked && inbox.length > 0)) {
      // A deadline that stays due must not keep the event loop from turning.
      if (ticked) await sleep.until(machine.deadline, inbox)
      machine.tick(clock.now())
      ticked = true
      continue
    }
    ticked = false
    const input = inbox.take()
    if (input !== undefined) machine.receive(input, clock.now())
    else await sleep.until(machine.deadline, inbox)
  }
}

/** One listener on the signal for the life of the loop; each wait has its own alarm. */
class Sleep {
  readonly #clock: Clock
  #alarm = new AbortController()

  constructor(clock: Clock, signal: AbortSignal) {
    this.#clock = clock
    signal.addEventListener('abort', () => this.#alarm.abort(), { once: true })
  }

  async until(deadline: Instant | undefined, inbox: Inbox<unknown>): Promise<void> {
    this.#alarm = new AbortController()
    const { signal } = this.#alarm
    await Promise.race([inbox.arrival(), this.#clock.until(deadline ?? Infinity, signal)])
    this.#alarm.abort()
  }
}

/** Waits for the performance. Answers true if it was cut short by closing a modem after the abort. */
async function stopped(performance: Promise<void>, signal: AbortSignal): Promise<boolean> {
  try {
    await performance
    return false
  } catch (error) {
    if (signal.aborted && error instanceof ModemClosed) return true
    throw error
  }
}
