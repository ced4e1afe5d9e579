/**
 * A spacecraft and a station with their modems, in virtual time: machine, driver, host line, emulator, air, and back.
 * Synchronous, and the same for the same seed.
 *
 *     Spacecraft - Driven - wire - emulator  ~ air ~  emulator - wire - Driven - Edge
 */
import { Driven } from '../../hal/modems/driven.ts'
import type { ModemDriver } from '../../hal/modems/driver.ts'
import type { ModemEmulator } from '../../hal/modems/emulator.ts'
import type { SpacecraftEffect } from '../../onboard/events.ts'
import type { SpacecraftSettings } from '../../onboard/settings.ts'
import { Spacecraft } from '../../onboard/spacecraft.ts'
import { crc32c } from '../../protocol/coding/crc32.ts'
import { type Instant, sooner } from '../../protocol/machine.ts'
import { Edge } from '../../station/edge.ts'
import type { EdgeEffect } from '../../station/events.ts'
import type { EdgeSettings } from '../../station/settings.ts'

export interface FlightEnd {
  readonly driver: ModemDriver
  readonly emulator: ModemEmulator
  /** Octets a second between host and modem; Infinity unless told. */
  readonly wireOctets?: number
}

export interface ModemFlightPlan {
  readonly spacecraft: SpacecraftSettings
  readonly station: EdgeSettings
  readonly aboard: FlightEnd
  readonly ashore: FlightEnd
  readonly file: Uint8Array
  /** Journals and the part of the file that is there already: a transfer handed over. */
  readonly before?: ModemFlight
  /** The modem aboard only sends: what the ground says comes by another one, at once. */
  readonly uplinkApart?: boolean
  /** The station sends by another modem, and the spacecraft hears by one. */
  readonly uplink?: { readonly ashore: FlightEnd; readonly aboard: FlightEnd }
  /** Nothing is heard on the ground of a frame for which this answers true. */
  readonly isLost?: () => boolean
}

export class ModemFlight {
  now: Instant
  readonly spacecraft: Spacecraft
  readonly station: Edge
  readonly aboard: Leg
  readonly ashore: Leg
  /** What the station sends by. */
  readonly #up: Leg
  readonly #legs: readonly Leg[]
  readonly recordsAboard: unknown[]
  readonly recordsAshore: unknown[]
  readonly received: Uint8Array
  /** File octets that came, repetitions counted, and when the first and the last did. */
  writtenOctets = 0
  firstMs: Instant | undefined
  lastMs: Instant = 0
  isDelivered = false
  readonly #plan: ModemFlightPlan
  /** What is to happen at a time, oldest first. */
  #events: { readonly at: Instant; readonly run: () => void }[] = []

