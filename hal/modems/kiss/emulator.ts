/** A TNC as direwolf is one: takes KISS frames into its queue, and says how long that is when it is asked. */
import type { Instant } from '../../../protocol/machine.ts'
import type { Air } from '../air-pace.ts'
import type { EmulatorEffect, EmulatorInput, ModemEmulator } from '../emulator.ts'
import { Mischief } from '../mischief.ts'
import { Transmitter } from '../transmitter.ts'
import { encodeKiss, KISS, KissDecoder, type KissFrame } from './frame.ts'

export interface KissEmulation {
  readonly air: Air
  /** Sends a timestamp before each frame, as gr-satellites does. */
  readonly utcMs?: (now: Instant) => number
  readonly mischief?: Mischief
}

export class KissEmulator implements ModemEmulator {
  readonly #mischief: Mischief
  readonly #utcMs: ((now: Instant) => number) | undefined
  readonly #decoder = new KissDecoder(FRAME_OCTETS_MAX)
  readonly #transmitter: Transmitter
  #effects: EmulatorEffect[] = []
  readonly counters = { framesIn: 0, framesOut: 0, dropped: 0, asked: 0 }

  constructor({ air, utcMs, mischief = new Mischief() }: KissEmulation) {
    this.#mischief = mischief
    this.#utcMs = utcMs
    this.#transmitter = new Transmitter(air, BUFFER_FRAMES)
  }

  get deadline(): Instant | undefined {
    return this.#transmitter.deadline
  }

  receive(input: EmulatorInput, now: Instant): void {
    this.tick(now)
    if (input.kind === 'air') this.#hear(input.octets, now)
    else for (const frame of this.#decoder.push(input.octets)) this.#take(frame, now)
  }

  tick(now: Instant): void {
    for (const octets of this.#transmitter.left(now)) {
      this.counters.framesOut += 1
      this.#effects.push({ kind: 'air', octets })
    }
  }

  reboot(): void {
    this.#decoder.reset()
    this.#transmitter.clear()
  }

  drain(): readonly EmulatorEffect[] {
    const effects = this.#effects
    if (effects.length > 0) this.#effects = []
    return effects
  }

  #take({ port, command, octets }: KissFrame, now: Instant): void {
    if (command === KISS.setHardware) this.#answer(port, new TextDecoder().decode(octets))
    else if (command === KISS.data) {
      const isLost = this.#mischief.strikes('overrun', OVERRUN_ONE_IN)
      if (isLost || !this.#transmitter.take(octets, now)) this.counters.dropped += 1
    }
  }

  #answer(port: number, question: string): void {
    if (question === 'TNC:') this.#tell(port, KISS.setHardware, 'TNC:EMULATED 1.0')
    if (question !== 'TXBUF:') return
    this.counters.asked += 1
    if (this.#mischief.strikes('lost-credit', CREDIT_ONE_IN)) return
    const answer = `TXBUF:${this.#transmitter.queuedOctets}`
    this.#tell(port, KISS.setHardware, answer)
    if (this.#mischief.strikes('double-credit', CREDIT_ONE_IN))
      this.#tell(port, KISS.setHardware, answer)
  }

  #hear(octets: Uint8Array, now: Instant): void {
    this.counters.framesIn += 1
    if (this.#utcMs !== undefined) {
      const time = new Uint8Array(8)
      new DataView(time.buffer).setBigUint64(0, BigInt(this.#utcMs(now)))
      this.#host(encodeKiss({ port: 0, command: KISS.timestamp, octets: time }))
    }
    this.#host(encodeKiss({ port: 0, command: KISS.data, octets }))
  }

  #tell(port: number, command: number, text: string): void {
    this.#host(encodeKiss({ port, command, octets: new TextEncoder().encode(text) }))
  }

  #host(octets: Uint8Array): void {
    this.#effects.push({ kind: 'host', octets })
  }
}

const FRAME_OCTETS_MAX = 2_048 + 16
const BUFFER_FRAMES = 64
const OVERRUN_ONE_IN = 20
const CREDIT_ONE_IN = 4
