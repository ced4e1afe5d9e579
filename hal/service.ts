/**
 * What a supervisor is told: systemd, where it asks (sd_notify(3)), and a watchdog device, where one is named. Node
 * has no datagram sockets of the Unix kind, so systemd is told by its own program, `systemd-notify`; the unit needs
 * NotifyAccess=all for that. Where the program is missing, a line in the log says so, once, and nothing is told.
 */
import { type FileHandle, open } from 'node:fs/promises'
import type { Instant } from '../protocol/machine.ts'
import type { Log } from './log.ts'
import type { Clock } from './ports.ts'
import type { Start } from './starts.ts'

export interface Vitals {
  readonly memoryOctets: number
  /** UTC in milliseconds when the clock that does not step showed 0, by what UTC is now. */
  readonly epochUtcMs: number
}

interface Config {
  readonly safeMode: { readonly withinMs: number }
  readonly watchdog?: string
  /** A machine that answers nothing for so long is not waited for any more; absent: it is. */
  readonly stallMs?: number
}

interface Surroundings {
  readonly log: Log
  readonly clock: Clock
  readonly env: Readonly<Record<string, string | undefined>>
}

export class Service {
  readonly #start: Start | undefined
  readonly #around: Surroundings
  readonly #settledMs: number
  readonly #device: FileHandle | undefined
  readonly #stallMs: number
  /** Since when an answer is waited for; undefined: none is. */
  #askedAt: Instant | undefined
  #trouble: string | undefined
  #stopping: Promise<void> | undefined
  #isMute: boolean
  #kickedAt: Instant = Number.NEGATIVE_INFINITY

  private constructor(
    config: Config,
    around: Surroundings,
    { device, start }: { readonly device: FileHandle | undefined; readonly start?: Start },
  ) {
    this.#start = start
    this.#around = around
    this.#settledMs = config.safeMode.withinMs
    this.#stallMs = config.stallMs ?? Infinity
    this.#device = device
    this.#isMute = around.env['NOTIFY_SOCKET'] === undefined
  }

  /** `start` is told when it was a good one. A device that cannot be opened keeps nothing from starting. */
  static async open(config: Config, around: Surroundings, start?: Start): Promise<Service> {
    const { watchdog } = config
    let trouble: string | undefined
    const device =
      watchdog === undefined
        ? undefined
        : await open(watchdog, 'w').catch((error: unknown) => {
            trouble = `the watchdog cannot be opened: ${String(error)}`
            around.log.error('no watchdog', { why: String(error) })
            return undefined
          })
    const service = new Service(config, around, { device, ...(start && { start }) })
    service.#trouble = trouble
    return service
  }

  /** What is wrong with the watchdog device. */
  get trouble(): string | undefined {
    return this.#trouble
  }

  /**
   * Says that the process is ready, and that it lives as long as `ask` is answered: which it is when all that was
   * asked before was done. Until `signal` aborts. Rejects when the answer does not come: then the process is to end.
   */
  async watch(ask: (vitals: Vitals) => Promise<unknown>, signal: AbortSignal): Promise<void> {
    signal.addEventListener('abort', () => void this.#stop(), { once: true })
    await this.#tell('READY=1')
    await Promise.all([this.#beat(ask, signal), this.#mind(signal)])
  }

  /** The process ends as it was told: the device is to let go. */
  async close(): Promise<void> {
    await this.#start?.survived()
    await this.#write('V')
    await this.#device?.close()
    await this.#stop()
  }

  #stop(): Promise<void> {
    this.#stopping ??= this.#tell('STOPPING=1')
    return this.#stopping
  }

  async #beat(ask: (vitals: Vitals) => Promise<unknown>, signal: AbortSignal): Promise<void> {
    const { clock } = this.#around
    const settledAt = clock.now() + this.#settledMs
    for (let isSettled = false; !signal.aborted; ) {
      this.#askedAt = clock.now()
      await ask({ memoryOctets: process.memoryUsage.rss(), epochUtcMs: epochOf(clock) })
      this.#askedAt = undefined
      await this.#kick(clock.now())
      if (!isSettled && clock.now() >= settledAt) {
        isSettled = true
        await this.#start?.survived()
      }
      await clock.until(clock.now() + VITALS_MS, signal)
    }
  }

  /** Where no supervisor does it: a disk that never answers, or refuses for ever, must not make it deaf. */
  async #mind(signal: AbortSignal): Promise<void> {
    const { clock } = this.#around
    while (this.#stallMs !== Infinity && !signal.aborted) {
      await clock.until(clock.now() + this.#stallMs / 2, signal)
      if (this.#askedAt !== undefined && clock.now() >= this.#askedAt + this.#stallMs)
        throw new Error(`Nothing was answered for ${this.#stallMs} ms: the disk stands still`)
    }
  }

  async #kick(now: Instant): Promise<void> {
    await this.#write('\0')
    // Half of what it waits.
    const periodMs = Number(this.#around.env['WATCHDOG_USEC'] ?? 0) / 2_000
    if (periodMs === 0 || now < this.#kickedAt + periodMs) return
    this.#kickedAt = now
    await this.#tell('WATCHDOG=1')
  }

  /** A device that refuses is tried again: what it is for is to start all anew if nothing else helps. */
  async #write(octet: string): Promise<void> {
    try {
      await this.#device?.write(octet)
    } catch (error) {
      if (this.#trouble === undefined)
        this.#around.log.error('watchdog fails', { why: String(error) })
      this.#trouble = `the watchdog cannot be written: ${String(error)}`
    }
  }

  async #tell(state: string): Promise<void> {
    if (this.#isMute) return
    const { execFile } = await import('node:child_process')
    const code = await new Promise<unknown>(resolve => {
      execFile('systemd-notify', [state], { env: { ...this.#around.env } }, error =>
        resolve(error?.code),
      )
    })
    if (code !== 'ENOENT') return
    this.#isMute = true
    this.#around.log.warn('systemd is not told', { why: 'systemd-notify is not installed' })
  }
}

/** Reads two clocks at one moment: again where something came between. */
function epochOf(clock: Clock): number {
  for (let tries = 1; ; tries++) {
    const before = clock.now()
    const utcMs = clock.utcMs()
    const after = clock.now()
    if (after - before < MOMENT_MS || tries === MOMENTS_MAX) return utcMs - after
  }
}

const MOMENT_MS = 2
const MOMENTS_MAX = 10
const VITALS_MS = 1_000
