/**
 * The I2C and SPI buses of this computer as the line of a driver: transfers go in, their answers come out. One that is
 * not there, or whose helper ends, is opened again until it is.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { errorCode } from '../../file-error.ts'
import { LineModem } from '../../line-modem.ts'
import type { Clock } from '../../ports.ts'
import { HELPER } from './helper.ts'

export interface Buses {
  /** Device of the I2C bus, such as /dev/i2c-1. */
  readonly i2c: string
  /** Device of the SPI bus, such as /dev/spidev1.0; undefined: the modem has none. */
  readonly spi: string | undefined
  /** Time between attempts to open what is not there. */
  readonly reopenMs?: number
  /** What runs the helper. */
  readonly perl?: string
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>

export class BusLine extends LineModem {
  readonly #buses: Buses
  readonly #clock: Clock
  readonly #running: Promise<void>
  #child: Child | undefined

  constructor(buses: Buses, clock: Clock) {
    super(QUEUE_OCTETS)
    this.#buses = buses
    this.#clock = clock
    this.#running = this.#keepOpen()
  }

  async #keepOpen(): Promise<void> {
    while (!this.isClosed) {
      await this.#run()
      const reopenMs = this.#buses.reopenMs ?? REOPEN_MS
      await this.#clock.until(this.#clock.now() + reopenMs, this.closing)
    }
  }

  /** Resolves when the helper has ended. */
  async #run(): Promise<void> {
    const { i2c, spi, perl = 'perl' } = this.#buses
    const child: Child = spawn(perl, ['-e', HELPER, i2c, ...(spi === undefined ? [] : [spi])], {
      stdio: 'pipe',
    })
    this.#child = child
    const ended = new Promise<void>(resolve => {
      child.once('error', error => {
        this.erred(errorCode(error) === 'ENOENT' ? new Error(MISSING) : error)
        resolve()
      })
      child.once('close', () => resolve())
    })
    child.stdin.on('error', () => {}) // It ended: 'close' comes, too.
    child.stderr.on('data', (text: Buffer) => this.erred(new Error(text.toString().trim())))
    // The first octet says that the devices are open.
    child.stdout.once('data', (octets: Buffer) => {
      this.#listen(child)
      this.heard(new Uint8Array(octets.subarray(1)))
      child.stdout.on('data', (more: Buffer) => this.heard(new Uint8Array(more)))
    })
    await ended
    this.down()
    this.#child = undefined
  }

  #listen({ stdin, stdout }: Child): void {
    if (this.isClosed) return
    this.up({
      write: (octets, done) => {
        stdin.write(octets, done)
      },
      pause: () => stdout.pause(),
      resume: () => stdout.resume(),
    })
  }

  protected override async release(): Promise<void> {
    this.#child?.kill()
    await this.#running
  }
}

const MISSING = 'perl is not there; it is in the package perl-base (apt install perl-base)'
const REOPEN_MS = 2_000
const QUEUE_OCTETS = 8_192