  constructor(plan: ModemFlightPlan) {
    const { before } = plan
    this.#plan = plan
    this.now = before?.now ?? 0
    this.recordsAboard = structuredClone(before?.recordsAboard ?? [])
    this.recordsAshore = structuredClone(before?.recordsAshore ?? [])
    this.received = before?.received ?? new Uint8Array(plan.file.length)
    this.spacecraft = new Spacecraft(plan.spacecraft, [...this.recordsAboard], this.now)
    this.station = new Edge(plan.station, [...this.recordsAshore], this.now)
    const post: Post = (at, run) => this.#post(at, run)
    this.aboard = new Leg(plan.aboard, post, octets =>
      this.spacecraft.receive({ kind: 'octets', octets }, this.now),
    )
    this.ashore = new Leg(plan.ashore, post, octets =>
      this.station.receive({ kind: 'octets', octets }, this.now),
    )
    const isLost = plan.isLost ?? (() => false)
    this.aboard.air = octets => {
      if (!isLost()) this.ashore.hear(octets, this.now)
    }
    this.ashore.air = octets => {
      if (plan.uplinkApart === true) this.spacecraft.receive({ kind: 'octets', octets }, this.now)
      else this.aboard.hear(octets, this.now)
    }
    const [up, far] = plan.uplink === undefined ? [this.ashore] : this.#uplink(plan.uplink, post)
    this.#up = up
    this.#legs = [this.aboard, this.ashore, ...(far === undefined ? [] : [up, far])]
    for (const leg of this.#legs) leg.begin(this.now)
    if (before === undefined) this.#offer()
  }

  /** Until `done`, or `mostMs` later. Answers whether it is done. */
  run(mostMs: number, done: () => boolean = () => this.isDone): boolean {
    const end = this.now + mostMs
    for (this.#settle(); !done(); this.#settle()) {
      const next = this.#next()
      if (next === undefined || next > end) return false
      this.now = Math.max(this.now, next)
      this.#turn()
    }
    return true
  }

  /** Delivered, right, and let go aboard. */
  get isDone(): boolean {
    return this.isDelivered && this.spacecraft.buffer.files === 0
  }

  get isRight(): boolean {
    return Buffer.compare(this.received, this.#plan.file) === 0
  }

  #uplink(ends: NonNullable<ModemFlightPlan['uplink']>, post: Post): [Leg, Leg] {
    const far = new Leg(ends.aboard, post, octets =>
      this.spacecraft.receive({ kind: 'octets', octets }, this.now),
    )
    const up = new Leg(ends.ashore, post, () => {})
    up.air = octets => far.hear(octets, this.now)
    return [up, far]
  }

  #offer(): void {
    const identity = { octets: this.#plan.file.length, mtimeMs: 1, inode: 1 }
    const offer = { path: '/file', name: 'file', identity, remove: true }
    this.spacecraft.receive({ kind: 'offer', token: 1, offer, insist: false }, this.now)
  }

  #next(): Instant | undefined {
    const machines = sooner(this.spacecraft.deadline, this.station.deadline)
    let first = sooner(this.#events[0]?.at, machines)
    for (const { deadline } of this.#legs) first = sooner(first, deadline)
    return first
  }

  #turn(): void {
    const { now } = this
    while (this.#events[0] !== undefined && this.#events[0].at <= now) this.#events.shift()?.run()
    for (const machine of [this.spacecraft, this.station])
      if (machine.deadline !== undefined && machine.deadline <= now) machine.tick(now)
    for (const leg of this.#legs) leg.tick(now)
  }

  #settle(): void {
    for (let isBusy = true; isBusy; ) {
      isBusy = false
      for (const effect of this.spacecraft.drain()) {
        isBusy = true
        this.#aboard(effect)
      }
      for (const effect of this.station.drain()) {
        isBusy = true
        this.#ashore(effect)
      }
      this.aboard.enable(this.spacecraft.isHeard(0), this.now)
      for (const leg of this.#legs) if (leg.settle(this.now)) isBusy = true
    }
  }

  #aboard(effect: SpacecraftEffect): void {
    const { now, spacecraft } = this
    const { file } = this.#plan
    if (effect.kind === 'journal') this.recordsAboard.push(structuredClone(effect.record))
    else if (effect.kind === 'transmit') this.aboard.send(effect.octets, now)
    else if (effect.kind === 'room')
      this.aboard.room(effect.octets, octets =>
        spacecraft.receive({ kind: 'room', octets }, this.now),
      )
    else if (effect.kind === 'digest')
      spacecraft.receive(
        { kind: 'digested', sequence: effect.sequence, checksum: crc32c(file) },
        now,
      )
    else if (effect.kind === 'read') {
      const { sequence, offset, length } = effect
      const octets = file.slice(offset, offset + length)
      spacecraft.receive({ kind: 'read', sequence, offset, octets }, now)
    } else if (effect.kind === 'release')
      spacecraft.receive({ kind: 'released', sequence: effect.sequence }, now)
  }

  #ashore(effect: EdgeEffect): void {
    const { now, station } = this
    if (effect.kind === 'journal') this.recordsAshore.push(structuredClone(effect.record))
    else if (effect.kind === 'transmit') this.#up.send(effect.octets, now)
    else if (effect.kind === 'room')
      this.#up.room(effect.octets, octets => station.receive({ kind: 'room', octets }, this.now))
    else if (effect.kind === 'write') {
      this.received.set(effect.octets, effect.offset)
      this.writtenOctets += effect.octets.length
      this.firstMs ??= now
      this.lastMs = now
    } else if (effect.kind === 'verify')
      station.receive({ kind: 'verified', id: effect.id, checksum: crc32c(this.received) }, now)
    else if (effect.kind === 'deliver') {
      this.isDelivered = true
      station.receive({ kind: 'delivered', id: effect.id, path: '/file' }, now)
    }
  }

  #post(at: Instant, run: () => void): void {
    const later = this.#events.findIndex(event => event.at > at)
    this.#events.splice(later < 0 ? this.#events.length : later, 0, { at, run })
  }
}

