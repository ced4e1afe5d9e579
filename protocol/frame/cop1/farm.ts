/**
 * FARM-1: the receiving end of COP-1 on one virtual channel. Frames of type AD are taken in order and once,
 * frames of type BD as they come, and every CLCW says which is awaited next. CCSDS 232.1-B-2, 6.
 *
 *             NW                    PW
 *     ...|- - - - - - -|V(R)|- - - - - - - -|...
 *         seen before    next  one is missing  lockout
 */
import type { Clcw } from '../clcw.ts'
import type { TcFrame } from '../tc.ts'
import { decodeControlCommand } from './control-command.ts'
import { FARM_TABLE, type FarmAction, type FarmEvent, type FarmState } from './farm-table.ts'

export interface FarmSettings {
  /** 0 to 63. */
  readonly virtualChannel: number
  /** Both halves of the sliding window together: even, 2 to 254. */
  readonly window: number
}

export class Farm {
  readonly #virtualChannel: number
  readonly #half: number
  #state: FarmState = 'open'
  #next = 0
  #farmB = 0
  #retransmit = false
  #wait = false
  /** A buffer is free for the next frame of type AD. */
  #hasBuffer = true
  #reported: Clcw | undefined
  /** Frames taken, those dropped as seen before, ahead of one that is missing, and of no use. */
  readonly counters = { accepted: 0, duplicate: 0, early: 0, refused: 0 }

  /** @throws RangeError if the window cannot be. */
  constructor({ virtualChannel, window }: FarmSettings) {
    if (!Number.isInteger(window) || window % 2 !== 0 || window < 2 || window > 254)
      throw new RangeError(`Cannot use a FARM window of ${window}: it is even, from 2 to 254`)
    this.#virtualChannel = virtualChannel
    this.#half = window / 2
  }

  get state(): FarmState {
    return this.#state
  }

  /** V(R): the sequence number that the next frame of type AD must have. */
  get expected(): number {
    return this.#next
  }

  /** Whether the frame's field goes up. It is of this virtual channel, and was checked before. */
  receive(frame: TcFrame): boolean {
    const event = this.#eventOf(frame)
    const isAccepted = this.#step(event, frame)
    if (isAccepted) this.counters.accepted += 1
    else if (event === 'E4') this.counters.duplicate += 1
    else if (event === 'E3') this.counters.early += 1
    else if (event !== 'E7' && event !== 'E8') this.counters.refused += 1
    return isAccepted
  }

  /** No buffer is free for frames of type AD, until release(). */
  hold(): void {
    this.#hasBuffer = false
  }

  /** A buffer is free again. */
  release(): void {
    this.#hasBuffer = true
    this.#step('E10')
  }

  /** What the CLCW says now. `heard`: there is a signal on the uplink. */
  report(heard: boolean): Clcw {
    this.#step('E11')
    return { ...(this.#reported as Clcw), noRf: !heard, noBitLock: !heard }
  }

  #eventOf({ bypass, control, sequence, field }: TcFrame): FarmEvent {
    if (control) {
      const command = decodeControlCommand(field)
      if (command === undefined) return 'E9'
      return command.kind === 'unlock' ? 'E7' : 'E8'
    }
    if (bypass) return 'E6'
    const ahead = (sequence - this.#next) & 255
    if (ahead === 0) return this.#hasBuffer ? 'E1' : 'E2'
    if (ahead < this.#half) return 'E3'
    return ahead >= 256 - this.#half ? 'E4' : 'E5'
  }

  /** Looks the event up in the table and does what stands there. Answers whether the frame is accepted. */
  #step(event: FarmEvent, frame?: TcFrame): boolean {
    const { to, actions } = FARM_TABLE[event][this.#state]
    this.#state = to
    for (const action of actions) this.#do(action, frame)
    return actions.includes('accept')
  }

  #do(action: FarmAction, frame: TcFrame | undefined): void {
    if (action === 'advance V(R)') this.#next = (this.#next + 1) & 255
    else if (action === 'count') this.#farmB = (this.#farmB + 1) & 3
    else if (action === 'set V(R)') this.#next = frame?.field[2] as number
    else if (action === 'retransmit on') this.#retransmit = true
    else if (action === 'retransmit off') this.#retransmit = false
    else if (action === 'wait on') this.#wait = true
    else if (action === 'wait off') this.#wait = false
    else if (action === 'report') this.#reported = this.#clcw()
  }

  #clcw(): Clcw {
    return {
      status: 0,
      cop: 1,
      virtualChannel: this.#virtualChannel,
      noRf: false,
      noBitLock: false,
      lockout: this.#state === 'lockout',
      wait: this.#wait,
      retransmit: this.#retransmit,
      farmB: this.#farmB,
      report: this.#next,
    }
  }
}
