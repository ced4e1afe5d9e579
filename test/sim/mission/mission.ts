/**
 * One mission: a spacecraft and a ground of many stations, over days. The ground is one CFDP receiver, fed by
 * every station that hears, and speaks only while the main station is there. Frames are sent as frames and lost
 * as frames; nothing is simulated below them. A spacecraft that has nothing to say is asked again later, not
 * frame by frame. The same for the same seed.
 */
import type { SpacecraftEffect, SpacecraftInput } from '../../../onboard/events.ts'
import type { SpacecraftSettings } from '../../../onboard/settings.ts'
import { Spacecraft } from '../../../onboard/spacecraft.ts'
import { caduOctets } from '../../../protocol/frame/link.ts'
import { type Instant, sooner } from '../../../protocol/machine.ts'
import { Edge } from '../../../station/edge.ts'
import type { EdgeEffect, EdgeInput } from '../../../station/events.ts'
import type { EdgeSettings } from '../../../station/settings.ts'
import { Random } from '../../kit/random.ts'
import { SimArchive } from '../archive.ts'
import { Mortal } from '../mortal.ts'
import { Timeline } from '../timeline.ts'
import { fromDisk, type VirtualFile } from '../virtual-file.ts'
import type { FileOrder, Orders, Trouble } from './orders.ts'
import { isMain, type Window } from './scenario.ts'
import { settingsOf } from './settings.ts'
import { Watchman } from './watchman.ts'
import { WrongClock } from './wrong-clock.ts'

/** A CADU, and who lent it. */
interface Frame {
  readonly octets: Uint8Array
  readonly of: Spacecraft
}

export class Mission {
  now: Instant = 0
  readonly orders: Orders
  readonly files: VirtualFile[] = []
  readonly archive: SimArchive
  readonly watchman: Watchman
  readonly #random: Random
  readonly #spacecraftSettings: SpacecraftSettings
  readonly #edgeSettings: EdgeSettings
  readonly #timeline = new Timeline()
  readonly #orderOf = new Map<string, FileOrder>()
  readonly #absent = new Set<object>()
  /** When the main station is there. */
  readonly #mains: Window[] = []
  readonly #spacecraft: Mortal<SpacecraftInput, SpacecraftEffect, Spacecraft>
  readonly #ground: Mortal<EdgeInput, EdgeEffect, Edge>
  /** Frames of the step that is performed. */
  #frames: Frame[] = []
  #aboard: unknown[] = []
  #ashore: unknown[] = []
  readonly #removed = new Set<string>()
  #stallUntil: Instant = 0
  /** When the line down, and the one up, have sent what they have. */
  #downFreeAt: Instant = 0
  #upFreeAt: Instant = 0
  readonly #clock: WrongClock
  /** The first window that may not be over. */
  #window = 0

