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
    this.#device = device
    this.#isMute = around.env['NOTIFY_SOCKET'] === undefined
  }

  /** `start` is told when it was a good one. Rejects if the device cannot be opened. */
  static async open(config: Config, around: Surroundings, start?: Start): Promise<Service> {
    const { watchdog } = config
    const device = watchdog === undefined ? undefined : await open(watchdog, 'w')
    return new Service(config, around, { device, ...(start && { start }) })
  }

  /**
   * Says that the process is ready, and that it lives as long as `ask` is answered: which it is when all that was
   * asked before was done. Until `signal` aborts.
   */
  async watch(ask: (vitals: Vitals) => Promise<unknown>, signal: AbortSignal): Promise<void> {
    const { clock } = this.#around
    const settledAt = clock.now() + this.#settledMs
    await this.#tell('READY=1')
    for (let isSettled = false; !signal.aborted; ) {
      await ask({ memoryOctets: process.memoryUsage.rss(), epochUtcMs: epochOf(clock) })
      await this.#kick(clock.now())
      if (!isSettled && clock.now() >= settledAt) {
        isSettled = true
        await this.#start?.survived()
      }
      await clock.until(clock.now() + VITALS_MS, signal)
    }
  }

  /** The process ends as it was told: the device is to let go. */
  async close(): Promise<void> {
    await this.#start?.survived()
    await this.#device?.write('V')
    await this.#device?.close()
    await this.#tell('STOPPING=1')
  }

  async #kick(now: Instant): Promise<void> {
    await this.#device?.write('\0')
    // Half of what it waits.
    const periodMs = Number(this.#around.env['WATCHDOG_USEC'] ?? 0) / 2_000
    if (periodMs === 0 || now < this.#kickedAt + periodMs) return
    this.#kickedAt = now
    await this.#tell('WATCHDOG=1')
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
