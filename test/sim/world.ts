/**
 * A spacecraft and a station in one virtual world: two channels between them, disks that lose what was not
 * synced, processes that die. Synchronous, so that a thousand passes take seconds; the same for the same
 * seed. What the world checks at every step stands in witness.ts.
 */
import { Channel, type ChannelPlan } from '../../hal/sim/channel.ts'
import type { SpacecraftEffect, SpacecraftInput, SpacecraftRecord } from '../../onboard/events.ts'
import type { SpacecraftSettings } from '../../onboard/settings.ts'
import { Spacecraft } from '../../onboard/spacecraft.ts'
import type { ReceptionInput } from '../../protocol/cfdp/journaled/events.ts'
import { type Instant, sooner } from '../../protocol/machine.ts'
import type { ContactPlan } from '../../protocol/plan/plan.ts'
import { Edge } from '../../station/edge.ts'
import type { EdgeEffect, EdgeInput } from '../../station/events.ts'
import type { EdgeSettings } from '../../station/settings.ts'
import { SimArchive } from './archive.ts'
import { Mortal } from './mortal.ts'
import { Timeline } from './timeline.ts'
import { checksumOf, contentAt, fromDisk, type VirtualFile } from './virtual-file.ts'
import { Witness } from './witness.ts'

/** Records that are on the disk, and those that a power cut would take. */
interface SimJournal {
  durable: unknown[]
  /** Its process dies with this many records: behind the last, or (torn) when the next would be written. */
  cut?: { readonly records: number; readonly torn: boolean } | undefined
}

export type Air = (octets: Uint8Array) => readonly Uint8Array[]

export interface WorldPlan {
  readonly spacecraft: SpacecraftSettings
  readonly station: EdgeSettings
  readonly down: ChannelPlan
  readonly up: ChannelPlan
}

export class World {
  now: Instant = 0
  readonly plan: WorldPlan
  readonly down: Channel
  readonly up: Channel
  readonly files: VirtualFile[] = []
  readonly archive: SimArchive
  /** Files for the spacecraft, in the order of their sequence numbers from 1, and where they appear aboard. */
  readonly uploads: VirtualFile[] = []
  readonly inbox: SimArchive
  /** What the files say that are contact plans, by their transactions; the plan that the disk aboard has. */
  readonly planDocuments = new Map<string, unknown>()
  keptPlan: ContactPlan | undefined
  readonly witness: Witness
  readonly answers: { sequence: number | undefined; why: string | undefined }[] = []
  readonly removed: string[] = []
  readonly logs: string[] = []
  readonly #spacecraft: Mortal<SpacecraftInput, SpacecraftEffect, Spacecraft>
  readonly #station: Mortal<EdgeInput, EdgeEffect, Edge>
  readonly aboard: SimJournal = { durable: [] }
  readonly ashore: SimJournal = { durable: [] }
  /** What becomes of octets behind the channel: the tests cut, invert, add noise, chop. */
  downAir: Air = octets => [octets]
  upAir: Air = octets => [octets]
  /** What becomes of a CADU before the channel: sent as it is, twice, or after the next one. */
  fate: () => 'sent' | 'twice' | 'late' = () => 'sent'
  readonly #late: Uint8Array[] = []
  readonly #timeline = new Timeline()

