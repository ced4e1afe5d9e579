/** A driver in the world: over a line, run by the one loop, with the face of a modem. */
import { drive } from '../drive.ts'
import { Inbox } from '../inbox.ts'
import {
  type Clock,
  type Modem,
  type ModemCapabilities,
  ModemClosed,
  type ModemCounters,
  type SendOutcome,
} from '../ports.ts'
import { Reception } from '../reception.ts'
import { Driven, type DrivenEffect, type DrivenInput } from './driven.ts'
import type { HostLine, ModemDriver, Telemetry } from './driver.ts'

export interface DrivenParts {
  readonly line: HostLine
  readonly driver: ModemDriver
  readonly clock: Clock
  /** Octets that may wait for the modem without being asked to wait. */
  readonly queueOctets: number
}

export class DrivenModem implements Modem {
  readonly capabilities: ModemCapabilities
  /** When the newest octets were heard, if the modem says: UTC in milliseconds since 1970. */
  heardUtcMs: number | undefined
  readonly #line: HostLine
  readonly #driven: Driven<Sending>
  readonly #queueOctets: number
  readonly #inbox = new Inbox<DrivenInput<Sending>>()
  readonly #reception = new Reception(() => this.#resume())
  readonly #closing = new AbortController()
  readonly #ending = new Promise<void>(resolve => {
    this.#closing.signal.addEventListener('abort', () => resolve(), { once: true })
  })
  readonly #running: Promise<void>
  readonly #sends = new Set<Sending>()
  #mayTransmit = true
  #octetsIn = 0
  #octetsOut = 0
  /** Octets of sends that are not settled. */
  #waitingOctets = 0
  #rooms: { readonly octets: number; readonly resolve: () => void }[] = []
  #resume: () => void = () => {}
  #probed: ((fields: Telemetry) => void)[] = []
  #closed: Promise<void> | undefined

  constructor({ line, driver, clock, queueOctets }: DrivenParts) {
    this.capabilities = driver.capabilities
    this.#line = line
    this.#driven = new Driven(driver)
    this.#queueOctets = queueOctets
    line.watch(isThere => {
      this.#inbox.post({ kind: 'line', isThere })
      this.#tellRoom()
    })
    const looped = drive({
      machine: this.#driven,
      inbox: this.#inbox,
      clock,
      perform: effects => this.#perform(effects),
      signal: this.#closing.signal,
    })
    this.#running = Promise.all([looped, this.#hear()]).then(() => undefined)
  }

  received(): AsyncIterable<Uint8Array> {
    return this.#reception
  }

  get roomOctets(): number {
    if (!this.#line.counters.isOpen || this.#isClosed) return 0
    return Math.max(0, this.#queueOctets - this.#waitingOctets)
  }

  async room(octets: number): Promise<void> {
    if (this.#hasRoom(octets)) return
    await new Promise<void>(resolve => this.#rooms.push({ octets, resolve }))
  }

  send(octets: Uint8Array): Promise<SendOutcome> {
    if (this.#isClosed) return Promise.reject(new ModemClosed('Cannot send: the modem is closed'))
    if (octets.length === 0) return Promise.resolve('accepted')
    return new Promise((resolve, reject) => {
      const sending = { octets: octets.length, resolve, reject }
      this.#sends.add(sending)
      this.#waitingOctets += octets.length
      this.#inbox.post({ kind: 'send', octets, token: sending })
    })
  }

  get counters(): ModemCounters {
    const { opens, errors, lastError, isOpen } = this.#line.counters
    return {
      octetsIn: this.#octetsIn,
      octetsOut: this.#octetsOut,
      opens,
      errors,
      lastError,
      isOpen,
      events: this.#driven.events,
    }
  }

  /** Asks the modem who and how it is. Undefined if `signal` aborts first. */
  probe(signal: AbortSignal): Promise<Telemetry | undefined> {
    return new Promise(resolve => {
      signal.addEventListener('abort', () => resolve(undefined), { once: true })
      this.#probed.push(resolve)
      this.#inbox.post({ kind: 'probe' })
    })
  }

  /** Whether it may send: a modem that stores files gets them, but keeps them until then. */
  transmit(enabled: boolean): void {
    if (enabled === this.#mayTransmit) return
    this.#mayTransmit = enabled
    this.#inbox.post({ kind: 'transmit', enabled })
  }

  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  get #isClosed(): boolean {
    return this.#closing.signal.aborted
  }

  /** Reads no more off the line while the reader is slow. */
  async #hear(): Promise<void> {
    for await (const octets of this.#line.received()) {
      this.#inbox.post({ kind: 'octets', octets })
      if (this.#inbox.length >= HIGH_WATER)
        await Promise.race([this.#inbox.below(HIGH_WATER), this.#ending])
      while (this.#reception.isFull && !this.#isClosed)
        await new Promise<void>(resolve => {
          this.#resume = resolve
        })
    }
  }

  /** Never waits: what is written waits in the line, and the machine is told when it is there. */
  async #perform(effects: readonly DrivenEffect<Sending>[]): Promise<void> {
    for (const effect of effects) {
      if (effect.kind === 'write') void this.#write(effect.octets)
      else if (effect.kind === 'settled') this.#settle(effect.token, effect.outcome)
      else if (effect.kind === 'telemetry')
        for (const tell of this.#probed.splice(0)) tell(effect.fields)
      else {
        this.#octetsIn += effect.octets.length
        this.heardUtcMs = effect.utcMs
        this.#reception.push(effect.octets)
      }
    }
  }

  async #write(octets: Uint8Array): Promise<void> {
    try {
      const outcome = await this.#line.send(octets)
      this.#inbox.post({ kind: 'written', outcome })
    } catch (error) {
      // Closed: the loop ends.
      if (!(error instanceof ModemClosed)) throw error
    }
  }

  #settle(sending: Sending, outcome: SendOutcome): void {
    this.#sends.delete(sending)
    this.#waitingOctets -= sending.octets
    if (outcome === 'accepted') this.#octetsOut += sending.octets
    sending.resolve(outcome)
    this.#tellRoom()
  }

  #tellRoom(): void {
    const waiting = this.#rooms.splice(0)
    this.#rooms = waiting.filter(({ octets }) => !this.#hasRoom(octets))
    for (const { octets, resolve } of waiting) if (this.#hasRoom(octets)) resolve()
  }

  #hasRoom(octets: number): boolean {
    return this.#isClosed || this.roomOctets >= Math.min(octets, this.#queueOctets)
  }

  async #close(): Promise<void> {
    this.#closing.abort()
    await this.#line.close()
    this.#resume()
    await this.#running
    this.#waitingOctets = 0
    for (const sending of this.#sends)
      sending.reject(new ModemClosed('Cannot send: the modem was closed'))
    this.#sends.clear()
    this.#tellRoom()
    this.#reception.end()
  }
}

interface Sending {
  readonly octets: number
  readonly resolve: (outcome: SendOutcome) => void
  readonly reject: (error: Error) => void
}

/** Chunks off the line that may wait for the machine. */
const HIGH_WATER = 16
