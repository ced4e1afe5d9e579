/**
 * The spacecraft as one pure machine: files are offered, go down in frames while somebody hears, and are let
 * go when the ground has said Finished. Every word that binds it is in the journal before it is said.
 */
import {
  type EntityCounters,
  newCounters,
  segmentRequests,
} from '../protocol/cfdp/entity/counters.ts'
import type { Pdu } from '../protocol/cfdp/pdu/pdu.ts'
import { type Instant, type Machine, sooner } from '../protocol/machine.ts'
import { expectedLoss } from '../protocol/plan/plan.ts'
import { isStep, UtcClock } from '../protocol/utc-clock.ts'
import { AckBuffer } from './buffer/ack-buffer.ts'
import { Admission } from './buffer/admission.ts'
import { Custody } from './buffer/custody.ts'
import { limitsOf } from './buffer/limits.ts'
import { Commander, commandState } from './command/commander.ts'
import { Parameters } from './command/parameters.ts'
import { Reporter } from './command/reporter.ts'
import { Closing } from './downlink/closing.ts'
import { Downlink } from './downlink/downlink.ts'
import { Holds } from './downlink/holds.ts'
import { Outlets } from './downlink/outlets.ts'
import { Scheduler } from './downlink/scheduler.ts'
import { Transfers } from './downlink/transfers.ts'
import { Effects } from './effects.ts'
import type { PlanInput, SpacecraftEffect, SpacecraftInput, SpacecraftRecord } from './events.ts'
import type { FileStatus } from './file-status.ts'
import type { SpacecraftSettings } from './settings.ts'
import { Stations, type Turn } from './stations.ts'
import { TelecommandReceiver } from './uplink/telecommand.ts'
import { openUploads, type Uploads } from './uplink/uploads.ts'

export class Spacecraft implements Machine<SpacecraftInput, SpacecraftEffect> {
  readonly settings: SpacecraftSettings
  readonly buffer: AckBuffer
  readonly downlink: Downlink
  readonly transfers: Transfers
  readonly uplink: TelecommandReceiver
  readonly stations: Stations
  readonly utc: UtcClock
  /** Of its CFDP entity; what left, and what was malformed, is counted where it happens: see spacecraftStatus(). */
  readonly counters: EntityCounters = newCounters()
  readonly custody: Custody
  readonly commander: Commander
  readonly holds: Holds
  /** Undefined: no files are taken from the ground. */
  readonly uploads: Uploads | undefined
  readonly #reporter: Reporter
  readonly #admission: Admission
  readonly #closing: Closing
  readonly #outlets: Outlets
  readonly #effects = new Effects()
  #contactMs: number | undefined

