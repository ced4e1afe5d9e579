/** The spacecraft in the world: opens disk, line and control socket, and lets `drive` run the machine. */
import type { OnboardConfig } from '../hal/config/config.ts'
import { contactLog } from '../hal/contact-log.ts'
import { Refusal, type Route } from '../hal/control.ts'
import { drive } from '../hal/drive.ts'
import type { Archive } from '../hal/files/archive.ts'
import { Arrivals } from '../hal/files/arrivals.ts'
import { Outbox } from '../hal/files/outbox.ts'
import { Inbox } from '../hal/inbox.ts'
import type { Log } from '../hal/log.ts'
import { processMetrics, prometheusText } from '../hal/metrics.ts'
import { openModems } from '../hal/modem.ts'
import { Notebook } from '../hal/notebook.ts'
import { peakMemoryOctets } from '../hal/peak-memory.ts'
import { ModemClosed } from '../hal/ports.ts'
import { Questions } from '../hal/questions.ts'
import { Service } from '../hal/service.ts'
import { runShell, type Surroundings } from '../hal/shell.ts'
import type { Start } from '../hal/starts.ts'
import { performStep } from '../hal/step.ts'
import { systemClock as clock } from '../hal/system-clock.ts'
import { isOver } from '../protocol/contacts.ts'
import type { Instant } from '../protocol/machine.ts'
import type { SpacecraftEffect, SpacecraftInput } from './events.ts'
import { spacecraftMetrics } from './metrics.ts'
import type { SpacecraftSettings } from './settings.ts'
import { begin, makeOutbox, openInbox } from './shell/begin.ts'
import { Modems } from './shell/modems.ts'
import { beginningPlan, Plans } from './shell/plans.ts'
import { REQUESTS, requests } from './shell/requests.ts'
import { type Answer, Sources } from './shell/sources.ts'
import { Spacecraft } from './spacecraft.ts'
import { spacecraftStatus } from './status.ts'

/** What a configuration means, at a moment of both clocks. */
type SettingsAt = (config: OnboardConfig, now: Instant, utcMs: number) => SpacecraftSettings

/** Runs until the process is told to end (SIGTERM, SIGINT). */
export async function runOnboard(config: OnboardConfig, settingsAt: SettingsAt): Promise<void> {
  return runShell(config, ROUTES, around => openShell(config, settingsAt, around))
}

async function openShell(
  config: OnboardConfig,
  settingsAt: SettingsAt,
  { log, signal }: Surroundings,
): Promise<OnboardShell> {
  await makeOutbox(config.outbox)
  const { start, journal, safe } = await begin(config.state, config.safeMode.deaths, log)
  const [opened, service, archive] = await Promise.all([
    openModems(config, clock),
    Service.open({ ...config, stallMs: STALL_MS }, { log, clock, env: process.env }, start),
    config.inbox === undefined ? undefined : openInbox(config.inbox, log),
  ])
  const isSafe = safe !== undefined
  const configured = archive === undefined ? { ...config, inbox: undefined } : config
  // What came up may be what makes the process die.
  const planned = isSafe ? configured : await withPlan(configured, log)
  const { starts } = start
  const settings = { ...settingsAt(planned, clock.now(), clock.utcMs()), starts, isSafe }
  const machine = new Spacecraft(settings, journal.takeRecovered(), clock.now())
  const { entity } = config
  const lines = contactLog(log, () => ({ entity, contactMs: machine.contactMs }))
  const notebook = new Notebook(journal, () => machine.snapshot(), clock, lines)
  const modems = new Modems(opened, machine, clock)
  signal.addEventListener('abort', () => void modems.close(), { once: true })
  log.info('onboard starts', { entity: config.entity, starts, safe })
  return new OnboardShell({
    machine,
    notebook,
    modems,
    log: lines,
    inbox: archive && { archive, folder: config.inbox as string, state: config.state },
    outbox: new Outbox(config.outbox, SETTLE_MS),
    signal,
    service,
    start,
    troubles: [
      ...(isSafe ? [`safe mode: ${safe}`] : []),
      ...(config.inbox === configured.inbox ? [] : ['the inbox cannot be opened']),
    ],
  })
}

/** The configuration with the plan that came up last, if there is one, and it is not older. */
async function withPlan(config: OnboardConfig, log: Log): Promise<OnboardConfig> {
  const { state, contacts, planIssued: issued } = config
  const modems = config.modems?.map(({ name }) => name)
  const plan = await beginningPlan(state, { plan: contacts && { issued, contacts }, modems }, log)
  return { ...config, contacts: plan?.contacts, planIssued: plan?.issued }
}

interface Place {
  readonly archive: Archive
  readonly folder: string
  readonly state: string
}

interface Parts {
  readonly service: Service
  readonly start: Start
  /** What was wrong when it started, and is until it is started again. */
  readonly troubles: readonly string[]
  readonly machine: Spacecraft
  readonly notebook: Notebook
  readonly modems: Modems
  readonly log: Log
  /** Where files from the ground appear. */
  readonly inbox: Place | undefined
  readonly outbox: Outbox
  /** Aborts when the process is told to end. */
  readonly signal: AbortSignal
}

/** What is left to do of a step, the journal apart. */
type Work = Exclude<SpacecraftEffect, { kind: 'journal' }>

class OnboardShell {
  readonly #service: Service
  readonly #start: Start
  readonly #troubles: readonly string[]
  readonly #notebook: Notebook
  readonly #modems: Modems
  readonly #log: Log
  readonly #inbox = new Inbox<SpacecraftInput>()
  readonly #machine: Spacecraft
  readonly #sources: Sources
  readonly #archive: Archive | undefined
  /** Of the files from the ground. */
  readonly #arrivals: Arrivals | undefined
  readonly #plans: Plans | undefined
  readonly #signal: AbortSignal
  readonly #questions = new Questions<SpacecraftInput, Answer>(this.#inbox)
  #toFirstFrameMs: number | undefined

