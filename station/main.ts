/** The station in the world: opens archive, line and control socket, and lets `drive` run the machine. */
import { statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { StationConfig } from '../hal/config/config.ts'
import { placeOf, Refusal, type Route, serveControl, startingRoutes } from '../hal/control.ts'
import { drive } from '../hal/drive.ts'
import { endOnFault } from '../hal/fatal.ts'
import { errorCode, isDiskFull } from '../hal/file-error.ts'
import { Archive, NameRefused } from '../hal/files/archive.ts'
import { safeName } from '../hal/files/safe-name.ts'
import { Inbox, pump } from '../hal/inbox.ts'
import { FileJournal } from '../hal/journal/file-journal.ts'
import { type Log, openLog } from '../hal/log.ts'
import { prometheusText } from '../hal/metrics.ts'
import { openModem } from '../hal/modem.ts'
import { Notebook } from '../hal/notebook.ts'
import { peakMemoryOctets } from '../hal/peak-memory.ts'
import { type Modem, ModemClosed } from '../hal/ports.ts'
import { holdStateFolder } from '../hal/state-folder.ts'
import { systemClock as clock } from '../hal/system-clock.ts'
import { commandOf } from '../protocol/command/command.ts'
import type { Instant } from '../protocol/machine.ts'
import type { Span } from '../protocol/octets/span.ts'
import { Edge } from './edge.ts'
import type { EdgeEffect, EdgeInput } from './events.ts'
import { edgeMetrics } from './metrics.ts'
import { fileIdOf, type ReceptionId, receptionId } from './records.ts'
import type { EdgeSettings } from './settings.ts'
import { edgeStatus } from './status.ts'

/** Runs until the process is told to end (SIGTERM, SIGINT). */
export async function runStation(
  config: StationConfig,
  settingsAt: (now: Instant, utcMs: number) => EdgeSettings,
): Promise<void> {
  const end = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => end.abort())
  const log = openLog(1, clock)
  const endBy = endOnFault(log)
  // Both are had before anything in the state folder is touched.
  await holdStateFolder(config.state)
  const routes = startingRoutes(ROUTES)
  const control = await serveControl(placeOf(config.control), routes)
  try {
    const shell = await openShell(config, settingsAt, { log, signal: end.signal })
    Object.assign(routes, shell.routes())
    await shell.run(end.signal).catch(endBy)
    await control.close()
    await shell.close()
    log.info('station ends')
  } finally {
    await control.close()
  }
}

async function openShell(
  config: StationConfig,
  settingsAt: (now: Instant, utcMs: number) => EdgeSettings,
  { log, signal }: { readonly log: Log; readonly signal: AbortSignal },
): Promise<StationShell> {
  const [archive, journal, modem] = await Promise.all([
    Archive.open(config.archive),
    FileJournal.open(join(config.state, 'station.journal'), 'station'),
    openModem(config, UPLINK_QUEUE_OCTETS, clock),
  ])
  const machine = new Edge(
    settingsAt(clock.now(), clock.utcMs()),
    journal.takeRecovered(),
    clock.now(),
  )
  const notebook = new Notebook(journal, () => machine.snapshot(), clock, log)
  signal.addEventListener('abort', () => void modem.close(), { once: true })
  log.info('station starts', { entity: config.entity, ...journal.damage })
  return new StationShell(config, { machine, archive, notebook, modem, log })
}

interface Parts {
  readonly machine: Edge
  readonly archive: Archive
  readonly notebook: Notebook
  readonly modem: Modem
  readonly log: Log
}

/** What the disk did not do in one step: all else that this reception asked for in it is skipped. */
interface Broken {
  readonly lost: Span[]
  readonly why: string
}

class StationShell {
  readonly #config: StationConfig
  readonly #machine: Edge
  readonly #archive: Archive
  readonly #notebook: Notebook
  readonly #modem: Modem
  readonly #log: Log
  readonly #inbox = new Inbox<EdgeInput>()
  readonly #answers = new Map<number, (answer: Answer) => void>()
  #tokens = 0

  constructor(config: StationConfig, parts: Parts) {
    this.#config = config
    this.#machine = parts.machine
    this.#archive = parts.archive
    this.#notebook = parts.notebook
    this.#modem = parts.modem
    this.#log = parts.log
  }

  async run(signal: AbortSignal): Promise<void> {
    await this.#clearLeftovers()
    const heard = pump(
      this.#modem.received(),
      this.#inbox,
      octets => ({ kind: 'octets', octets }) as const,
      HIGH_WATER,
    )
    await drive({
      machine: this.#machine,
      inbox: this.#inbox,
      clock,
      perform: effects => this.#perform(effects, signal),
      signal,
    })
    await heard
  }

