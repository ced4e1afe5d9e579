/** cfdp-py as a process: started once, and told what to do case by case. See interop/cfdp_py_peer.py. */
import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { systemClock } from '../../hal/system-clock.ts'
import { QUIRKS } from '../../protocol/cfdp/remote.ts'
import type { Peer } from './transfer.ts'

interface PeerEvent {
  readonly event: string
  readonly side?: string
  readonly condition?: string
  readonly complete?: boolean
  readonly what?: string
  readonly port?: number
}

/** A Python that has the packages: that of `make interop`, or the one of the system; undefined if none has. */
export function pythonWithCfdp(): string | undefined {
  return [VENV, process.env['DOWNPOUR_PYTHON'] ?? 'python3'].find(
    python =>
      (python !== VENV || existsSync(VENV)) &&
      spawnSync(python, ['-c', 'import cfdppy, spacepackets'], { stdio: 'ignore' }).status === 0,
  )
}

export class CfdpPy implements Peer {
  readonly name = 'cfdp-py'
  readonly quirks = QUIRKS.none
  readonly #child: ChildProcessByStdio<Writable, Readable, null>
  #events: PeerEvent[] = []
  #arrival = new AbortController()
  #port = 0

  private constructor(child: ChildProcessByStdio<Writable, Readable, null>) {
    this.#child = child
    createInterface({ input: child.stdout }).on('line', line => {
      this.#events.push(JSON.parse(line) as PeerEvent)
      this.#arrival.abort()
      this.#arrival = new AbortController()
    })
  }

  static async start(python: string): Promise<CfdpPy> {
    const child = spawn(python, ['interop/cfdp_py_peer.py'], { stdio: ['pipe', 'pipe', 'inherit'] })
    const peer = new CfdpPy(child)
    const listening = await peer.#until(({ event }) => event === 'listening', 20_000)
    peer.#port = listening?.port ?? 0
    return peer
  }

  get port(): number {
    return this.#port
  }

  get troubles(): readonly string[] {
    return this.#events.flatMap(({ event, what, condition }) =>
      event === 'trouble' || event === 'fault' ? [what ?? condition ?? event] : [],
    )
  }

  /** A fresh pair of handlers. */
  async begin(wish: Readonly<Record<string, unknown>>): Promise<void> {
    this.#events = []
    this.#say({ op: 'begin', ...wish })
    await this.#until(({ event }) => event === 'begun', 5_000)
  }

  send(file: string, name: string): void {
    this.#say({ op: 'send', file, name })
  }

  nameFor(path: string): string {
    return path
  }

  received(path: string): string {
    return path
  }

  async ended(ms: number): Promise<string | undefined> {
    const isEnd = ({ event }: PeerEvent) => event === 'finished' || event === 'abandoned'
    const end = await this.#until(isEnd, ms)
    return end?.condition === 'NO_ERROR' ? 'no error' : end?.condition
  }

  stop(): void {
    this.#child.stdin.end()
  }

  /** The first event that is `wanted`; undefined if there was none in that time. */
  async #until(wanted: (event: PeerEvent) => boolean, ms: number): Promise<PeerEvent | undefined> {
    const end = systemClock.now() + ms
    for (;;) {
      const found = this.#events.find(wanted)
      if (found !== undefined || systemClock.now() >= end) return found
      await systemClock.until(end, this.#arrival.signal)
    }
  }

  #say(what: Readonly<Record<string, unknown>>): void {
    this.#child.stdin.write(`${JSON.stringify(what)}\n`)
  }
}

const VENV = 'build/interop/venv/bin/python'