  constructor(parts: Parts) {
    this.#service = parts.service
    this.#start = parts.start
    this.#troubles = parts.troubles
    this.#machine = parts.machine
    this.#notebook = parts.notebook
    this.#modems = parts.modems
    this.#log = parts.log
    this.#sources = new Sources({ ...parts, inbox: this.#inbox, questions: this.#questions })
    this.#archive = parts.inbox?.archive
    this.#arrivals = arrivalsOf(parts, this.#inbox)
    const { inbox: place, log } = parts
    this.#plans = place && new Plans({ ...place, inbox: this.#inbox, log })
    this.#signal = parts.signal
  }

  async run(): Promise<void> {
    const signal = this.#signal
    await this.#arrivals?.clearLeftovers()
    const heard = this.#modems.hear(this.#inbox)
    const offered = this.#machine.settings.isSafe === true ? undefined : this.#sources.watch(signal)
    void this.#service.watch(
      vitals => this.#questions.ask(token => ({ kind: 'vitals', token, ...vitals })),
      signal,
    )
    await drive({
      machine: this.#machine,
      inbox: this.#inbox,
      clock,
      perform: effects => this.#perform(effects),
      signal,
    })
    await Promise.all([heard, offered])
  }

  routes(): Record<(typeof ROUTES)[number], Route> {
    return {
      'GET /status': () => this.#status(),
      'GET /metrics': () => {
        const status = this.#status()
        return prometheusText([...spacecraftMetrics(status), ...processMetrics(status)])
      },
      'GET /healthz': () => this.#health(),
      ...requests({
        machine: this.#machine,
        questions: this.#questions,
        sources: this.#sources,
      }),
    }
  }

  async close(): Promise<void> {
    await this.#modems.close()
    await this.#archive?.close()
    await this.#notebook.close()
    await this.#service.close()
  }

  async #perform(effects: readonly SpacecraftEffect[]): Promise<void> {
    await performStep<Work>(effects, {
      notebook: this.#notebook,
      arrivals: this.#arrivals,
      perform: effect => this.#do(effect),
    })
    this.#modems.enable()
  }

  async #do(effect: Work): Promise<void> {
    switch (effect.kind) {
      case 'transmit':
        void this.#transmit(effect)
        break
      case 'room':
        void this.#room(effect)
        break
      case 'digest':
        void this.#sources.digest(effect)
        break
      case 'read':
        void this.#sources.read(effect)
        break
      case 'release':
        await this.#sources.release(effect)
        break
      case 'answer':
        this.#questions.answered(effect.token, effect)
        break
      case 'recover':
        await this.#start.recover()
        process.kill(process.pid, 'SIGTERM')
        break
      case 'log':
        this.#log.info(effect.event, effect.fields)
        break
      case 'read plan':
        void this.#plans?.read(effect)
        break
      case 'keep plan':
        await this.#plans?.keep(effect)
        break
      case 'write':
      case 'sync':
      case 'verify':
      case 'deliver':
      case 'discard':
      case 'await disk':
        await this.#arrivals?.perform(effect)
        break
    }
  }

  async #room({ octets: least, modem }: SpacecraftEffect & { kind: 'room' }): Promise<void> {
    const octets = await this.#modems.room(modem, least, this.#signal)
    this.#inbox.post({ kind: 'room', octets, modem })
  }

  /** What the line loses is asked for again; only a modem that was closed refuses. */
  async #transmit({ octets, modem }: SpacecraftEffect & { kind: 'transmit' }): Promise<void> {
    try {
      await this.#modems.send(modem, octets)
      this.#machine.downlink.release(modem, octets)
      this.#toFirstFrameMs ??= clock.now()
    } catch (error) {
      // Closed: the process ends.
      if (!(error instanceof ModemClosed)) throw error
    }
  }

  #status() {
    return {
      pid: process.pid,
      rssPeakOctets: peakMemoryOctets(),
      toFirstFrameMs: this.#toFirstFrameMs ?? null,
      ...spacecraftStatus(this.#machine, clock.now()),
      ...this.#modems.status,
    }
  }

  #health(): unknown {
    const wrong: string[] = [...this.#troubles, ...this.#modems.missing]
    if (this.#service.trouble !== undefined) wrong.push(this.#service.trouble)
    if (this.#notebook.trouble !== undefined) wrong.push(this.#notebook.trouble)
    else if (this.#notebook.isFull && this.#machine.settings.isSafe !== true)
      wrong.push('the disk of the journal is full: no file is taken')
    if (isOver(this.#machine.stations.plan?.contacts, clock.now()))
      wrong.push('the contact plan has no contact left')
    if (this.#machine.uploads?.receptions.isDiskReady === false)
      wrong.push('the inbox cannot be written')
    if (this.#sources.trouble !== undefined) wrong.push(this.#sources.trouble)
    if (wrong.length > 0) throw new Refusal(503, wrong.join('; '))
    return { ok: true }
  }
}

function arrivalsOf(parts: Parts, inbox: Inbox<SpacecraftInput>): Arrivals | undefined {
  const { machine, inbox: place, log, signal } = parts
  if (machine.uploads === undefined || place === undefined) return undefined
  return new Arrivals({ ...place, receptions: machine.uploads.receptions, inbox, log, signal })
}

const ROUTES = ['GET /status', 'GET /metrics', 'GET /healthz', ...REQUESTS] as const
const SETTLE_MS = 1_000
/** As long as no disk takes that still works. */
const STALL_MS = 300_000