  constructor(plan: WorldPlan) {
    this.plan = plan
    this.down = new Channel(plan.down)
    this.up = new Channel(plan.up)
    this.archive = new SimArchive(this.files)
    this.inbox = new SimArchive(this.uploads)
    this.witness = new Witness(plan.spacecraft, plan.station)
    const now = () => this.now
    this.#spacecraft = new Mortal(new Spacecraft(plan.spacecraft, [], 0), {
      now,
      perform: (effect, tell, broken) => this.#doAboard(effect, tell, broken),
    })
    this.#station = new Mortal(new Edge(plan.station, [], 0), {
      now,
      perform: (effect, tell, broken) => this.#doAshore(effect, tell, broken),
    })
  }

  get spacecraft(): Spacecraft {
    return this.#spacecraft.machine
  }

  get station(): Edge {
    return this.#station.machine
  }

  addFile(name: string, octets: number, seed = this.files.length + 1): VirtualFile {
    const file = { path: `/outbox/${name}`, name, octets, seed, changed: false }
    this.files.push(file)
    this.offer(file)
    return file
  }

  offer(file: VirtualFile, insist = false): void {
    const identity = { octets: file.octets, mtimeMs: 1, inode: file.seed }
    const offer = { path: file.path, name: file.name, identity, remove: true }
    this.#spacecraft.tell({ kind: 'offer', token: 1, offer, insist })
  }

  /** Hands a file for the spacecraft over to the station. */
  addUpload(name: string, octets: number, seed = 1_000 + this.uploads.length): VirtualFile {
    const file = { path: `/spool/${name}`, name, octets, seed, changed: false }
    const checksum = checksumOf(file, this.plan.station.uploads.cfdp.checksumType)
    this.uploads.push(file)
    const offer = { name, file: file.path, octets, checksum }
    this.#station.tell({ kind: 'upload', token: 1, offer })
    return file
  }

  /** A file that is the contact plan. */
  addPlan(name: string, document: unknown): void {
    this.addUpload(name, 600)
    this.planDocuments.set(`${this.plan.station.entity}-${this.uploads.length}`, document)
  }

  /** Power or process gone after `effects` more effects; `restart` brings it back from its journal. */
  killSpacecraft(effects = 0): void {
    this.#spacecraft.kill(effects)
  }

  killStation(effects = 0): void {
    this.#station.kill(effects)
  }

  isDead(end: 'aboard' | 'ashore'): boolean {
    return (end === 'aboard' ? this.#spacecraft : this.#station).isDead
  }

  restartSpacecraft(): void {
    this.inbox.forgetUnsynced()
    const { contacts, issued: planIssued } = this.keptPlan ?? {}
    const planned = contacts === undefined ? {} : { contacts, planIssued }
    const settings = { ...this.plan.spacecraft, ...planned }
    this.#spacecraft.restart(new Spacecraft(settings, clone(this.aboard.durable), this.now))
    this.#spacecraft.perform()
    for (const file of this.files) if (!this.removed.includes(file.path)) this.offer(file)
  }

  /** `powerCut`: what the archive had not synced is gone. */
  restartStation(powerCut: boolean): void {
    if (powerCut) this.archive.forgetUnsynced()
    this.#station.restart(new Edge(this.plan.station, clone(this.ashore.durable), this.now))
    this.#station.perform()
  }

  /** Whether every file was delivered, acknowledged, and let go, down and up. */
  get isDone(): boolean {
    const { spacecraft, station } = this
    const isUp =
      station.uploads.files.length === 0 && (spacecraft.uploads?.receptions.size ?? 0) === 0
    return isUp && spacecraft.buffer.files === 0 && station.receptions.size === 0
  }

  /** Lets time pass until `done`, at most until `end`. */
  run(end: Instant, done: () => boolean = () => this.isDone): void {
    for (this.#settle(); !done() && this.now < end; this.#settle()) {
      const next = this.#nextEvent()
      this.now = Math.min(end, Math.max(this.now, next ?? end))
      this.#turn()
    }
  }

  at(time: Instant, run: () => void): void {
    this.#timeline.at(time, run)
  }

  #nextEvent(): Instant | undefined {
    const machines = sooner(this.#spacecraft.deadline, this.#station.deadline)
    const channels = sooner(this.down.deadline, this.up.deadline)
    return sooner(this.#timeline.next, sooner(machines, channels))
  }

  #turn(): void {
    this.#timeline.run(this.now)
    for (const octets of this.down.pull(this.now).flatMap(this.downAir))
      this.#station.tell({ kind: 'octets', octets })
    for (const octets of this.up.pull(this.now).flatMap(this.upAir)) {
      if (this.#spacecraft.isDead) continue
      this.witness.heardAboard(octets)
      this.#spacecraft.tell({ kind: 'octets', octets })
    }
    this.#spacecraft.tick()
    this.#station.tick()
  }

  #settle(): void {
    this.#spacecraft.perform()
    this.#station.perform()
  }

  #doAboard(
    effect: SpacecraftEffect,
    tell: (input: SpacecraftInput) => void,
    broken: Set<string>,
  ): void {
    switch (effect.kind) {
      case 'journal':
        this.#journalAboard(effect.record)
        break
      case 'transmit':
        this.witness.sentByAboard(effect.octets)
        this.#send(effect.octets)
        break
      case 'room':
        this.#whenRoom(this.down, effect.octets, octets => tell({ kind: 'room', octets }))
        break
      case 'digest':
      case 'read':
        this.#soon(() => tell(this.#disk(effect)))
        break
      case 'release':
        if (effect.remove && !this.removed.includes(effect.path)) this.removed.push(effect.path)
        this.#soon(() => tell({ kind: 'released', sequence: effect.sequence }))
        break
      case 'answer':
        this.answers.push(effect)
        break
      case 'recover':
        break
      case 'log':
        this.logs.push(`${this.now} aboard ${effect.event} ${JSON.stringify(effect.fields)}`)
        break
      case 'await disk':
        this.#awaitDisk(this.inbox, tell)
        break
      case 'read plan':
        this.#soon(() =>
          tell({ kind: 'plan', id: effect.id, document: this.planDocuments.get(effect.id) }),
        )
        break
      case 'keep plan':
        this.keptPlan = effect.plan
        this.#soon(() => tell({ ...effect, kind: 'plan kept' }))
        break
      case 'write':
      case 'sync':
      case 'verify':
      case 'deliver':
      case 'discard':
        this.inbox.perform(effect, input => this.#soon(() => tell(input)), broken)
    }
  }

  #journalAboard(record: SpacecraftRecord): void {
    const outcome = write(this.aboard, record)
    if (outcome !== 'lives') this.killSpacecraft()
    if (outcome !== 'torn' && record.kind === 'accepted') this.witness.journaledAboard(record)
  }

  #send(cadu: Uint8Array): void {
    const fate = this.fate()
    if (fate === 'late') this.#late.push(cadu)
    else for (let i = fate === 'twice' ? 2 : 1; i > 0; i--) this.down.push(cadu, this.now)
    if (fate !== 'late') for (const late of this.#late.splice(0)) this.down.push(late, this.now)
  }

  #disk(effect: Extract<SpacecraftEffect, { kind: 'digest' | 'read' }>): SpacecraftInput {
    const file = this.files.find(({ path }) => path === effect.path)
    return fromDisk(file, effect, this.plan.spacecraft.cfdp.checksumType)
  }

  #doAshore(effect: EdgeEffect, tell: (input: EdgeInput) => void, broken: Set<string>): void {
    switch (effect.kind) {
      case 'journal':
        if (write(this.ashore, effect.record) !== 'lives') this.killStation()
        break
      case 'transmit':
        this.witness.sentByAshore(effect.octets)
        this.up.push(effect.octets, this.now)
        break
      case 'room':
        this.#whenRoom(this.up, effect.octets, octets => tell({ kind: 'room', octets }))
        break
      case 'await disk':
        this.#awaitDisk(this.archive, tell)
        break
      case 'read':
        this.#soon(() => tell(this.#readSpool(effect)))
        break
      case 'drop':
        break
      case 'answer':
        this.answers.push({ sequence: undefined, why: effect.why })
        break
      case 'log':
        this.logs.push(`${this.now} ashore ${effect.event} ${JSON.stringify(effect.fields)}`)
        break
      case 'write':
      case 'sync':
      case 'verify':
      case 'deliver':
      case 'discard':
        this.archive.perform(effect, input => this.#soon(() => tell(input)), broken)
    }
  }

  #readSpool({ sequence, file: path, offset, length }: EdgeEffect & { kind: 'read' }): EdgeInput {
    const file = this.uploads.find(one => one.path === path)
    if (file === undefined) return { kind: 'source failed', sequence, why: `${path} is gone` }
    return { kind: 'read', sequence, offset, octets: contentAt(file, offset, length) }
  }

  #awaitDisk(disk: SimArchive, tell: (input: ReceptionInput) => void): void {
    if (disk.isFull) this.at(this.now + 1_000, () => this.#awaitDisk(disk, tell))
    else this.#soon(() => tell({ kind: 'disk ready' }))
  }

  /** The channel saves up at most a tenth of a second: a modem takes one whole piece all the same. */
  #whenRoom(channel: Channel, octets: number, then: (octets: number) => void): void {
    const rate = channel === this.down ? this.plan.down.rateBps : this.plan.up.rateBps
    const room = channel.roomOctets(this.now)
    const lacking = Math.min(octets, Math.floor(rate / 100)) - room
    if (lacking <= 0) this.#soon(() => then(Math.max(octets, channel.roomOctets(this.now))))
    else
      this.at(this.now + (lacking * 8_000) / rate + 0.01, () =>
        this.#whenRoom(channel, octets, then),
      )
  }

  #soon(run: () => void): void {
    this.at(this.now, run)
  }
}

/** Answers what the power did to it: nothing, or it went behind the record, or while it was written. */
function write({ durable, cut }: SimJournal, record: unknown): 'lives' | 'cut' | 'torn' {
  if (cut?.torn === true && durable.length >= cut.records) return 'torn'
  durable.push(clone(record))
  return cut !== undefined && durable.length >= cut.records && !cut.torn ? 'cut' : 'lives'
}

/** What a disk keeps is a copy. */
function clone(value: unknown): never {
  return structuredClone(value) as never
}
