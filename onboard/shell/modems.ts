/** The modems in the world: each is filled at its own pace, and what any of them hears comes in. */
import { type Inbox, pump } from '../../hal/inbox.ts'
import type { OpenedModems } from '../../hal/modem.ts'
import { Pace } from '../../hal/pace.ts'
import type { Clock, Modem, ModemCounters } from '../../hal/ports.ts'
import type { SpacecraftInput } from '../events.ts'
import type { Spacecraft } from '../spacecraft.ts'

interface Outlet {
  /** What contacts call it; undefined: it is the only one. */
  readonly name: string | undefined
  readonly modem: Modem
  readonly pace: Pace
}

export class Modems {
  readonly #machine: Spacecraft
  readonly #outlets: readonly Outlet[]
  readonly #receiver: Modem | undefined

  constructor({ modems, receiver }: OpenedModems, machine: Spacecraft, clock: Clock) {
    this.#machine = machine
    this.#receiver = receiver
    const { modems: named } = machine.settings
    this.#outlets = modems.map((modem, i) => {
      const line = {
        get rateBps() {
          return machine.rateBps(i)
        },
      }
      return { name: named?.[i]?.name, modem, pace: new Pace(line, clock) }
    })
  }

  /** Posts what is heard, until all are closed. */
  async hear(inbox: Inbox<SpacecraftInput>): Promise<void> {
    await Promise.all(
      this.#all.map((modem, line) =>
        pump(
          modem.received(),
          inbox,
          octets => ({ kind: 'octets', octets, line }) as const,
          HIGH_WATER,
        ),
      ),
    )
  }

  /** Resolves with how many octets a modem takes when that is `least` or more, or when it is closed. */
  async room(index: number, least: number, signal: AbortSignal): Promise<number> {
    const { modem, pace } = this.#outlets[index] as Outlet
    await pace.room(signal)
    await modem.room(least)
    return Math.min(pace.roomOctets(least), modem.roomOctets)
  }

  /** Resolves when the modem has them, or lost them. Rejects with ModemClosed once it is closed. */
  async send(index: number, octets: Uint8Array): Promise<void> {
    const { modem, pace } = this.#outlets[index] as Outlet
    pace.sent(octets.length)
    await modem.send(octets)
  }

  /** Tells each whether somebody hears it. */
  enable(): void {
    for (const [i, { modem }] of this.#outlets.entries()) modem.transmit?.(this.#machine.isHeard(i))
  }

  /** Of the modem, or of all of them together; of several also by their names. */
  get status(): { modem: ModemCounters; modems?: Readonly<Record<string, ModemCounters>> } {
    const [first] = this.#outlets
    if (first?.name === undefined) return { modem: { ...(first as Outlet).modem.counters } }
    const modems = Object.fromEntries(
      this.#outlets.map(({ name, modem }) => [name as string, { ...modem.counters }]),
    )
    return { modem: total(this.#all.map(({ counters }) => counters)), modems }
  }

  /** Those that are not there, in words. */
  get missing(): readonly string[] {
    const away = this.#outlets
      .filter(({ modem }) => !modem.counters.isOpen)
      .map(({ name }) => (name === undefined ? 'the modem' : `the modem ${name}`))
    if (this.#receiver?.counters.isOpen === false) away.push('the receiver')
    return away.map(which => `${which} is not there`)
  }

  async close(): Promise<void> {
    await Promise.all(this.#all.map(modem => modem.close()))
  }

  get #all(): readonly Modem[] {
    const modems = this.#outlets.map(({ modem }) => modem)
    return this.#receiver === undefined ? modems : [...modems, this.#receiver]
  }
}

function total(all: readonly ModemCounters[]): ModemCounters {
  const sum = (key: 'octetsIn' | 'octetsOut' | 'opens' | 'errors') =>
    all.reduce((count, counters) => count + counters[key], 0)
  return {
    octetsIn: sum('octetsIn'),
    octetsOut: sum('octetsOut'),
    opens: sum('opens'),
    errors: sum('errors'),
    lastError: all.find(({ lastError }) => lastError !== undefined)?.lastError,
    isOpen: all.every(({ isOpen }) => isOpen),
  }
}

/** Chunks off the line, of 64 KiB at most, that may wait for the machine: what waits longer waits in one. */
const HIGH_WATER = 4
