/**
 * An end of the line as a pseudo-terminal: what opens its path sees a serial port. The path is a link to the
 * device of the moment, so that it stays the same when the device goes and another one comes.
 */
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openPty, type Pty } from '../pty.ts'
import type { LineEnd } from './end.ts'

/** Undefined where this platform has no pseudo-terminals. */
export async function openPtyEnd(): Promise<LineEnd | undefined> {
  const pty = await openPty()
  return pty && new PtyEnd(pty)
}

class PtyEnd implements LineEnd {
  readonly where
  readonly #folder = mkdtempSync(join(tmpdir(), 'downpour-line-'))
  /** Undefined while it is away. */
  #pty: Pty | undefined

  constructor(pty: Pty) {
    this.where = { kind: 'serial' as const, path: join(this.#folder, 'tty') }
    this.#appear(pty)
  }

  read(most: number): Uint8Array | undefined {
    return this.#pty?.read(most)
  }

  write(octets: Uint8Array): number {
    // Nobody listens: the octets are gone, as they are on the air.
    return this.#pty === undefined ? octets.length : this.#pty.write(octets)
  }

  async hangUp(): Promise<void> {
    rmSync(this.where.path, { force: true })
    this.#pty?.close()
    this.#pty = undefined
  }

  async plugIn(): Promise<void> {
    if (this.#pty !== undefined) return
    const pty = await openPty()
    if (pty === undefined) throw new Error('Cannot plug in: there are no pseudo-terminals any more')
    this.#appear(pty)
  }

  async close(): Promise<void> {
    await this.hangUp()
    rmSync(this.#folder, { recursive: true, force: true })
  }

  #appear(pty: Pty): void {
    symlinkSync(pty.path, this.where.path)
    this.#pty = pty
  }
}