/** Has something happen at a time. */
type Post = (at: Instant, run: () => void) => void

/** One end's modem: driver, wire, emulator. */
class Leg {
  readonly driven: Driven<number>
  readonly emulator: ModemEmulator
  air: (octets: Uint8Array) => void = () => {}
  readonly #octetMs: number
  readonly #post: Post
  readonly #heard: (octets: Uint8Array) => void
  #waitingOctets = 0
  #isEnabled: boolean | undefined
  #rooms: { readonly least: number; readonly answer: (octets: number) => void }[] = []
  #freeAt = { out: 0, back: 0 }
  #now: Instant = 0

  constructor(
    { driver, emulator, wireOctets = Infinity }: FlightEnd,
    post: Post,
    heard: (octets: Uint8Array) => void,
  ) {
    this.driven = new Driven(driver)
    this.emulator = emulator
    this.#octetMs = 1_000 / wireOctets
    this.#post = post
    this.#heard = heard
  }

  get deadline(): Instant | undefined {
    return sooner(this.driven.deadline, this.emulator.deadline)
  }

  begin(now: Instant): void {
    this.driven.receive({ kind: 'line', isThere: true }, now)
  }

  enable(enabled: boolean, now: Instant): void {
    if (enabled === this.#isEnabled) return
    this.#isEnabled = enabled
    this.driven.receive({ kind: 'transmit', enabled }, now)
  }

  send(octets: Uint8Array, now: Instant): void {
    this.#waitingOctets += octets.length
    this.driven.receive({ kind: 'send', octets, token: octets.length }, now)
  }

  room(least: number, answer: (octets: number) => void): void {
    this.#rooms.push({ least, answer })
  }

  hear(octets: Uint8Array, now: Instant): void {
    this.emulator.receive({ kind: 'air', octets }, now)
  }

  tick(now: Instant): void {
    for (const machine of [this.driven, this.emulator])
      if (machine.deadline !== undefined && machine.deadline <= now) machine.tick(now)
  }

  settle(now: Instant): boolean {
    this.#now = now
    let isBusy = false
    for (const effect of this.driven.drain()) {
      isBusy = true
      if (effect.kind === 'write') this.#write(effect.octets, now)
      else if (effect.kind === 'settled') this.#waitingOctets -= effect.token
      else if (effect.kind === 'heard') this.#heard(effect.octets)
    }
    for (const effect of this.emulator.drain()) {
      isBusy = true
      if (effect.kind === 'air') this.air(effect.octets)
      else {
        const { octets } = effect
        this.#carry('back', octets.length, () =>
          this.driven.receive({ kind: 'octets', octets }, this.#now),
        )
      }
    }
    const free = QUEUE_OCTETS - this.#waitingOctets
    for (const { least, answer } of this.#rooms.splice(0)) {
      if (free < least) this.#rooms.push({ least, answer })
      else {
        isBusy = true
        answer(free)
      }
    }
    return isBusy
  }

  #write(octets: Uint8Array, now: Instant): void {
    this.#now = now
    this.#carry('out', octets.length, () => {
      this.emulator.receive({ kind: 'host', octets }, this.#now)
      this.driven.receive({ kind: 'written', outcome: 'accepted' }, this.#now)
    })
  }

  #carry(way: 'out' | 'back', octets: number, run: () => void): void {
    const at = Math.max(this.#now, this.#freeAt[way]) + octets * this.#octetMs
    this.#freeAt[way] = at
    this.#post(at, () => {
      this.#now = at
      run()
    })
  }
}

/** As long as the longest CADU or CLTU, and some. */
const QUEUE_OCTETS = 8_192
