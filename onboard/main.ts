/** The spacecraft in the world: opens disk, line and control socket, and lets `drive` run the machine. */
import { mkdir } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import type { OnboardConfig } from '../hal/config/config.ts'
import { placeOf, Refusal, type Route, serveControl, startingRoutes } from '../hal/control.ts'
import { drive } from '../hal/drive.ts'
import { endOnFault } from '../hal/fatal.ts'
import { digest } from '../hal/files/digest.ts'
import { isSame, SourceChanged } from '../hal/files/file-source.ts'
import { Outbox, type OutboxFile, wholeFiles } from '../hal/files/outbox.ts'
import { identityAt, removeIfSame, wrongAmong } from '../hal/files/source-identity.ts'
import { Inbox, pump } from '../hal/inbox.ts'
import { FileJournal } from '../hal/journal/file-journal.ts'
import { setAside } from '../hal/journal/set-aside.ts'
import { type Log, openLog } from '../hal/log.ts'
import { prometheusText } from '../hal/metrics.ts'
import { openModem, queueOctetsFor } from '../hal/modem.ts'
import { Notebook } from '../hal/notebook.ts'
import { Pace } from '../hal/pace.ts'
import { peakMemoryOctets } from '../hal/peak-memory.ts'
import { type Modem, ModemClosed } from '../hal/ports.ts'
import { Service } from '../hal/service.ts'
import { readSource } from '../hal/source-files.ts'
import { countStart } from '../hal/starts.ts'
import { holdStateFolder } from '../hal/state-folder.ts'
import { systemClock as clock } from '../hal/system-clock.ts'
import { commandOf } from '../protocol/command/command.ts'
import type { Instant } from '../protocol/machine.ts'
import type { Offer } from './buffer/ack-buffer.ts'
import { bufferListing } from './buffer/listing.ts'
import { wishesIn } from './buffer/wishes.ts'
import { salvage } from './command/salvage.ts'
import type { SpacecraftEffect, SpacecraftInput } from './events.ts'
import { spacecraftMetrics } from './metrics.ts'
import type { SpacecraftSettings } from './settings.ts'
import { Spacecraft } from './spacecraft.ts'
import { spacecraftStatus } from './status.ts'

/** Runs until the process is told to end (SIGTERM, SIGINT). */
export async function runOnboard(
  config: OnboardConfig,
  settingsAt: (now: Instant, utcMs: number) => SpacecraftSettings,
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
    await shell.run().catch(endBy)
    await control.close()
    await shell.close()
    log.info('onboard ends')
  } finally {
    await control.close()
  }
}

async function openShell(
  config: OnboardConfig,
  settingsAt: (now: Instant, utcMs: number) => SpacecraftSettings,
  { log, signal }: { readonly log: Log; readonly signal: AbortSignal },
): Promise<OnboardShell> {
  await mkdir(config.outbox, { recursive: true })
  const path = join(config.state, 'onboard.journal')
  const start = await countStart(config.state, config.safeMode.deaths)
  if (start.isNews) {
    log.error('safe mode', { aside: await setAside(path, 'onboard', salvage) })
    await start.enterSafe()
  }
  const [journal, modem, service] = await Promise.all([
    FileJournal.open(path, 'onboard'),
    openModem(config, queueOctetsFor(config.downlink), clock),
    Service.open(start, config, { log, clock, env: process.env }),
  ])
  const { starts, isSafe } = start
  const settings = { ...settingsAt(clock.now(), clock.utcMs()), starts, isSafe }
  const machine = new Spacecraft(settings, journal.takeRecovered(), clock.now())
  const notebook = new Notebook(journal, () => machine.snapshot(), clock, log)
  signal.addEventListener('abort', () => void modem.close(), { once: true })
  log.info('onboard starts', { entity: config.entity, ...journal.damage })
  return new OnboardShell({
    machine,
    notebook,
    modem,
    log,
    outbox: new Outbox(config.outbox, SETTLE_MS),
    pace: new Pace(machine.settings.downlink, clock),
    signal,
    service,
  })
}

interface Parts {
  readonly service: Service
  readonly machine: Spacecraft
  readonly notebook: Notebook
  readonly modem: Modem
  readonly log: Log
  readonly outbox: Outbox
  readonly pace: Pace
  /** Aborts when the process is told to end. */
  readonly signal: AbortSignal
}

class OnboardShell {
  readonly #service: Service
  readonly #notebook: Notebook
  readonly #modem: Modem
  readonly #log: Log
  readonly #inbox = new Inbox<SpacecraftInput>()
  readonly #machine: Spacecraft
  readonly #outbox: Outbox
  readonly #pace: Pace
  readonly #signal: AbortSignal
  readonly #answers = new Map<number, (answer: Answer) => void>()
  #tokens = 0
  #toFirstFrameMs: number | undefined