  constructor(orders: Orders) {
    this.orders = orders
    this.#random = new Random(orders.seed ^ 0x5eed)
    this.#clock = new WrongClock(orders.clock.driftPpm)
    const { spacecraft, station } = settingsOf(orders)
    this.#spacecraftSettings = spacecraft
    this.#edgeSettings = station
    this.archive = new SimArchive(this.files)
    this.archive.fileOf = id => this.files[this.watchman.fileOf(Number(id.split('-')[1]))]
    this.watchman = new Watchman(orders)
    const lastMains = orders.scenario.windows.filter(isMain).slice(-MAINS_CERTAIN)
    for (const window of orders.scenario.windows)
      if (this.#random.next() < orders.absence && !lastMains.includes(window))
        this.#absent.add(window)
      else if (isMain(window)) this.#mains.push(window)
    const now = () => this.now
    this.#spacecraft = new Mortal(new Spacecraft(spacecraft, [], 0), {
      now,
      perform: (effect, tell) => this.#doAboard(effect, tell),
      stepped: () => this.#steppedAboard(),
    })
    this.#ground = new Mortal(new Edge(station, [], 0), {
      now,
      perform: (effect, tell, broken) => this.#doAshore(effect, tell, broken),
    })
    for (const order of orders.files) this.#timeline.at(order.at, () => this.#appear(order))
    for (const trouble of orders.troubles)
      this.#timeline.at(trouble.at, () => this.#suffer(trouble))
    for (const setting of orders.clock.settings)
      this.#timeline.at(setting.at, () => {
        this.#clock.set(setting)
        this.#tellTime()
      })
    if (!orders.isCalm) this.#watchClock()
  }

  get spacecraft(): Spacecraft {
    return this.#spacecraft.machine
  }

  get ground(): Edge {
    return this.#ground.machine
  }

  /** Flies until all files are let go and no more come, to the end of the scenario, or until time stands still. */
  fly(): void {
    const end = this.orders.scenario.days * 86_400_000
    let turns = 0
    for (this.#perform(); this.now < end && !this.isDone && turns < TURNS_MAX; this.#perform()) {
      const before = this.now
      const machines = sooner(this.#spacecraft.deadline, this.#ground.deadline)
      const next = sooner(this.#timeline.next, machines)
      this.now = Math.min(end, Math.max(this.now, next ?? end))
      turns = this.now === before ? turns + 1 : 0
      this.#timeline.run(this.now)
      this.#spacecraft.tick()
      this.#ground.tick()
    }
  }

  get isDone(): boolean {
    return (
      this.files.length === this.orders.files.length && this.#removed.size === this.files.length
    )
  }

  #appear(order: FileOrder): void {
    const seed = this.files.length + 1
    const name = `file-${seed}`
    const file = { path: `/outbox/${name}`, name, octets: order.octets, seed, changed: false }
    this.files.push(file)
    this.#orderOf.set(file.path, order)
    this.#offer(file)
  }

  #offer(file: VirtualFile): void {
    const { priority, deadlineMs } = this.#orderOf.get(file.path) as FileOrder
    const identity = { octets: file.octets, mtimeMs: 1, inode: file.seed }
    const offer = { path: file.path, name: file.name, identity, remove: true, priority }
    const whole = deadlineMs === undefined ? offer : { ...offer, deadlineMs }
    this.#spacecraft.tell({ kind: 'offer', token: 1, offer: whole, insist: false })
    this.#wake()
  }

  #suffer({ kind, lastingMs, effects, clockMs }: Trouble): void {
    if (kind === 'modem stalls' || kind === 'credit is lost')
      this.#stallUntil = this.now + lastingMs
    else if (kind === 'ground dies') {
      this.#ground.kill(effects)
      this.#timeline.at(this.now + lastingMs, () => this.#restartGround())
    } else {
      this.#spacecraft.kill(effects)
      this.#timeline.at(this.now + lastingMs, () => this.#restartSpacecraft(clockMs))
    }
  }

  #tellTime(): void {
    const epochUtcMs = this.#clock.at(this.now)
    this.#spacecraft.tell({ kind: 'vitals', token: 1, memoryOctets: 1, epochUtcMs })
    this.#wake()
  }

  #watchClock(): void {
    this.#tellTime()
    this.#timeline.at(this.now + TELL_TIME_MS, () => this.#watchClock())
  }

  /** Its clock may be wrong, so its plan is; and the memory of what it heard is gone. */
  #restartSpacecraft(clockMs: number): void {
    if (clockMs !== 0) this.#clock.set({ at: this.now, wrongMs: -clockMs })
    const epochUtcMs = this.#clock.at(this.now)
    const contacts = this.#spacecraftSettings.contacts?.map(contact => ({
      ...contact,
      start: contact.start - epochUtcMs,
      end: contact.end - epochUtcMs,
    }))
    const settings = { ...this.#spacecraftSettings, contacts, epochUtcMs }
    this.watchman.forgetRun()
    this.#spacecraft.restart(new Spacecraft(settings, this.#aboard, this.now))
    this.#aboard = [...this.spacecraft.buffer.snapshot()]
    this.#perform()
    for (const file of this.files) if (!this.#removed.has(file.path)) this.#offer(file)
  }

  #restartGround(): void {
    this.archive.forgetUnsynced()
    this.#ground.restart(new Edge(this.#edgeSettings, this.#ashore, this.now))
  }

  #perform(): void {
    this.#spacecraft.perform()
    this.#ground.perform()
  }

  #steppedAboard(): void {
    if (this.#frames.length > 0) this.#transmit(this.#frames)
    this.#frames = []
    this.watchman.look(this.now, this.spacecraft)
  }

  #doAboard(effect: SpacecraftEffect, tell: (input: SpacecraftInput) => void): void {
    switch (effect.kind) {
      case 'journal':
        this.#aboard.push(effect.record)
        if ('sequence' in effect.record) this.watchman.journaled(effect.record, this.files)
        break
      case 'room':
        this.#whenRoom(tell)
        break
      case 'digest':
      case 'read':
        this.#timeline.at(this.now, () => tell(this.#disk(effect)))
        break
      case 'release':
        this.#removed.add(effect.path)
        this.#timeline.at(this.now, () => tell({ kind: 'released', sequence: effect.sequence }))
        break
      case 'transmit':
        this.#frames.push({ octets: effect.octets, of: this.spacecraft })
        break
      case 'answer':
      case 'log':
      case 'recover':
      case 'write':
      case 'sync':
      case 'verify':
      case 'deliver':
      case 'discard':
      case 'await disk':
      case 'read plan':
      case 'keep plan':
    }
  }

  #disk(effect: Extract<SpacecraftEffect, { kind: 'digest' | 'read' }>): SpacecraftInput {
    const file = this.files.findLast(({ path }) => path === effect.path)
    return fromDisk(file, effect, this.#spacecraftSettings.cfdp.checksumType)
  }

  /** A modem takes a few frames at once; one that had only idle ones is given time. */
  #whenRoom(tell: (input: SpacecraftInput) => void): void {
    const idleMs = this.watchman.isIdle(this.spacecraft) ? IDLE_MS : 0
    const at = Math.max(this.now, this.#stallUntil, this.#downFreeAt + idleMs)
    const octets = QUEUE_FRAMES * caduOctets(this.#spacecraftSettings.downlink)
    let isAnswered = false
    const answer = () => {
      if (isAnswered) return
      isAnswered = true
      tell({ kind: 'room', octets })
    }
    this.#timeline.at(at, answer)
    this.#early = answer
  }

  #early: (() => void) | undefined

  /** Something has come: a spacecraft that waits for nothing is asked at once. */
  #wake(): void {
    if (this.now >= this.#stallUntil && this.now >= this.#downFreeAt) this.#early?.()
  }

  #transmit(frames: readonly Frame[]): void {
    const frameMs = 1_000 / this.orders.framesPerSecond
    const heard: Frame[] = []
    let at = Math.max(this.now, this.#downFreeAt)
    for (const frame of frames) {
      at += frameMs
      if (this.#isHeard(at)) heard.push(frame)
      else release(frame)
    }
    this.#downFreeAt = at
    if (heard.length === 0) return
    this.#timeline.at(at, () => {
      for (const frame of heard) {
        this.#ground.tell({ kind: 'octets', octets: frame.octets })
        release(frame)
      }
    })
  }

  /** Whether any station hears a frame that ends then. */
  #isHeard(at: Instant): boolean {
    const { windows } = this.orders.scenario
    const { damage, losses } = this.orders
    let isHeard = false
    for (let i = this.#window; i < windows.length; i++) {
      const window = windows[i] as (typeof windows)[number]
      if (window.start > at) break
      if (i === this.#window && window.end < this.now) this.#window += 1
      if (at > window.end || this.#absent.has(window)) continue
      const { real } = losses.get(window.station) as { real: number }
      if (this.#random.next() >= real && this.#random.next() >= damage) isHeard = true
    }
    return isHeard
  }

  #isMainThere(at: Instant): boolean {
    return this.#mains.some(({ start, end }) => start <= at && at < end)
  }

  #doAshore(effect: EdgeEffect, tell: (input: EdgeInput) => void, broken: Set<string>): void {
    switch (effect.kind) {
      case 'journal':
        this.#ashore.push(effect.record)
        break
      case 'transmit':
        this.#command(effect.octets)
        break
      case 'room':
        this.#timeline.at(Math.max(this.now, this.#upFreeAt), () =>
          tell({ kind: 'room', octets: effect.octets }),
        )
        break
      case 'write':
      case 'sync':
      case 'verify':
      case 'deliver':
      case 'discard':
        this.archive.perform(
          effect,
          input => this.#timeline.at(this.now, () => tell(input)),
          broken,
        )
        break
      case 'answer':
      case 'await disk':
      case 'read':
      case 'drop':
      case 'log':
    }
  }

  #command(octets: Uint8Array): void {
    this.#upFreeAt = Math.max(this.now, this.#upFreeAt) + (8_000 * octets.length) / UP_BPS
    const at = this.#upFreeAt + DELAY_MS
    if (!this.#isMainThere(at) || this.#random.next() < this.orders.uplinkLoss) return
    this.#timeline.at(at, () => {
      this.#spacecraft.tell({ kind: 'octets', octets })
      this.#wake()
    })
  }
}

function release({ octets, of }: Frame): void {
  of.downlink.release(0, octets)
}

/** Its last contacts the main station keeps: after them nothing may wait. */
const MAINS_CERTAIN = 2
const QUEUE_FRAMES = 4
const IDLE_MS = 30_000
const TELL_TIME_MS = 10 * 60_000
const UP_BPS = 9_600
const DELAY_MS = 5
/** At one moment; then a deadline stays due, whatever is done about it. */
const TURNS_MAX = 100_000
