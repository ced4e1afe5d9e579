/** A driver with the queue before it: whole sends go in, and come out settled. Pure, as the driver is. */
import type { Instant, Machine } from '../../protocol/machine.ts'
import type { DriverEffect, DriverInput, ModemDriver } from './driver.ts'
import { FrameQueue, type Settled } from './frame-queue.ts'

export type DrivenInput<Token> =
  | Exclude<DriverInput, { readonly kind: 'frame' }>
  /** Borrowed until the token is settled. */
  | { readonly kind: 'send'; readonly octets: Uint8Array; readonly token: Token }

export type DrivenEffect<Token> =
  | Exclude<DriverEffect, { readonly kind: 'outcome' }>
  | ({ readonly kind: 'settled' } & Settled<Token>)

export class Driven<Token> implements Machine<DrivenInput<Token>, DrivenEffect<Token>> {
  readonly driver: ModemDriver
  readonly #queue: FrameQueue<Token>
  readonly #frames = { accepted: 0, rejected: 0, unknown: 0 }
  #effects: DrivenEffect<Token>[] = []

  constructor(driver: ModemDriver) {
    this.driver = driver
    const { capabilities, packsSends } = driver
    this.#queue = new FrameQueue(capabilities.frameOctetsMax ?? STREAM_OCTETS, packsSends)
  }

  get events(): Readonly<Record<string, number>> {
    const { accepted, rejected, unknown } = this.#frames
    return {
      'frames accepted': accepted,
      'frames rejected': rejected,
      'frames unknown': unknown,
      ...this.driver.events,
    }
  }

  get deadline(): Instant | undefined {
    return this.driver.deadline
  }

  receive(input: DrivenInput<Token>, now: Instant): void {
    if (input.kind === 'send') this.#queue.push(input.octets, input.token)
    else this.driver.receive(input, now)
    this.#carry(now)
    if (input.kind === 'line' && !input.isThere) this.#settle(this.#queue.forgetBegun())
  }

  tick(now: Instant): void {
    this.driver.tick(now)
    this.#carry(now)
  }

  drain(): readonly DrivenEffect<Token>[] {
    const effects = this.#effects
    if (effects.length > 0) this.#effects = []
    return effects
  }

  #carry(now: Instant): void {
    this.#gather()
    while (this.driver.roomFrames > 0) {
      const octets = this.#queue.take()
      if (octets === undefined) break
      this.driver.receive({ kind: 'frame', octets }, now)
      this.#gather()
    }
  }

  #gather(): void {
    for (const effect of this.driver.drain()) {
      if (effect.kind !== 'outcome') this.#effects.push(effect)
      else {
        this.#frames[effect.outcome] += 1
        this.#settle(this.#queue.tell(effect.outcome))
      }
    }
  }

  #settle(settled: readonly Settled<Token>[]): void {
    for (const { token, outcome } of settled)
      this.#effects.push({ kind: 'settled', token, outcome })
  }
}

/** What is handed at once to a modem that carries a stream. */
const STREAM_OCTETS = 2_048