  /** `records` are those of its journal, oldest first. */
  constructor(configured: SpacecraftSettings, records: readonly unknown[], now: Instant) {
    const state = commandState(records)
    const parameters = new Parameters(configured, state.parameters)
    const { settings } = parameters
    this.settings = settings
    this.stations = new Stations(settings)
    this.utc = new UtcClock(settings.epochUtcMs ?? 0)
    const { firstSequence, cfdp, isSafe = false } = settings
    const limits = limitsOf(settings.buffer, cfdp.sequenceOctets)
    this.buffer = new AckBuffer(limits, firstSequence, records)
    const policy = new Holds(new Scheduler(), state, parameters.value('downlink.repeats') === 1)
    this.holds = policy
    this.downlink = new Downlink(settings, policy)
    this.uplink = new TelecommandReceiver(settings.uplink, records)
    const line = { downlink: this.downlink, policy }
    this.custody = new Custody(this.buffer, this.#effects, this.utc.at(now))
    this.transfers = new Transfers(settings, this.custody, this.#effects, line)
    const { downlink, transfers } = this
    const { counters } = this
    this.#closing = new Closing(this.custody, this.#effects, { downlink, transfers, counters })
    this.#admission = new Admission(settings.buffer, this.custody, this.#effects, this.#closing)
    const push = (effect: SpacecraftEffect) => this.#effects.push(effect)
    this.uploads = openUploads(this, push, records)
    this.#takeUp()
    const ship = { custody: this.custody, effects: this.#effects, closing: this.#closing }
    this.commander = new Commander(state, ship, { holds: policy, parameters, isSafe })
    this.#reporter = new Reporter(this, parameters, now)
    this.#outlets = new Outlets(this, this.#reporter, this.#effects)
    this.tick(now)
  }

  /** The newest files that were let go, for those who wait for one. */
  get recent(): readonly FileStatus[] {
    return this.custody.recent
  }

  /** The contact under way, by its beginning in UTC: milliseconds since 1970. Undefined: nobody hears. */
  get contactMs(): number | undefined {
    return this.#contactMs
  }

  /** Whether somebody hears what is sent by a modem. */
  isHeard(modem: number): boolean {
    return this.#outlets.isHeard(modem)
  }

  /** Bits per second at which frames are made for a modem. */
  rateBps(modem: number): number {
    return this.#outlets.rateBps(modem)
  }

  get deadline(): Instant | undefined {
    let first: Instant | undefined
    if (!this.holds.isFrozen)
      for (const transaction of this.downlink.transactions())
        first = sooner(first, transaction.deadline)
    const { next } = this.custody.deadlines
    const late = next === undefined ? undefined : this.utc.when(next)
    const { deadline, checkpointAt } = this.uploads?.receptions ?? NO_UPLOADS
    const due = this.stations.clock.when(sooner(first, deadline))
    return sooner(sooner(late, checkpointAt), sooner(due, this.stations.deadline))
  }

  receive(input: SpacecraftInput, now: Instant): void {
    this.#turn(this.stations.follow(now), now)
    if (input.kind !== 'room') this.#outlets.hasNews()
    switch (input.kind) {
      case 'octets':
        this.#hear(input, now)
        break
      case 'room':
        if (this.#outlets.fill(input.modem ?? 0, input.octets, now)) this.#settleAll()
        break
      case 'offer':
        this.#admission.offer(input, this.utc.at(now))
        break
      case 'cancel':
        this.#closing.cancel(input.token, input.sequence)
        break
      case 'collect':
        this.#effects.push({
          kind: 'answer',
          token: input.token,
          sequence: this.#closing.collect(),
          why: undefined,
        })
        break
      case 'command':
        this.#order(input, now)
        break
      case 'vitals':
        this.#reporter.vitals(input.memoryOctets)
        this.#followUtc(input.epochUtcMs, now)
        this.#effects.push({
          kind: 'answer',
          token: input.token,
          sequence: undefined,
          why: undefined,
        })
        break
      case 'digested':
        this.#digested(input.sequence, input.checksum)
        break
      case 'source failed':
        this.#sourceFailed(input.sequence, input.why)
        break
      case 'read':
        this.downlink.put(input.sequence, input.offset, input.octets)
        break
      case 'released':
        this.custody.released(input.sequence)
        break
      case 'verified':
      case 'delivered':
      case 'refused':
      case 'disk failed':
      case 'disk ready':
        this.uploads?.hear(input, this.stations.clock.read(now))
        break
      case 'plan':
      case 'plan unreadable':
      case 'plan kept':
        this.#hearPlan(input, now)
        break
    }
    this.#outlets.ask(now)
  }

  tick(now: Instant): void {
    this.#turn(this.stations.follow(now), now)
    this.#admission.tick(this.utc.at(now))
    const time = this.stations.clock.read(now)
    if (!this.holds.isFrozen)
      for (const transaction of this.downlink.transactions()) transaction.tick(time)
    this.uploads?.receptions.tick(now, time)
    this.#settleAll()
    this.#outlets.ask(now)
  }

  drain(): readonly SpacecraftEffect[] {
    return this.#effects.drain()
  }

  /** The fewest records from which this spacecraft can be made again. */
  *snapshot(): IterableIterator<SpacecraftRecord> {
    yield* this.buffer.snapshot()
    yield* this.uplink.snapshot()
    yield this.commander.state
    if (this.uploads !== undefined) yield* this.uploads.receptions.snapshot()
  }