  routes(): Record<(typeof ROUTES)[number], Route> {
    return {
      'GET /status': () => this.#status(),
      'GET /metrics': () => prometheusText(edgeMetrics(this.#status())),
      'GET /healthz': () => this.#health(),
      'POST /cancel': body => this.#command('cancel', body),
      'POST /suspend': body => this.#command('suspend', body),
      'POST /resume': body => this.#command('resume', body),
      'POST /command': body => this.#order(body),
    }
  }

  async close(): Promise<void> {
    await this.#modem.close()
    await this.#archive.close()
    await this.#notebook.close()
  }

  /** Partial files of which the journal knows nothing were never spoken for. */
  async #clearLeftovers(): Promise<void> {
    for (const id of await this.#archive.leftovers())
      if (!this.#machine.receptions.has(receptionId(id))) await this.#archive.discard(id)
  }

  async #perform(effects: readonly EdgeEffect[], signal: AbortSignal): Promise<void> {
    const broken = new Map<ReceptionId, Broken>()
    for (const effect of effects) {
      const isBroken = 'id' in effect && broken.has(effect.id)
      if (effect.kind === 'write') await this.#write(effect, broken)
      else if (isBroken && !isLast(effect)) continue
      else if (effect.kind === 'journal') this.#notebook.write(effect.record)
      else if (effect.kind === 'sync') await this.#sync(effect.id, broken)
      else {
        if (this.#notebook.isDirty) await this.#notebook.flush()
        await this.#do(effect, signal)
      }
    }
    await this.#notebook.flush()
    if (broken.size === 0) await this.#notebook.compact()
    for (const [id, { lost, why }] of broken)
      this.#inbox.postFirst({ kind: 'disk failed', id, lost, why })
  }

  async #write(
    effect: EdgeEffect & { kind: 'write' },
    broken: Map<ReceptionId, Broken>,
  ): Promise<void> {
    const { id, offset, octets } = effect
    const span = { start: offset, end: offset + octets.length }
    const before = broken.get(id)
    if (before !== undefined) {
      before.lost.push(span)
      return
    }
    try {
      await this.#archive.write(fileIdOf(id), offset, octets)
    } catch (error) {
      broken.set(id, { lost: [span], why: String(error) })
    }
  }

  async #sync(id: ReceptionId, broken: Map<ReceptionId, Broken>): Promise<void> {
    try {
      await this.#archive.sync(fileIdOf(id))
    } catch (error) {
      // Which octets reached the disk nobody can tell: none of them counts.
      const held = this.#machine.receptions.get(id)?.transaction.held ?? []
      broken.set(id, { lost: [...held], why: String(error) })
    }
  }

  async #do(
    effect: Exclude<EdgeEffect, { kind: 'journal' | 'write' | 'sync' }>,
    signal: AbortSignal,
  ): Promise<void> {
    switch (effect.kind) {
      case 'transmit':
        void this.#transmit(effect.octets)
        break
      case 'room':
        void this.#modem
          .room(effect.octets)
          .then(() => this.#inbox.post({ kind: 'room', octets: this.#modem.roomOctets }))
        break
      case 'verify':
        void this.#verify(effect)
        break
      case 'deliver':
        void this.#deliver(effect)
        break
      case 'discard':
        await this.#discard(effect.id)
        break
      case 'await disk':
        void this.#awaitDisk(signal)
        break
      case 'answer':
        this.#answers.get(effect.token)?.(effect)
        this.#answers.delete(effect.token)
        break
      case 'log':
        this.#log.info(effect.event, { ...effect.fields, ...this.#heardAt() })
        break
    }
  }

  /** When the modem heard what it brought last, if it says: what is read late was not heard late. */
  #heardAt(): { readonly heardAt?: string } {
    const { heardUtcMs } = this.#modem
    return heardUtcMs === undefined ? {} : { heardAt: new Date(heardUtcMs).toISOString() }
  }

