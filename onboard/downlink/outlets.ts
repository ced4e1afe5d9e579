/**
 * How modems come by their frames. One that somebody hears, or that keeps what it is given until somebody does, is
 * asked for room; what it has room for, and what leaves it in time, is made at that moment and not before.
 *
 *     ask() --- room ---> modem --- so many octets ---> fill() --- transmit, transmit, ... --- ask()
 */
import { caduOctets } from '../../protocol/frame/link.ts'
import type { Instant } from '../../protocol/machine.ts'
import type { Audience, Hearers } from '../audience.ts'
import type { AckBuffer, Entry } from '../buffer/ack-buffer.ts'
import type { Reporter } from '../command/reporter.ts'
import type { Effects } from '../effects.ts'
import type { SpacecraftSettings } from '../settings.ts'
import type { Stations } from '../stations.ts'
import type { TelecommandReceiver } from '../uplink/telecommand.ts'
import type { Downlink, Moment } from './downlink.ts'
import type { Transfers } from './transfers.ts'

/** What frames are made of, and for whom. */
interface Ship {
  readonly settings: SpacecraftSettings
  readonly stations: Stations
  readonly buffer: AckBuffer
  readonly downlink: Downlink
  readonly transfers: Transfers
  readonly uplink: TelecommandReceiver
}

export class Outlets {
  readonly #ship: Ship
  readonly #reporter: Reporter
  readonly #effects: Effects
  readonly #caduOctets: number
  /** Of each modem, whether it was asked for room. */
  readonly #isAsked: boolean[]
  /** Something came since there was nothing to be kept for a contact. */
  #hasNews = true

  constructor(ship: Ship, reporter: Reporter, effects: Effects) {
    this.#ship = ship
    this.#reporter = reporter
    this.#effects = effects
    const { downlink, modems } = ship.settings
    this.#caduOctets = caduOctets(downlink)
    this.#isAsked = Array.from({ length: modems?.length ?? 1 }, () => false)
  }

  /** Whether somebody hears what is sent by a modem. */
  isHeard(modem: number): boolean {
    return this.#ship.stations.audience?.from === undefined && this.#isFilled(modem)
  }

  /** Bits per second of a modem: those of the contact, or its own while nobody hears it. */
  rateBps(modem: number): number {
    const { settings, stations } = this.#ship
    const own = settings.modems?.[modem]
    const { rateBps = 0 } = stations.hearers(own?.name) ?? {}
    return rateBps > 0 ? rateBps : (own ?? settings.downlink).rateBps
  }

  /** Something came: there may be something to be kept again. */
  hasNews(): void {
    this.#hasNews = true
  }

  /** Asks for room where there is something to be said. */
  ask(now: Instant): void {
    const { audience } = this.#ship.stations
    if (audience === undefined) return
    for (const [modem, isAsked] of this.#isAsked.entries()) {
      if (isAsked || !this.#isFilled(modem)) continue
      if (audience.from !== undefined && !this.#hasNews) continue
      if (this.#ship.downlink.framesLeft(modem, this.#momentAt(now, audience, modem)) < 1) continue
      this.#isAsked[modem] = true
      this.#effects.push({ kind: 'room', octets: this.#caduOctets, modem })
    }
  }

  /** The modem takes so many octets now. Answers false if it gets none, for nobody hears any more. */
  fill(modem: number, roomOctets: number, now: Instant): boolean {
    this.#isAsked[modem] = false
    const { stations, transfers, downlink } = this.#ship
    const { audience } = stations
    if (audience === undefined || !this.#isFilled(modem)) return false
    const moment = this.#momentAt(now, audience, modem)
    transfers.askMore(moment.time)
    const report = moment.isAside ? undefined : this.#reporter.next(now)
    if (report !== undefined) downlink.tell(modem, report)
    for (let room = roomOctets; room >= this.#caduOctets; room -= this.#caduOctets) {
      if (downlink.framesLeft(modem, moment) < 1) break
      const octets = downlink.frame(modem, moment, transfers)
      this.#hasNews &&= octets !== undefined
      if (octets === undefined) break
      this.#effects.push({ kind: 'transmit', octets, modem })
    }
    this.#readAhead()
    return true
  }

  /** Whether somebody hears, or will soon hear what it keeps until then. */
  #isFilled(modem: number): boolean {
    const { audience } = this.#ship.stations
    const { modems, stageMs } = this.#ship.settings
    const stores = modems === undefined ? stageMs !== undefined : modems[modem]?.stores === true
    if (audience?.from !== undefined && !stores) return false
    return this.#ship.stations.hearers(modems?.[modem]?.name) !== undefined
  }

  #momentAt(now: Instant, { from, role }: Audience, modem: number): Moment {
    const { settings, stations, uplink } = this.#ship
    const name = settings.modems?.[modem]?.name
    const hearers = stations.hearers(name) as Hearers
    return {
      // What is kept leaves from then on.
      now: Math.max(now, from ?? now),
      time: stations.clock.read(now),
      lineMs: stations.line.read(now),
      hearers,
      isAside: hearers.role !== role,
      openMs: stations.openMs(now, name),
      ocf: uplink.clcw,
      isStaged: from !== undefined,
    }
  }

  #readAhead(): void {
    const { downlink, buffer } = this.#ship
    for (const request of downlink.drainRequests()) {
      const { path, identity } = buffer.entry(request.sequence) as Entry
      this.#effects.push({ kind: 'read', ...request, path, identity })
    }
  }
}
