/** Two modems and the air between them, in memory and without time. */
import { type Carrier, LineModem } from '../line-modem.ts'

/** What the air makes of octets: none, some, changed, in any pieces. Answers octets of its own. */
export type Air = (octets: Uint8Array) => readonly Uint8Array[]

export interface SimModemPair {
  readonly near: SimModem
  readonly far: SimModem
}

/** `down` is the air from near to far, `up` the way back. */
export function simModems(down: Air = clear, up: Air = clear): SimModemPair {
  const near = new SimModem(down)
  const far = new SimModem(up)
  near.face(far)
  far.face(near)
  return { near, far }
}

/** Air that harms nothing, and brings every octet alone. */
export function octetByOctet(octets: Uint8Array): readonly Uint8Array[] {
  return Array.from(octets, octet => Uint8Array.of(octet))
}

export class SimModem extends LineModem {
  readonly #air: Air
  #far: SimModem | undefined
  #isStalled = false
  #isPaused = false
  /** A write that the stalled line, or the far end's slow reader, has not taken. */
  #waiting: (() => void) | undefined

  constructor(air: Air) {
    super(4_096)
    this.#air = air
    this.up(this.#carrier)
  }

  /** Whom it talks to. */
  face(far: SimModem): void {
    this.#far = far
  }

  /** The line takes nothing more, until go(). */
  stall(): void {
    this.#isStalled = true
  }

  go(): void {
    this.#isStalled = false
    this.#take()
  }

  /** The cable is pulled: what the line was taking is lost, and nothing is heard. */
  unplug(): void {
    this.down()
    this.erred(new Error('The cable was pulled'))
    this.#isStalled = false
    this.#take()
  }

  plug(): void {
    this.#isPaused = false
    if (!this.counters.isOpen && !this.isClosed) this.up(this.#carrier)
  }

  readonly #carrier: Carrier = {
    write: (octets, done) => {
      this.#waiting = () => {
        const isThere = this.counters.isOpen
        if (isThere) for (const chunk of this.#air(octets)) this.#far?.hear(chunk)
        done(isThere ? null : new Error('The cable was pulled'))
      }
      // As a real line, it never answers before the call returns.
      queueMicrotask(() => this.#take())
    },
    pause: () => {
      this.#isPaused = true
    },
    resume: () => {
      this.#isPaused = false
      this.#far?.go()
    },
  }

  hear(octets: Uint8Array): void {
    if (this.counters.isOpen) this.heard(octets)
  }

  #take(): void {
    if (this.#isStalled || this.#far?.isHeldBack === true) return
    const taken = this.#waiting
    this.#waiting = undefined
    taken?.()
  }

  /** Its reader is slow. */
  get isHeldBack(): boolean {
    return this.#isPaused && this.counters.isOpen
  }

  protected override async release(): Promise<void> {
    this.#waiting = undefined
    this.#far?.go()
  }
}

function clear(octets: Uint8Array): readonly Uint8Array[] {
  return [octets.slice()]
}
