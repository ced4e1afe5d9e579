/** When the spacecraft says how it is, and what it says then. */
import { encodeHousekeeping, type Housekeeping } from '../../protocol/command/housekeeping.ts'
import type { Instant } from '../../protocol/machine.ts'
import type { UtcClock } from '../../protocol/utc-clock.ts'
import type { Holds } from '../downlink/holds.ts'
import { type Line, queuesOf } from '../queues.ts'
import type { SpacecraftSettings } from '../settings.ts'
import type { Stations } from '../stations.ts'
import type { TelecommandReceiver } from '../uplink/telecommand.ts'
import { planIssuedMs, type Uploads } from '../uplink/uploads.ts'
import type { Commander } from './commander.ts'
import type { Parameters } from './parameters.ts'
import { verbCode } from './record.ts'

/** What is told of. */
interface Ship extends Line {
  readonly settings: SpacecraftSettings
  readonly uplink: TelecommandReceiver
  readonly holds: Holds
  readonly commander: Commander
  readonly utc: UtcClock
  readonly stations: Stations
  readonly uploads: Uploads | undefined
}

export class Reporter {
  readonly #ship: Ship
  readonly #parameters: Parameters
  readonly #startedAt: Instant
  #memoryOctets = 0
  #lastAt: Instant = Number.NEGATIVE_INFINITY
  #isAwaited = false

  constructor(ship: Ship, parameters: Parameters, now: Instant) {
    this.#ship = ship
    this.#parameters = parameters
    this.#startedAt = now
  }

  vitals(memoryOctets: number): void {
    this.#memoryOctets = memoryOctets
  }

  /** Somebody waits for it. */
  hasten(): void {
    this.#isAwaited = true
  }

  /** The data of the packet to be sent now, if it is time for one. */
  next(now: Instant): Uint8Array | undefined {
    const periodMs = this.#parameters.value('housekeeping.periodMs')
    const isTime = periodMs > 0 && now >= this.#lastAt + periodMs
    if (!isTime && !this.#isAwaited) return undefined
    this.#lastAt = now
    this.#isAwaited = false
    return encodeHousekeeping(this.#report(now))
  }

  #report(now: Instant): Housekeeping {
    const { settings, buffer, downlink, uplink, holds, commander, uploads, utc } = this.#ship
    const { state } = commander
    const { pend, txa, txw } = queuesOf(this.#ship)
    return {
      isSafe: settings.isSafe ?? false,
      isFrozen: holds.isFrozen,
      utcMs: Math.max(0, utc.at(now)),
      uptimeS: (now - this.#startedAt) / 1_000,
      starts: settings.starts ?? 1,
      memoryKib: this.#memoryOctets / 1_024,
      bufferFiles: buffer.files,
      bufferOctets: buffer.octets,
      filesWaiting: pend,
      filesOpen: txa + txw,
      filesSuspended: holds.suspended.size,
      filesRefused: buffer.refused,
      pdusSent: downlink.pdus.sent,
      segmentsAgain: downlink.pdus.retransmitted,
      framesSent: downlink.frames.sent,
      framesIdle: downlink.frames.idle,
      uplinkFrames: uplink.counters.frames,
      uplinkMalformed: uplink.counters.malformed + commander.counters.malformed,
      commandsAccepted: state.accepted,
      commandsRejected: state.rejected,
      commandsRepeated: commander.counters.repeated,
      lastCounter: state.counter,
      lastVerb: verbCode(state.last),
      lastExecuted: state.refusal === undefined ? 1 : 0,
      clockSteps: utc.counters.steps,
      uploadsOpen: uploads?.receptions.size ?? 0,
      uploadsWhole: uploads?.counters.whole ?? 0,
      uploadsFailed: uploads?.counters.failed ?? 0,
      plansTaken: uploads?.plans.counters.taken ?? 0,
      plansRefused: uploads?.plans.counters.refused ?? 0,
      planIssuedMs: planIssuedMs(this.#ship) ?? 0,
      commandRefusal: state.refusal ?? '',
      planRefusal: uploads?.plans.refusal ?? '',
    }
  }
}
