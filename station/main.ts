/** The station in the world: opens archive, line and control socket, and lets `drive` run the machine. */
import { join } from 'node:path'
import type { StationConfig } from '../hal/config/config.ts'
import { contactLog } from '../hal/contact-log.ts'
import { Refusal, type Route } from '../hal/control.ts'
import { drive } from '../hal/drive.ts'
import { Archive } from '../hal/files/archive.ts'
import { Arrivals } from '../hal/files/arrivals.ts'
import { Spool } from '../hal/files/spool.ts'
import { Inbox, pump } from '../hal/inbox.ts'
import { FileJournal } from '../hal/journal/file-journal.ts'
import type { Log } from '../hal/log.ts'
import { processMetrics, prometheusText } from '../hal/metrics.ts'
import { openModem } from '../hal/modem.ts'
import { Notebook } from '../hal/notebook.ts'
import { peakMemoryOctets } from '../hal/peak-memory.ts'
import { type Modem, ModemClosed } from '../hal/ports.ts'
import { Questions } from '../hal/questions.ts'
import { Service } from '../hal/service.ts'
import { runShell, type Surroundings } from '../hal/shell.ts'
import { performStep } from '../hal/step.ts'
import { systemClock as clock } from '../hal/system-clock.ts'
import { isOver } from '../protocol/contacts.ts'
import type { Instant } from '../protocol/machine.ts'
import { Edge } from './edge.ts'
import type { EdgeEffect, EdgeInput } from './events.ts'
import { edgeMetrics } from './metrics.ts'
import type { EdgeSettings } from './settings.ts'
import type { Answer } from './shell/answer.ts'
import { REQUESTS, requests } from './shell/requests.ts'
import { UploadShell } from './shell/uploads.ts'
import { edgeStatus } from './status.ts'

/** Runs until the process is told to end (SIGTERM, SIGINT). */
export async function runStation(
  config: StationConfig,
  settingsAt: (now: Instant, utcMs: number) => EdgeSettings,
): Promise<void> {
  return runShell(config, ROUTES, around => openShell(config, settingsAt, around))
}

async function openShell(
  config: StationConfig,
  settingsAt: (now: Instant, utcMs: number) => EdgeSettings,
  { log, signal }: Surroundings,
): Promise<StationShell> {
  const [archive, journal, modem, service] = await Promise.all([
    Archive.open(config.archive),
    FileJournal.open(join(config.state, 'station.journal'), 'station'),
    openModem(config, UPLINK_QUEUE_OCTETS, clock),
    Service.open(config, { log, clock, env: process.env }),
  ])
  const machine = new Edge(
    settingsAt(clock.now(), clock.utcMs()),
    journal.takeRecovered(),
    clock.now(),
  )
  const { entity } = config
  const lines = contactLog(log, () => ({ entity, contactMs: machine.contactMs }))
  const notebook = new Notebook(journal, () => machine.snapshot(), clock, lines)
  signal.addEventListener('abort', () => void modem.close(), { once: true })
  const spool = await Spool.open(join(config.state, 'uplink'), machine.uploads.files)
  log.info('station starts', { entity: config.entity, ...journal.damage })
  return new StationShell(config, {
    machine,
    archive,
    spool,
    notebook,
    modem,
    log: lines,
    signal,
    service,
  })
}

interface Parts {
  readonly service: Service
  readonly machine: Edge
  readonly archive: Archive
  readonly spool: Spool
  readonly notebook: Notebook
  readonly modem: Modem
  readonly log: Log
  /** Aborts when the process is told to end. */
  readonly signal: AbortSignal
}

/** What is left to do of a step, the journal apart. */
type Work = Exclude<EdgeEffect, { kind: 'journal' }>

class StationShell {
  readonly #service: Service
  readonly #arrivals: Arrivals
  readonly #uploads: UploadShell
  readonly #machine: Edge
  readonly #archive: Archive
  readonly #notebook: Notebook
  readonly #modem: Modem
  readonly #log: Log
  readonly #signal: AbortSignal
  readonly #inbox = new Inbox<EdgeInput>()
  readonly #questions = new Questions<EdgeInput, Answer>(this.#inbox)

