/** The far end of a pseudo-terminal, as the line of an emulated modem. */
import { type Clock, ModemClosed, type ModemCounters, type SendOutcome } from '../ports.ts'
import { openPty, type Pty } from '../pty.ts'
import type { HostLine } from './driver.ts'

export class PtyLine implements HostLine {
  readonly #pty: Pty
  readonly #clock: Clock
  readonly #closing = new AbortController()
  readonly counters: ModemCounters = {
    octetsIn: 0,
    octetsOut: 0,
    opens: 1,
    errors: 0,
    lastError: undefined,
    isOpen: true,
  }
  #sending: Promise<unknown> = Promise.resolve()

  private constructor(pty: Pty, clock: Clock) {
    this.#pty = pty
    this.#clock = clock
  }

  /** Undefined where this platform has no pseudo-terminals. */
  static async open(clock: Clock): Promise<PtyLine | undefined> {
    const pty = await openPty()
    return pty && new PtyLine(pty, clock)
  }

  /** Of the device that a serial port opens. */
  get path(): string {
    return this.#pty.path
  }

  async *received(): AsyncIterable<Uint8Array> {
    const { signal } = this.#closing
    while (!signal.aborted) {
      const octets = this.#pty.read(READ_OCTETS)
      if (octets === undefined) await this.#pty.readable(this.#clock, signal)
      else {
        this.counters.octetsIn += octets.length
        yield octets
      }
    }
  }

  send(octets: Uint8Array): Promise<SendOutcome> {
    const sent = this.#sending.then(() => this.#send(octets))
    this.#sending = sent.catch(() => {})
    return sent
  }

  watch(watcher: (isThere: boolean) => void): void {
    watcher(true)
  }

  async close(): Promise<void> {
    this.#closing.abort()
    this.counters.isOpen = false
    await this.#sending
    this.#pty.close()
  }

  async #send(octets: Uint8Array): Promise<SendOutcome> {
    const { signal } = this.#closing
    for (let at = 0; at < octets.length; ) {
      if (signal.aborted) throw new ModemClosed('Cannot send: the line was closed')
      const count = this.#pty.write(octets.subarray(at))
      at += count
      this.counters.octetsOut += count
      if (count === 0) await this.#clock.until(this.#clock.now() + RETRY_MS, signal)
    }
    return 'accepted'
  }
}

const READ_OCTETS = 8_192
const RETRY_MS = 2