  /** What the line loses is said again; only a modem that was closed refuses. */
  async #transmit(octets: Uint8Array): Promise<void> {
    try {
      await this.#modem.send(octets)
    } catch (error) {
      // Closed: the process ends.
      if (!(error instanceof ModemClosed)) throw error
    }
  }

  async #verify(effect: EdgeEffect & { kind: 'verify' }): Promise<void> {
    const { id, octets, checksumType } = effect
    try {
      const checksum = await this.#archive.checksum(fileIdOf(id), octets, checksumType)
      this.#inbox.post({ kind: 'verified', id, checksum })
    } catch (error) {
      // The file may be right all the same: it is read once more when the disk is better.
      const why = `the file cannot be read back: ${String(error)}`
      this.#inbox.post({ kind: 'disk failed', id, lost: [], why })
    }
  }

  async #deliver(effect: EdgeEffect & { kind: 'deliver' }): Promise<void> {
    const { id, octets } = effect
    const name = safeName(effect.name)
    if (name === undefined) {
      this.#inbox.post({ kind: 'refused', id, why: 'its name leads out of the archive' })
      return
    }
    try {
      const path = await this.#deliverAs(name, id, octets)
      this.#inbox.post({ kind: 'delivered', id, path })
    } catch (error) {
      if (!isDiskFull(error))
        this.#log.error('file cannot be named', { transaction: id, why: String(error) })
      this.#inbox.post({ kind: 'disk failed', id, lost: [], why: String(error) })
    }
  }

  /** Where something else is at the place that the name leads to, the file goes by its transaction. */
  async #deliverAs(name: string, id: ReceptionId, octets: number): Promise<string> {
    try {
      return await this.#archive.deliver(fileIdOf(id), octets, name)
    } catch (error) {
      if (!(error instanceof NameRefused)) throw error
      this.#log.warn('file goes by its number', { transaction: id, why: error.message })
      return this.#archive.deliver(fileIdOf(id), octets, `transaction-${id}`)
    }
  }

  async #discard(id: ReceptionId): Promise<void> {
    try {
      await this.#archive.discard(fileIdOf(id))
    } catch (error) {
      this.#log.warn('partial file stays', { transaction: id, why: String(error) })
    }
  }

  /** Asks the disk again and again until it has room. */
  async #awaitDisk(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await clock.until(clock.now() + DISK_MS, signal)
      if ((await roomAt(this.#config.archive)) < DISK_ROOM_OCTETS) continue
      this.#inbox.post({ kind: 'disk ready' })
      return
    }
  }

  async #command(kind: 'cancel' | 'suspend' | 'resume', body: unknown): Promise<unknown> {
    const { transaction } = Object(body) as { transaction?: unknown }
    if (typeof transaction !== 'string')
      throw new Refusal(400, `Cannot ${kind}: { "transaction": "source-sequence" } is missing`)
    const { why } = await this.#ask(token => ({ kind, id: transaction, token }))
    if (why !== undefined) throw new Refusal(404, why)
    return { transaction }
  }

  /** For the spacecraft. */
  async #order(body: unknown): Promise<unknown> {
    const command = commandOf(body)
    if (typeof command === 'string') throw new Refusal(400, command)
    const { why, counter } = await this.#ask(token => ({ kind: 'order', command, token }))
    if (why !== undefined) throw new Refusal(409, why)
    return { state: 'waiting', counter }
  }

  #ask(input: (token: number) => EdgeInput): Promise<Answer> {
    this.#tokens += 1
    const token = this.#tokens
    return new Promise(answer => {
      this.#answers.set(token, answer)
      this.#inbox.post(input(token))
    })
  }

  #status() {
    return {
      pid: process.pid,
      rssPeakOctets: peakMemoryOctets(),
      ...edgeStatus(this.#machine, clock.now()),
      modem: { ...this.#modem.counters },
    }
  }

  #health(): unknown {
    const wrong: string[] = []
    if (!this.#modem.counters.isOpen) wrong.push('the modem is not there')
    if (!this.#machine.isDiskReady) wrong.push('the archive cannot be written')
    if (this.#notebook.trouble !== undefined) wrong.push(this.#notebook.trouble)
    if (wrong.length > 0) throw new Refusal(503, wrong.join('; '))
    return { ok: true }
  }
}

interface Answer {
  readonly why: string | undefined
  readonly counter?: number
}

/** Octets that may be written to the disk of `folder`; none while it is away. */
async function roomAt(folder: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(folder)
    return bavail * bsize
  } catch (error) {
    if (errorCode(error) === undefined) throw error
    return 0
  }
}

const ROUTES = [
  'GET /status',
  'GET /metrics',
  'GET /healthz',
  'POST /cancel',
  'POST /suspend',
  'POST /resume',
  'POST /command',
] as const
/** A reception that is over stays so, whatever the disk did to what it wrote before. */
function isLast(effect: EdgeEffect): boolean {
  return effect.kind === 'journal' && effect.record.kind === 'closed'
}

const UPLINK_QUEUE_OCTETS = 4_096
/** Chunks off the line that may wait for the machine. */
const HIGH_WATER = 64
const DISK_MS = 1_000
/** Room that makes it worth asking the spacecraft again. */
const DISK_ROOM_OCTETS = 4 * 1_048_576