  constructor(parts: Parts) {
    this.#service = parts.service
    this.#machine = parts.machine
    this.#notebook = parts.notebook
    this.#modem = parts.modem
    this.#log = parts.log
    this.#outbox = parts.outbox
    this.#pace = parts.pace
    this.#signal = parts.signal
  }

  async run(): Promise<void> {
    const signal = this.#signal
    const heard = pump(
      this.#modem.received(),
      this.#inbox,
      octets => ({ kind: 'octets', octets }) as const,
      HIGH_WATER,
    )
    const service = this.#service
    const offered = service.start.isSafe ? undefined : this.#offerOutbox(signal)
    void service.watch(vitals => this.#ask(token => ({ kind: 'vitals', token, ...vitals })), signal)
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
    const { buffer, settings } = this.#machine
    return {
      'GET /status': () => this.#status(),
      'GET /metrics': () => prometheusText(spacecraftMetrics(this.#status())),
      'GET /healthz': () => this.#health(),
      'POST /send': body => this.#send(body),
      'POST /cancel': body => this.#cancel(body),
      'GET /buffer': () => bufferListing(this.#machine, clock.now()),
      'POST /buffer/gc': async () => {
        const { sequence: files } = await this.#ask(token => ({ kind: 'collect', token }))
        return { files }
      },
      'POST /buffer/verify': () => wrongAmong(buffer, settings.cfdp.checksumType),
      'POST /command': body => this.#command(body),
    }
  }

  async close(): Promise<void> {
    await this.#modem.close()
    await this.#notebook.close()
    await this.#service.close()
  }

  async #perform(effects: readonly SpacecraftEffect[]): Promise<void> {
    for (const effect of effects) {
      if (effect.kind === 'journal') this.#notebook.write(effect.record)
      else {
        if (this.#notebook.isDirty) await this.#notebook.flush()
        await this.#do(effect)
      }
    }
    await this.#notebook.flush()
    await this.#notebook.compact()
    this.#modem.transmit?.(this.#machine.stations.audience !== undefined)
  }

  async #do(effect: Exclude<SpacecraftEffect, { kind: 'journal' }>): Promise<void> {
    switch (effect.kind) {
      case 'transmit':
        void this.#transmit(effect)
        break
      case 'room':
        void this.#room(effect.octets)
        break
      case 'digest':
        void this.#digest(effect)
        break
      case 'read':
        void this.#read(effect)
        break
      case 'release':
        await this.#release(effect)
        break
      case 'answer':
        this.#answers.get(effect.token)?.(effect)
        this.#answers.delete(effect.token)
        break
      case 'recover':
        await this.#service.start.recover()
        process.kill(process.pid, 'SIGTERM')
        break
      case 'log':
        this.#log.info(effect.event, effect.fields)
        break
    }
  }

  async #room(least: number): Promise<void> {
    await this.#pace.room(this.#signal)
    await this.#modem.room(least)
    const octets = Math.min(this.#pace.roomOctets(least), this.#modem.roomOctets)
    this.#inbox.post({ kind: 'room', octets })
  }

  /** What the line loses is asked for again; only a modem that was closed refuses. */
  async #transmit({ octets, modem }: SpacecraftEffect & { kind: 'transmit' }): Promise<void> {
    this.#pace.sent(octets.length)
    try {
      await this.#modem.send(octets)
      this.#machine.downlink.release(modem, octets)
      this.#toFirstFrameMs ??= clock.now()
    } catch (error) {
      // Closed: the process ends.
      if (!(error instanceof ModemClosed)) throw error
    }
  }

  async #digest(effect: SpacecraftEffect & { kind: 'digest' }): Promise<void> {
    const { sequence, path, identity } = effect
    await this.#fromDisk(sequence, async () => {
      const { checksumType } = this.#machine.settings.cfdp
      const found = await digest(path, checksumType)
      if (!isSame(identity, found.identity)) throw new SourceChanged(`${path} is another file now`)
      this.#inbox.post({ kind: 'digested', sequence, checksum: found.checksum })
    })
  }

  async #read(effect: SpacecraftEffect & { kind: 'read' }): Promise<void> {
    const { sequence, offset } = effect
    await this.#fromDisk(sequence, async () => {
      const octets = await readSource(effect)
      this.#inbox.post({ kind: 'read', sequence, offset, octets })
    })
  }

  /** Whatever the disk says against a file ends that file's transfer, and no other. */
  async #fromDisk(sequence: number, act: () => Promise<void>): Promise<void> {
    try {
      await act()
    } catch (error) {
      this.#inbox.post({ kind: 'source failed', sequence, why: String(error) })
      const entry = this.#machine.buffer.entry(sequence)
      if (entry?.remove === true) this.#outbox.forget(entry.name)
    }
  }

  async #release(effect: SpacecraftEffect & { kind: 'release' }): Promise<void> {
    const { sequence, path, identity, remove } = effect
    try {
      if (remove) await removeIfSame(path, identity)
      this.#inbox.post({ kind: 'released', sequence })
    } catch (error) {
      this.#log.error('file stays', { sequence, path, why: String(error) })
    }
  }

  async #offerOutbox(signal: AbortSignal): Promise<void> {
    for await (const files of wholeFiles(this.#outbox, clock, OUTBOX_MS, signal))
      for (const file of files) await this.#offerOne(file)
  }

  async #offerOne({ name, path, identity }: OutboxFile): Promise<void> {
    const { sequence, why } = await this.#offer({ name, path, identity, remove: true }, false)
    if (sequence !== undefined || this.#isKnown(path)) return
    // No room now: it stays where it is and is offered again.
    this.#outbox.forget(name)
    this.#log.warn('file waits in the outbox', { name, why })
  }

  #isKnown(path: string): boolean {
    for (const entry of this.#machine.buffer.entries()) if (entry.path === path) return true
    return false
  }

  async #offer(offer: Offer, insist: boolean): Promise<Answer> {
    if (!(await this.#notebook.hasRoom()))
      return { sequence: undefined, why: 'The disk of the journal is full' }
    return this.#ask(token => ({ kind: 'offer', token, offer, insist }))
  }

  #ask(input: (token: number) => SpacecraftInput): Promise<Answer> {
    this.#tokens += 1
    const token = this.#tokens
    return new Promise(answer => {
      this.#answers.set(token, answer)
      this.#inbox.post(input(token))
    })
  }

  async #send(body: unknown): Promise<unknown> {
    const request = Object(body) as Record<string, unknown>
    const { path, name } = request
    if (typeof path !== 'string') throw new Refusal(400, 'Cannot send: { "path": ... } is missing')
    const wishes = wishesIn(request)
    if (typeof wishes === 'string') throw new Refusal(400, wishes)
    const whole = resolve(path)
    const identity = await identityAt(whole).catch((error: unknown) => {
      throw new Refusal(404, error instanceof Error ? error.message : String(error))
    })
    const shown = typeof name === 'string' ? name : basename(whole)
    const nameOctets = Buffer.byteLength(shown)
    if (nameOctets === 0 || nameOctets > NAME_OCTETS_MAX)
      throw new Refusal(
        400,
        `Cannot send under a name of ${nameOctets} octets: 1 to 255 are carried`,
      )
    const offer = { path: whole, name: shown, identity, remove: false, ...wishes }
    const answer = await this.#offer(offer, true)
    if (answer.sequence === undefined) throw new Refusal(507, answer.why ?? 'refused')
    return { sequence: answer.sequence, name: shown, octets: identity.octets }
  }

  async #cancel(body: unknown): Promise<unknown> {
    const { sequence } = Object(body) as { sequence?: unknown }
    if (typeof sequence !== 'number')
      throw new Refusal(400, 'Cannot cancel: { "sequence": ... } is missing')
    const answer = await this.#ask(token => ({ kind: 'cancel', token, sequence }))
    if (answer.sequence === undefined) throw new Refusal(404, answer.why ?? 'refused')
    return answer
  }

  async #command(body: unknown): Promise<unknown> {
    const command = commandOf(body)
    if (typeof command === 'string') throw new Refusal(400, command)
    const { why } = await this.#ask(token => ({ kind: 'command', token, command }))
    if (why !== undefined) throw new Refusal(409, why)
    return { state: 'executed' }
  }

  #status() {
    return {
      pid: process.pid,
      rssPeakOctets: peakMemoryOctets(),
      toFirstFrameMs: this.#toFirstFrameMs ?? null,
      ...spacecraftStatus(this.#machine, clock.now()),
      modem: { ...this.#modem.counters },
    }
  }

  #health(): unknown {
    const wrong: string[] = []
    if (this.#service.start.isSafe) wrong.push('safe mode: nothing is sent but housekeeping')
    if (!this.#modem.counters.isOpen) wrong.push('the modem is not there')
    if (this.#notebook.trouble !== undefined) wrong.push(this.#notebook.trouble)
    if (this.#outbox.trouble !== undefined) wrong.push(this.#outbox.trouble)
    if (wrong.length > 0) throw new Refusal(503, wrong.join('; '))
    return { ok: true }
  }
}

interface Answer {
  readonly sequence: number | undefined
  readonly why: string | undefined
}

const ROUTES = [
  'GET /status',
  'GET /metrics',
  'GET /healthz',
  'POST /send',
  'POST /cancel',
  'GET /buffer',
  'POST /buffer/gc',
  'POST /buffer/verify',
  'POST /command',
] as const
/** A name is a length of one octet and so many octets. CCSDS 727.0-B-5, 5.2.5. */
const NAME_OCTETS_MAX = 255
/** Chunks off the line that may wait for the machine. */
const HIGH_WATER = 64
const OUTBOX_MS = 500
const SETTLE_MS = 1_000