  /** Contacts are where UTC has them; all that runs here runs on, for its clock does not step. */
  #followUtc(epochUtcMs: number, now: Instant): void {
    const byMs = this.utc.follow(epochUtcMs)
    if (byMs === 0) return
    // Before the turn, which notes times of the clock as it is now.
    if (isStep(byMs)) this.custody.clockStepped(byMs, this.utc.at(now))
    this.#turn(this.stations.moved(-byMs, now), now)
    if (isStep(byMs)) this.#effects.log('clock stepped', { byMs: Math.round(byMs) })
  }

  #hearPlan(input: PlanInput, now: Instant): void {
    const moment = { now, time: this.stations.clock.read(now), utc: this.utc }
    const plan = this.uploads?.hearPlan(input, moment, this.stations.plan)
    // Who sent it waits to hear what became of it: it is in force, or why not.
    if (plan !== undefined || this.uploads?.plans.refusal !== undefined) this.#reporter.hasten()
    if (plan === undefined) return
    this.#turn(this.stations.replace(plan, now), now)
    this.downlink.segments.expect(expectedLoss(plan.contacts))
  }

  /** Goes on where the journal ends. */
  #takeUp(): void {
    for (const entry of this.buffer.entries())
      if (entry.ended !== undefined) this.#closing.conclude(entry, entry.ended)
    for (const entry of this.buffer.ready()) this.transfers.ready(entry)
    this.#admission.digestNext()
  }

  #turn(turns: readonly Turn[], now: Instant): void {
    for (const turn of turns) {
      if (turn === 'ask') this.#askAgain(this.stations.clock.read(now))
      else {
        const { audience } = this.stations
        if (turn !== 'ends') this.#contactMs = this.#contactAt(now)
        this.transfers.turnTo(audience, this.#contactMs as number)
        this.custody.sample(this.utc.at(now))
        this.uplink.reset()
        const { role, stations } = audience ?? {}
        this.#effects.log(`contact ${turn}`, { contactMs: this.#contactMs, role, stations })
        if (turn === 'ends') this.#contactMs = undefined
      }
    }
  }

  /** One that no plan knows of began when it was noticed, by the UTC of then. */
  #contactAt(now: Instant): number {
    const start = this.stations.plannedStart(now)
    const known = start === undefined ? this.#contactMs : undefined
    return known ?? Math.round(this.utc.at(start ?? now))
  }

  /** What was not answered is said again, both ways. */
  #askAgain(time: Instant): void {
    this.transfers.ask(time)
    this.uploads?.receptions.contactBegins(time)
  }

  #settleAll(): void {
    for (const transaction of this.downlink.transactions()) {
      this.#closing.settle(transaction)
      this.transfers.settled(transaction)
    }
  }

  #digested(sequence: number, checksum: number): void {
    const entry = this.#admission.digested(sequence, checksum)
    if (entry !== undefined) this.transfers.ready(entry)
  }

  #sourceFailed(sequence: number, why: string): void {
    const entry = this.#admission.failed(sequence)
    if (entry !== undefined) this.#closing.sourceFailed(entry, why)
    this.#admission.digestNext()
  }

  #hear({ octets, line }: SpacecraftInput & { readonly kind: 'octets' }, now: Instant): void {
    const { frames } = this.uplink.counters
    const pdus = this.uplink.push(octets, line)
    for (const record of this.uplink.takeRecords()) this.#effects.push({ kind: 'journal', record })
    for (const { why, spi } of this.uplink.takeNotices())
      this.#effects.log('uplink refused', { why, spi })
    if (this.uplink.counters.frames > frames) this.#turn(this.stations.heard(now), now)
    const wasFrozen = this.holds.isFrozen
    const commands = this.uplink.takeCommands()
    for (const command of commands) if (this.commander.hear(command)) this.#reporter.hasten()
    if (commands.length > 0) this.#commanded(wasFrozen, now)
    for (const pdu of pdus) this.#receivePdu(pdu, now)
  }

  #order({ token, command }: SpacecraftInput & { readonly kind: 'command' }, now: Instant): void {
    const wasFrozen = this.holds.isFrozen
    const why = this.commander.order(command)
    this.#commanded(wasFrozen, now)
    this.#effects.push({ kind: 'answer', token, sequence: undefined, why })
  }

  /** Rates may be others. No time has passed for what was frozen: what was not answered is said again. */
  #commanded(wasFrozen: boolean, now: Instant): void {
    this.#turn(this.stations.lookAnew(now), now)
    if (!wasFrozen || this.holds.isFrozen || this.stations.audience?.role !== 'main') return
    this.transfers.ask(this.stations.clock.read(now))
  }

  #receivePdu(pdu: Pdu, now: Instant): void {
    const { towardSender, source, destination } = pdu.header
    const { entity, peer } = this.settings
    const { recv } = this.counters
    const time = this.stations.clock.read(now)
    if (this.uploads !== undefined && !towardSender && source === peer && destination === entity) {
      recv.pdu += 1
      this.uploads.receptions.receive(pdu, now, time)
      return
    }
    if (!towardSender || source !== entity || destination !== peer) {
      this.uplink.counters.foreign += 1
      recv.error += 1
      return
    }
    recv.pdu += 1
    recv.nak_segment_requests += segmentRequests(pdu.body)
    this.#closing.receive(pdu, time)
  }
}

const NO_UPLOADS = { deadline: undefined, checkpointAt: undefined }
