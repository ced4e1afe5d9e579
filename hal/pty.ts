/**
 * A pseudo-terminal: a serial line without a wire. A program opens `path` as its serial port; the other
 * end of the line is here. For the bench, and for tests.
 */
import { execFile } from 'node:child_process'
import { close as closeFd, readSync, writeSync } from 'node:fs'
import { createRequire } from 'node:module'
import { errorCode } from './file-error.ts'
import type { Clock } from './ports.ts'

export interface Pty {
  /** Of the device that a serial port opens. */
  readonly path: string
  /** What was written to the device, at most `max` octets; undefined if nothing waits. Never blocks. */
  read(max: number): Uint8Array | undefined
  /** Gives octets to the device's reader. Answers how many it took: fewer when the kernel's buffer is full. */
  write(octets: Uint8Array): number
  /** Resolves when there may be something to read: looks again, less and less often up to each 5 ms. */
  readable(clock: Clock, signal: AbortSignal): Promise<void>
  /** The cable is pulled: who has the device open sees it go. */
  close(): void
}

/** Undefined where this platform has none: its native module is an optional package. */
export async function openPty(): Promise<Pty | undefined> {
  const native = nativePty()
  if (native === undefined) return undefined
  const { master, slave, pty: path } = native.open(80, 24)
  // A new one echoes, and makes CR of LF. Who opens it as a serial port sets this too, but maybe later.
  await new Promise(resolve => execFile('stty', ['-F', path, 'raw', '-echo'], resolve))
  return new OpenPty(path, master, slave)
}

interface NativePty {
  /** File descriptors of both ends. */
  open(columns: number, rows: number): { master: number; slave: number; pty: string }
}

class OpenPty implements Pty {
  readonly path: string
  readonly #master: number
  /** Held open, so that the device may be closed and opened again without an error here. */
  readonly #slave: number
  readonly #scratch = new Uint8Array(64 * 1024)
  #isOpen = true
  #idleMs = 0

  constructor(path: string, master: number, slave: number) {
    this.path = path
    this.#master = master
    this.#slave = slave
  }

  read(max: number): Uint8Array | undefined {
    const length = Math.min(max, this.#scratch.length)
    const count = this.#tried(() => readSync(this.#master, this.#scratch, 0, length, null))
    return count > 0 ? this.#scratch.slice(0, count) : undefined
  }

  write(octets: Uint8Array): number {
    return octets.length === 0 ? 0 : this.#tried(() => writeSync(this.#master, octets))
  }

  async readable(clock: Clock, signal: AbortSignal): Promise<void> {
    this.#idleMs = Math.min(POLL_MS, this.#idleMs + 0.5)
    await clock.until(clock.now() + this.#idleMs, signal)
  }

  close(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    closeFd(this.#slave, () => {})
    closeFd(this.#master, () => {})
  }

  #tried(act: () => number): number {
    if (!this.#isOpen) return 0
    try {
      const count = act()
      if (count > 0) this.#idleMs = 0
      return count
    } catch (error) {
      if (errorCode(error) === 'EAGAIN') return 0
      throw error
    }
  }
}

/** @lydell/node-pty keeps its native module in a package per platform, beside it or below it. */
function nativePty(): NativePty | undefined {
  const here = createRequire(import.meta.url)
  const name = `@lydell/node-pty-${process.platform}-${process.arch}/pty.node`
  try {
    const beside = createRequire(here.resolve('@lydell/node-pty'))
    return beside(name) as NativePty
  } catch {
    return undefined
  }
}

const POLL_MS = 5
