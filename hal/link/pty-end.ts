/** An end of the line as a pseudo-terminal: what opens its path sees a serial port. */
import { execFile } from 'node:child_process'
import { openPty, type Pty } from '../pty.ts'
import type { LineEnd } from './end.ts'

/** Undefined where this platform has no pseudo-terminals. */
export async function openPtyEnd(): Promise<LineEnd | undefined> {
  const pty = await openPty()
  if (pty === undefined) return undefined
  await makeRaw(pty.path)
  return new PtyEnd(pty)
}

class PtyEnd implements LineEnd {
  readonly where
  readonly #pty: Pty

  constructor(pty: Pty) {
    this.#pty = pty
    this.where = { kind: 'serial' as const, path: pty.path }
  }

  read(most: number): Uint8Array | undefined {
    return this.#pty.read(most)
  }

  write(octets: Uint8Array): number {
    return this.#pty.write(octets)
  }

  async close(): Promise<void> {
    this.#pty.close()
  }
}

/**
 * A new terminal sends back what it hears, until a program that opens it says otherwise; the line would carry
 * that to the other end. Without stty it is so until both ends are open, and does no harm beyond that.
 */
function makeRaw(path: string): Promise<void> {
  const flag = process.platform === 'linux' ? '-F' : '-f'
  return new Promise(resolve => {
    execFile('stty', [flag, path, 'raw', '-echo'], () => resolve())
  })
}