  constructor(config: StationConfig, parts: Parts) {
    this.#service = parts.service
    this.#machine = parts.machine
    this.#archive = parts.archive
    this.#notebook = parts.notebook
    this.#modem = parts.modem
    this.#log = parts.log
    this.#signal = parts.signal
    const { receptions } = parts.machine
    const { archive: folder } = config
    this.#uploads = new UploadShell({ ...parts, inbox: this.#inbox, questions: this.#questions })
    this.#arrivals = new Arrivals({ ...parts, receptions, inbox: this.#inbox, folder })
  }

  async run(): Promise<void> {
    const signal = this.#signal
    await this.#arrivals.clearLeftovers()
    const heard = pump(
      this.#modem.received(),
      this.#inbox,
      octets => ({ kind: 'octets', octets }) as const,
      HIGH_WATER,
    )
    void this.#service.watch(
      ({ epochUtcMs }) => this.#questions.ask(token => ({ kind: 'vitals', token, epochUtcMs })),
      signal,
    )
    await drive({
      machine: this.#machine,
      inbox: this.#inbox,
      clock,
      perform: effects => this.#perform(effects),
      signal,
    })
    await heard
  }

  routes(): Record<(typeof ROUTES)[number], Route> {
    return {
      'GET /status': () => this.#status(),
      'GET /metrics': () => {
        const status = this.#status()
        return prometheusText([...edgeMetrics(status), ...processMetrics(status)])
      },
      'GET /healthz': () => this.#health(),
      ...requests(this.#questions, this.#uploads),
    }
  }

  async close(): Promise<void> {
    await this.#modem.close()
    await this.#archive.close()
    await this.#notebook.close()
    await this.#service.close()
  }

  async #perform(effects: readonly EdgeEffect[]): Promise<void> {
    await performStep<Work>(effects, {
      notebook: this.#notebook,
      arrivals: this.#arrivals,
      perform: effect => this.#do(effect),
    })
  }

  async #do(effect: Work): Promise<void> {
    switch (effect.kind) {
      case 'transmit':
        void this.#transmit(effect.octets)
        break
      case 'room':
        void this.#modem
          .room(effect.octets)
          .then(() => this.#inbox.post({ kind: 'room', octets: this.#modem.roomOctets }))
        break
      case 'read':
        void this.#uploads.read(effect)
        break
      case 'drop':
        await this.#uploads.drop(effect)
        break
      case 'answer':
        this.#questions.answered(effect.token, effect)
        break
      case 'log':
        this.#log.info(effect.event, { ...effect.fields, ...this.#heardAt() })
        break
      case 'write':
      case 'sync':
      case 'verify':
      case 'deliver':
      case 'discard':
      case 'await disk':
        await this.#arrivals.perform(effect)
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

  #status() {
    return {
      pid: process.pid,
      rssPeakOctets: peakMemoryOctets(),
      ...edgeStatus(this.#machine, clock.now()),
      modem: { ...this.#modem.counters, ...this.#heardAt() },
    }
  }

  #health(): unknown {
    const wrong: string[] = []
    if (!this.#modem.counters.isOpen) wrong.push('the modem is not there')
    if (!this.#machine.receptions.isDiskReady) wrong.push('the archive cannot be written')
    if (this.#notebook.trouble !== undefined) wrong.push(this.#notebook.trouble)
    const { contact, settings } = this.#machine
    const isMute = settings.uplink.service === 'none'
    if (!isMute && isOver(contact.contacts, clock.now()))
      wrong.push('the contact plan has no contact left')
    if (wrong.length > 0) throw new Refusal(503, wrong.join('; '))
    return { ok: true }
  }
}

const ROUTES = ['GET /status', 'GET /metrics', 'GET /healthz', ...REQUESTS] as const
const UPLINK_QUEUE_OCTETS = 4_096
/** Chunks off the line that may wait for the machine. */
const HIGH_WATER = 64
