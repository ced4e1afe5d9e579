/**
 * Both ends and the line between them as processes of their own, on this computer: started, asked, killed,
 * started again, and never left behind. What they run is dist/, as it is shipped.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import { ask } from '../../bin/ask.ts'
import type { OnboardStatus, StationStatus } from '../../bin/statuses.ts'
import type { LinkStatus } from '../../hal/link/link.ts'
import { systemClock } from '../../hal/system-clock.ts'

export type Role = 'link' | 'onboard' | 'station'

export interface BenchPlan {
  /** Arguments of `downpour link`. */
  readonly link?: readonly string[]
  readonly rateBps?: number
  readonly uplinkRateBps?: number
  /** Keys that take the place of those of both ends, and of one. */
  readonly both?: object
  readonly onboard?: object
  readonly station?: object
  /** What runs `downpour` for an end, in place of this Node and dist/. */
  readonly programs?: Readonly<Partial<Record<Role, readonly string[]>>>
}

interface Statuses {
  readonly link: LinkStatus
  readonly onboard: OnboardStatus
  readonly station: StationStatus & { readonly diskReady: boolean }
}

export class Bench {
  /** Short, for the sockets in it. */
  readonly folder: string
  readonly #plan: BenchPlan
  readonly #children = new Map<Role, ChildProcess>()

