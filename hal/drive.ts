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
  const alarm = new Alarm(one.inbox, one.clock)
  const wake = () => one.inbox.wake()
  one.signal.addEventListener('abort', wake, { once: true })
  try {
    await turn(one, alarm)
  } finally {
    one.signal.removeEventListener('abort', wake)
    alarm.stop()
  }
}

async function turn<Input, Effect>(one: Drive<Input, Effect>, alarm: Alarm): Promise<void> {
  const { machine, inbox, clock, perform, signal } = one
  let ticked = false
  for (;;) {
    const effects = machine.drain()
    if (effects.length > 0 && (await stopped(perform(effects), signal))) return
    if (signal.aborted) return

    const isDue = machine.deadline !== undefined && machine.deadline <= clock.now()
    if (isDue && !(ticked && inbox.length > 0)) {
      // A deadline that stays due must not keep the event loop from turning.
      if (ticked) await alarm.until(machine.deadline)
      machine.tick(clock.now())
      ticked = true
      continue
    }
    ticked = false
    const input = inbox.take()
    if (input !== undefined) machine.receive(input, clock.now())
    else await alarm.until(machine.deadline)
  }
}

/**
 * Wakes the taker of the inbox at a deadline. It is wound anew for an earlier one alone: one that rings too
 * early costs a turn of the loop, but to wind it at each turn would leave a signal behind each time, and
 * those are collected so late that they fill the memory of a board.
 */
class Alarm {
  readonly #inbox: Inbox<unknown>
  readonly #clock: Clock
  #ringsAt: Instant = Infinity
  #winding = new AbortController()

  constructor(inbox: Inbox<unknown>, clock: Clock) {
    this.#inbox = inbox
    this.#clock = clock
  }

  /** Resolves when an input waits or the deadline is there; maybe before. */
  async until(deadline: Instant = Infinity): Promise<void> {
    if (deadline < this.#ringsAt) void this.#wind(deadline)
    await this.#inbox.arrival()
  }

  stop(): void {
    this.#winding.abort()
  }

  async #wind(deadline: Instant): Promise<void> {
    this.#winding.abort()
    const winding = new AbortController()
    this.#winding = winding
    this.#ringsAt = deadline
    await this.#clock.until(deadline, winding.signal)
    if (winding.signal.aborted) return
    this.#ringsAt = Infinity
    this.#inbox.wake()
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
