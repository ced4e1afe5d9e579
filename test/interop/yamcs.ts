/** Yamcs as a process, its CFDP service on UDP, told over HTTP what to do. See interop/yamcs. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { systemClock } from '../../hal/system-clock.ts'
import { UdpSocket } from '../../hal/udp.ts'
import { QUIRKS } from '../../protocol/cfdp/remote.ts'
import type { Peer } from './transfer.ts'

interface Transfer {
  readonly id: string
  readonly state: string
  readonly failureReason?: string
}

/** Whether `make interop` has fetched it, and there is a Java to run it. */
export function hasYamcs(): boolean {
  return existsSync(LIBRARIES) && spawnSync('java', ['-version'], { stdio: 'ignore' }).status === 0
}

export class Yamcs implements Peer {
  readonly name = 'Yamcs'
  readonly quirks = QUIRKS.yamcs
  readonly port: number
  readonly sendsTo: number
  readonly #folder: string
  readonly #api: string
  readonly #server: ChildProcess
  /** Transfers up to this number are of cases before. */
  #last = -1
  #isReliable = true
  #refusal: string | undefined

  private constructor(folder: string, ports: Ports, server: ChildProcess) {
    this.#folder = folder
    this.port = ports.in
    this.sendsTo = ports.out
    this.#api = `http://127.0.0.1:${ports.http}/api`
    this.#server = server
  }

  /** `folder` is its own, and empty. Rejects if it does not answer within a minute. */
  static async start(folder: string): Promise<Yamcs> {
    const ports = { http: await freeTcpPort(), in: await freeUdpPort(), out: await freeUdpPort() }
    for (const name of ['etc', 'data', 'up', 'down'])
      mkdirSync(join(folder, name), { recursive: true })
    for (const name of readdirSync(SETTINGS))
      writeFileSync(join(folder, 'etc', name), filled(join(SETTINGS, name), folder, ports))
    const log = openSync(join(folder, 'log'), 'w')
    const classes = join(process.cwd(), LIBRARIES, '*')
    const server = spawn(
      'java',
      ['-Xmx256m', '-cp', classes, 'org.yamcs.YamcsServer', '--etc-dir', join(folder, 'etc')],
      { cwd: folder, stdio: ['ignore', log, log] },
    )
    const peer = new Yamcs(folder, ports, server)
    const isUp = () =>
      peer.#transfers().then(
        () => true,
        () => false,
      )
    if (await until(isUp, START_MS)) return peer
    peer.stop()
    const last = readFileSync(join(folder, 'log'), 'utf8').trim().split('\n').slice(-5)
    throw new Error(`Yamcs does not answer:\n${last.join('\n')}`)
  }

  get troubles(): readonly string[] {
    return this.#refusal === undefined ? [] : [this.#refusal]
  }

  async begin(wish: Readonly<Record<string, unknown>>): Promise<void> {
    this.#isReliable = wish['class'] === 2
    this.#refusal = undefined
    // Some never end, cancelled or not.
    await until(async () => (await this.#cancel()) === 0, STILL_MS)
    for (const { id } of await this.#transfers()) this.#last = Math.max(this.#last, Number(id))
    rmSync(join(this.#folder, 'down', RECEIVED), { force: true })
  }

  send(file: string, name: string): void {
    copyFileSync(file, join(this.#folder, 'up', name))
    const wish = {
      direction: 'UPLOAD',
      bucket: 'up',
      objectName: name,
      remotePath: name,
      options: { reliable: this.#isReliable },
    }
    this.#post('', wish).catch((error: unknown) => {
      this.#refusal = String(error)
    })
  }

  nameFor(): string {
    return RECEIVED
  }

  received(): string {
    return join(this.#folder, 'down', RECEIVED)
  }

  async ended(ms: number): Promise<string | undefined> {
    let end: string | undefined
    await until(async () => {
      for (const { state, failureReason } of await this.#mine())
        if (state === 'COMPLETED') end = 'no error'
        else if (state === 'FAILED') end = failureReason ?? state
      return end !== undefined || this.#refusal !== undefined
    }, ms)
    return end
  }

  stop(): void {
    this.#server.kill('SIGKILL')
  }

  async #transfers(): Promise<readonly Transfer[]> {
    const answer = await fetch(`${this.#api}${TRANSFERS}`, { signal: AbortSignal.timeout(CALL_MS) })
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`)
    const { transfers = [] } = (await answer.json()) as { transfers?: readonly Transfer[] }
    return transfers
  }

  /** Those of this case. */
  async #mine(): Promise<readonly Transfer[]> {
    return (await this.#transfers()).filter(({ id }) => Number(id) > this.#last)
  }

  /** Answers how many were under way. */
  async #cancel(): Promise<number> {
    const open = (await this.#mine()).filter(({ state }) => !ENDED.has(state))
    for (const { id } of open) await this.#post(`/${id}:cancel`, {}).catch(() => undefined)
    return open.length
  }

  async #post(path: string, body: unknown): Promise<void> {
    const answer = await fetch(`${this.#api}${TRANSFERS}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(CALL_MS),
    })
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`)
  }
}

interface Ports {
  readonly http: number
  readonly in: number
  readonly out: number
}

function filled(path: string, folder: string, ports: Ports): string {
  const values: Readonly<Record<string, string | number>> = {
    FOLDER: folder,
    HTTP_PORT: ports.http,
    IN_PORT: ports.in,
    OUT_PORT: ports.out,
  }
  return readFileSync(path, 'utf8').replace(/\$\{(\w+)\}/g, (all, name: string) =>
    String(values[name] ?? all),
  )
}

async function until(isSo: () => Promise<boolean>, ms: number): Promise<boolean> {
  const end = systemClock.now() + ms
  for (;;) {
    if (await isSo()) return true
    const next = systemClock.now() + LOOK_MS
    if (next > end) return false
    await systemClock.until(next, NEVER.signal)
  }
}

async function freeUdpPort(): Promise<number> {
  const socket = await UdpSocket.open({ host: '127.0.0.1', port: 0 })
  const port = socket.localPort
  await socket.close()
  return port
}

async function freeTcpPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise(resolve => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('There is no free port')
  return address.port
}

const LIBRARIES = 'build/interop/yamcs/lib'
const SETTINGS = 'interop/yamcs/etc'
const TRANSFERS = '/filetransfer/cfdp/cfdp0/transfers'
const ENDED: ReadonlySet<string> = new Set(['COMPLETED', 'FAILED'])
const RECEIVED = 'file.bin'
const START_MS = 60_000
/** What is left of a case before may take so long to end. */
const STILL_MS = 3_000
const CALL_MS = 5_000
const LOOK_MS = 50
const NEVER = new AbortController()