  private constructor(plan: BenchPlan) {
    this.folder = mkdtempSync(join(tmpdir(), 'dp-'))
    this.#plan = plan
    process.on('exit', this.#abandon)
    // A test that is ended from outside leaves nothing behind either.
    if (process.listenerCount('SIGTERM', ended) === 0) process.on('SIGTERM', ended)
  }

  /** The line and both ends, all of them ready. They end with the test. */
  static async open(t: Test, plan: BenchPlan = {}): Promise<Bench> {
    const bench = await Bench.prepare(t, plan)
    await bench.startAll()
    return bench
  }

  /** The line alone, and the configurations of both ends. */
  static async prepare(t: Test, plan: BenchPlan = {}): Promise<Bench> {
    const bench = new Bench(plan)
    t.teardown(() => bench.close())
    await bench.startLink()
    bench.configure()
    return bench
  }

  async startAll(): Promise<void> {
    await Promise.all([this.start('onboard'), this.start('station')])
  }

  get outbox(): string {
    return join(this.folder, 'outbox')
  }

  get archive(): string {
    return join(this.folder, 'archive')
  }

  /** What left the onboard end and the station end. */
  get tap(): string {
    return join(this.folder, 'down.tap')
  }

  get tapUp(): string {
    return join(this.folder, 'up.tap')
  }

  async startLink(): Promise<void> {
    const { rateBps = RATE_BPS, uplinkRateBps = UPLINK_RATE_BPS, link = [] } = this.#plan
    const rates = ['--rate', String(rateBps), '--uplink-rate', String(uplinkRateBps)]
    const taps = ['--tap', this.tap, '--tap-up', this.tapUp]
    this.#spawn('link', ['--socket', this.socket('link'), ...rates, ...taps, ...link])
    await this.#ready('link')
    await this.until('the line says where its ends are', () => this.log('link').includes('\n'))
  }

  /** Writes the configurations of both ends, from what the line said of itself. */
  configure(): void {
    const [line = '{}'] = this.log('link').split('\n')
    const ends = JSON.parse(line) as { onboard: object; station: object }
    const { rateBps = RATE_BPS, uplinkRateBps = UPLINK_RATE_BPS, both } = this.#plan
    const shared = {
      downlink: { spacecraftId: 42, interleave: 5, rateBps },
      uplink: { rateBps: uplinkRateBps },
      cfdp: { class: 2, ackMs: 300, nakMs: 300 },
      ...both,
    }
    // Killed again and again, on purpose.
    const safeMode = { deaths: 0 }
    const onboard = {
      role: 'onboard',
      entity: 1,
      peer: 2,
      outbox: this.outbox,
      safeMode,
      ...shared,
    }
    const station = { role: 'station', entity: 2, peer: 1, archive: this.archive, ...shared }
    for (const [end, modem] of [
      [onboard, ends.onboard],
      [station, ends.station],
    ] as const) {
      const role = end.role as 'onboard' | 'station'
      const places = { state: join(this.folder, role), control: { socket: this.socket(role) } }
      const config = { ...end, modem, ...places, ...this.#plan[role] }
      writeFileSync(this.config(role), JSON.stringify(config, null, 2))
    }
  }

  config(role: 'onboard' | 'station'): string {
    return join(this.folder, `${role}.json`)
  }

  socket(role: Role): string {
    return join(this.folder, `${role}.sock`)
  }

  /** Starts an end, and resolves when it is ready. */
  async start(role: 'onboard' | 'station', nodeOptions: readonly string[] = []): Promise<void> {
    this.launch(role, nodeOptions)
    await this.#ready(role)
  }

  /** Starts an end, and does not wait for it. */
  launch(role: 'onboard' | 'station', nodeOptions: readonly string[] = []): void {
    this.#spawn(role, ['--config', this.config(role)], nodeOptions)
  }

  /** The code with which a process ends by itself. */
  async ended(role: Role): Promise<number | null> {
    const child = this.#children.get(role)
    if (child === undefined) throw new Error(`Cannot wait for ${role}: it was not started`)
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
    const [code] = (await once(child, 'exit')) as [number | null]
    return code
  }

  async kill(role: Role, signal: NodeJS.Signals = 'SIGKILL'): Promise<number | null> {
    const child = this.#children.get(role)
    this.#children.delete(role)
    if (child === undefined || child.exitCode !== null || child.signalCode !== null)
      throw new Error(`Cannot kill ${role}: it ended by itself\n${this.logEnd(role)}`)
    const exit = once(child, 'exit') as Promise<[number | null]>
    child.kill(signal)
    const [code] = await exit
    return code
  }

  /** The process runs. */
  lives(role: Role): boolean {
    const child = this.#children.get(role)
    return child !== undefined && child.exitCode === null && child.signalCode === null
  }

  ask(role: Role, path: string, body?: unknown): Promise<unknown> {
    return ask(this.socket(role), path, body)
  }

  status<R extends Role>(role: R): Promise<Statuses[R]> {
    return ask<Statuses[R]>(this.socket(role), '/status')
  }

  /** From now on the flight process gives its modem so many bits per second. */
  async setRate(rateBps: number): Promise<void> {
    const set = { verb: 'set', parameter: 'downlink.rateBps', value: rateBps }
    await this.ask('onboard', '/command', set)
  }

  /** Lets a file appear in the outbox, whole. @returns its path */
  drop(name: string, octets: Uint8Array): string {
    mkdirSync(this.outbox, { recursive: true })
    const path = join(this.outbox, name)
    writeFileSync(`${path}.part`, octets)
    renameSync(`${path}.part`, path)
    return path
  }

  /** Resolves when `condition` holds. What it throws while an end is away counts as no. @throws when stuck */
  async until(
    what: string,
    condition: () => boolean | Promise<boolean>,
    guardMs = GUARD_MS,
  ): Promise<void> {
    const deadline = systemClock.now() + guardMs
    let fault: unknown
    for (;;) {
      try {
        if (await condition()) return
      } catch (error) {
        fault = error
      }
      if (systemClock.now() > deadline) break
      await systemClock.until(systemClock.now() + POLL_MS, NEVER)
    }
    const logs = (['link', 'onboard', 'station'] as const).map(
      role => `-- ${role}\n${this.logEnd(role)}`,
    )
    throw new Error(`Waited in vain until ${what} (${String(fault)})\n${logs.join('\n')}`)
  }

  pause(ms: number): Promise<void> {
    return systemClock.until(systemClock.now() + ms, NEVER)
  }

  /** All that an end, in all its lives, has said. */
  log(role: Role): string {
    const path = join(this.folder, `${role}.log`)
    return existsSync(path) ? readFileSync(path, 'utf8') : ''
  }

  logEnd(role: Role): string {
    return this.log(role).trimEnd().split('\n').slice(-LOG_LINES).join('\n')
  }

  /** The lines of a log that tell of `event`. */
  events(role: Role, event: string): Readonly<Record<string, unknown>>[] {
    const lines = this.log(role)
      .split('\n')
      .filter(line => line.includes(`"event":"${event}"`))
    return lines.map(line => JSON.parse(line) as Record<string, unknown>)
  }

  async close(): Promise<void> {
    const exits = [...this.#children.values()]
      .filter(child => child.exitCode === null && child.signalCode === null)
      .map(child => once(child, 'exit'))
    this.#endAll()
    await Promise.all(exits)
    process.off('exit', this.#abandon)
    rmSync(this.folder, { recursive: true, force: true })
  }

  #spawn(role: Role, args: readonly string[], nodeOptions: readonly string[] = []): void {
    const log = openSync(join(this.folder, `${role}.log`), 'a')
    const built = [process.execPath, ...nodeOptions, ENTRY]
    const [program = '', ...first] = this.#plan.programs?.[role] ?? built
    const child = spawn(program, [...first, role, ...args], {
      stdio: ['ignore', log, log],
      env: PLAIN_ENV,
    })
    closeSync(log)
    this.#children.set(role, child)
  }

  async #ready(role: Role): Promise<void> {
    await this.until(`${role} is ready`, async () => (await this.status(role)).role === role)
  }

  /** The line is asked, for it has a device to put away; the ends are used to worse. */
  #endAll(): void {
    for (const [role, child] of this.#children) child.kill(role === 'link' ? 'SIGTERM' : 'SIGKILL')
  }

  readonly #abandon = () => {
    this.#endAll()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

function ended(): void {
  process.exit(1)
}

/** Runs `downpour ...` to its end. */
export async function run(
  ...args: readonly string[]
): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [ENTRY, ...args], { env: PLAIN_ENV })
  const [out, err, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ])
  return { code, out, err }
}

async function text(stream: NodeJS.ReadableStream): Promise<string> {
  let all = ''
  for await (const chunk of stream) all += String(chunk)
  return all
}

export const ENTRY = join(process.cwd(), 'dist/bin/downpour.js')
/** Without what a test runner puts into the environment of its children. */
export const PLAIN_ENV = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '' }
const NEVER = new AbortController().signal
const RATE_BPS = 8_000_000
const UPLINK_RATE_BPS = 256_000
const POLL_MS = 15
/** Nothing takes so long, on the slowest and busiest machine: something is stuck. */
const GUARD_MS = 900_000
const LOG_LINES = 15
