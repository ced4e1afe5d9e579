/**
 * What all modems have in common: a line that comes and goes, a queue of sends before it, a queue of what
 * was heard behind it. An adapter says when the line is up, carries octets one send at a time, and hands
 * over what it hears.
 */
import {
  type Modem,
  type ModemCapabilities,
  ModemClosed,
  type ModemCounters,
  type SendOutcome,
} from './ports.ts'
import { Reception } from './reception.ts'

/** The line while it is there. */
export interface Carrier {
  /** Answers once through `done`: the line has the octets, or an error and they are lost. Borrowed until then. */
  write(octets: Uint8Array, done: (error?: Error | null) => void): void
  /** Stops and starts what is heard: the reader is slow. */
  pause(): void
  resume(): void
}

interface Sending {
  readonly octets: Uint8Array
  readonly resolve: (outcome: SendOutcome) => void
  readonly reject: (error: Error) => void
}

export abstract class LineModem implements Modem {
  readonly capabilities: ModemCapabilities = STREAM
  readonly counters: ModemCounters = {
    octetsIn: 0,
    octetsOut: 0,
    opens: 0,
    errors: 0,
    lastError: undefined,
    isOpen: false,
  }
  readonly #queueOctets: number
  readonly #reception = new Reception(() => this.#carrier?.resume())
  #carrier: Carrier | undefined
  #watcher: (isThere: boolean) => void = () => {}
  #sends: Sending[] = []
  #queuedOctets = 0
  #isWriting = false
  #rooms: { readonly octets: number; readonly resolve: () => void }[] = []
  readonly #closing = new AbortController()
  #closed: Promise<void> | undefined

  /** @param queueOctets how much may wait before the line without being asked to wait */
  constructor(queueOctets: number) {
    this.#queueOctets = queueOctets
  }

  received(): AsyncIterable<Uint8Array> {
    return this.#reception
  }

  get roomOctets(): number {
    if (this.#carrier === undefined) return 0
    return Math.max(0, this.#queueOctets - this.#queuedOctets)
  }

  async room(octets: number): Promise<void> {
    if (this.#hasRoom(octets)) return
    await new Promise<void>(resolve => this.#rooms.push({ octets, resolve }))
  }

  send(octets: Uint8Array): Promise<SendOutcome> {
    if (this.isClosed) return Promise.reject(new ModemClosed('Cannot send: the modem is closed'))
    return new Promise((resolve, reject) => {
      this.#sends.push({ octets, resolve, reject })
      this.#queuedOctets += octets.length
      this.#writeNext()
    })
  }

  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  /** Tells `watcher` whether the line is there: now, and whenever that changes. One watcher. */
  watch(watcher: (isThere: boolean) => void): void {
    this.#watcher = watcher
    watcher(this.#carrier !== undefined)
  }

  /** The line is there from now on. */
  protected up(carrier: Carrier): void {
    this.#carrier = carrier
    this.counters.opens += 1
    this.counters.isOpen = true
    if (this.#reception.isFull) carrier.pause()
    this.#watcher(true)
    this.#writeNext()
    this.#tellRoom()
  }

  /** The line is away. What was being written to it is lost, as on the air; what waits goes on waiting. */
  protected down(): void {
    this.#carrier = undefined
    this.counters.isOpen = false
    this.#watcher(false)
  }

  /** Keeps `octets`: they must be nobody else's. */
  protected heard(octets: Uint8Array): void {
    this.counters.octetsIn += octets.length
    this.#reception.push(octets)
    if (this.#reception.isFull) this.#carrier?.pause()
  }

  protected erred(error: Error): void {
    this.counters.errors += 1
    this.counters.lastError = error.message
  }

  /** Lets the line go; `isStalled` says that it did not take all it was given. */
  protected abstract release(isStalled: boolean): Promise<void>

  protected get isClosed(): boolean {
    return this.#closing.signal.aborted
  }

  /** Aborts when the modem is closed. */
  protected get closing(): AbortSignal {
    return this.#closing.signal
  }

  #writeNext(): void {
    const carrier = this.#carrier
    const send = this.#sends[0]
    if (carrier === undefined || send === undefined || this.#isWriting) return
    this.#isWriting = true
    carrier.write(send.octets, error => {
      this.#isWriting = false
      // After close() the send was rejected and is no longer there.
      if (this.#sends[0] !== send) return
      this.#sends.shift()
      this.#queuedOctets -= send.octets.length
      const isTaken = error === undefined || error === null
      if (isTaken) this.counters.octetsOut += send.octets.length
      send.resolve(isTaken ? 'accepted' : 'unknown')
      this.#writeNext()
      this.#tellRoom()
    })
  }

  #tellRoom(): void {
    const waiting = this.#rooms.splice(0)
    this.#rooms = waiting.filter(({ octets }) => !this.#hasRoom(octets))
    for (const { octets, resolve } of waiting) if (this.#hasRoom(octets)) resolve()
  }

  #hasRoom(octets: number): boolean {
    return this.isClosed || this.roomOctets >= Math.min(octets, this.#queueOctets)
  }

  async #close(): Promise<void> {
    const isStalled = this.#isWriting
    this.#closing.abort()
    this.#queuedOctets = 0
    const sends = this.#sends.splice(0)
    this.down()
    await this.release(isStalled)
    for (const send of sends) send.reject(new ModemClosed('Cannot send: the modem was closed'))
    this.#tellRoom()
    this.#reception.end()
  }
}

const STREAM: ModemCapabilities = {
  archetype: 'stream',
  frameOctetsMax: undefined,
  credit: 'none',
  rateBps: undefined,
  duplex: 'full',
}
