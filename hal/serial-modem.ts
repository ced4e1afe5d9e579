/**
 * A modem on a serial line (UART, USB, pseudo-terminal). A device that is missing, or whose cable is
 * pulled, is opened again until it is there.
 */
import { ByteLengthParser } from '@serialport/parser-byte-length'
// Not from 'serialport' itself, which brings twelve parsers and a port that is none.
import { SerialPort } from 'serialport/dist/serialport.js'
import { LineModem } from './line-modem.ts'
import type { Clock } from './ports.ts'
import { type Device, readCalmly } from './serial-read.ts'
import { writeSteadily } from './serial-write.ts'

export interface SerialLine {
  readonly path: string
  readonly baudRate: number
  /** The modem delivers records of so many octets; they are handed over whole. */
  readonly recordOctets?: number
  /** The modem holds us back with its CTS line. */
  readonly rtscts?: boolean
  /** Time between attempts to open a device that is not there. */
  readonly reopenMs?: number
  /** Octets that may wait before the line. */
  readonly queueOctets?: number
}

export class SerialModem extends LineModem {
  readonly #line: SerialLine
  readonly #clock: Clock
  #port: SerialPort | undefined
  #portClosed: Promise<void> = Promise.resolve()

  private constructor(line: SerialLine, clock: Clock) {
    super(line.queueOctets ?? 4_096)
    this.#line = line
    this.#clock = clock
  }

  /** Resolves after the first attempt, whether the device is there or not. Never rejects. */
  static async open(line: SerialLine, clock: Clock): Promise<SerialModem> {
    const modem = new SerialModem(line, clock)
    await modem.#open()
    void modem.#keepOpen()
    return modem
  }

  async #keepOpen(): Promise<void> {
    const reopenMs = this.#line.reopenMs ?? 500
    for (;;) {
      await this.#portClosed
      if (this.isClosed) return
      await this.#clock.until(this.#clock.now() + reopenMs, this.closing)
      if (this.isClosed) return
      await this.#open()
    }
  }

  /** One attempt. Each has a port of its own: a stream that erred once stays broken. */
  async #open(): Promise<void> {
    const port = newPort(this.#line, this.#clock)
    const error = await new Promise<Error | null>(resolve => port.open(resolve))
    if (error !== null) return this.erred(error)
    this.#port = port
    this.#portClosed = new Promise(resolve => {
      // `why` says that the cable was pulled. After a failed write the stream may close without a word.
      port.once('close', (why: Error | null | undefined) => {
        this.#port = undefined
        this.down()
        if (why) this.erred(why)
        resolve()
      })
    })
    // Also the 'Canceled' of a write that was pending when the port closed comes here.
    port.on('error', fault => {
      if (!this.isClosed) this.erred(fault)
    })
    if (this.isClosed) port.close()
    else this.#listen(port)
  }

  #listen(port: SerialPort): void {
    const { recordOctets } = this.#line
    const parser = recordOctets && port.pipe(new ByteLengthParser({ length: recordOctets }))
    const source = parser || port
    // A chunk is a view of a pool that the port reads into.
    source.on('data', (chunk: Uint8Array) => this.heard(new Uint8Array(chunk)))
    if (parser) port.once('close', () => parser.end())
    this.up({
      write: (octets, done) => {
        port.write(Buffer.from(octets.buffer, octets.byteOffset, octets.length), done)
      },
      pause: () => source.pause(),
      resume: () => source.resume(),
    })
  }

  protected override async release(isStalled: boolean): Promise<void> {
    const port = this.#port
    if (port === undefined) return
    // The kernel keeps a closing line until it is empty: half a minute, if flow control stalls it.
    if (isStalled) await new Promise(resolve => port.flush(resolve))
    port.close(() => {})
    const patience = new AbortController()
    const tooLong = this.#clock.until(this.#clock.now() + CLOSE_MS, patience.signal)
    await Promise.race([this.#portClosed, tooLong])
    patience.abort()
  }
}

function newPort(line: SerialLine, clock: Clock): SerialPort {
  const { path, baudRate, rtscts = false } = line
  // hupcl: a restart of this program must not drop DTR, which resets some modems.
  const port = new SerialPort({ path, baudRate, rtscts, hupcl: false, autoOpen: false })
  const { binding } = port.settings
  const openDevice = binding.open.bind(binding) as (options: object) => Promise<Device>
  const open = async (options: object) =>
    writeSteadily(readCalmly(await openDevice(options), clock), clock)
  port.settings.binding = Object.assign(Object.create(binding), { open })
  return port
}

const CLOSE_MS = 1_000
