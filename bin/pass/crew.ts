/** The three processes of a pass: started, heard, and never left behind. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, readFileSync } from 'node:fs'
import { extname } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** What a board would give Node: the figures of every end are measured under these limits. */
export const MEMORY_FLAGS = ['--max-semi-space-size=1', '--max-old-space-size=48'] as const

/** A process of the crew ended although it was needed; the message has the end of its log. */
export class CrewLost extends Error {
  override readonly name = 'CrewLost'
}

export class Crew {
  readonly #folder: string
  readonly #children = new Map<string, ChildProcess>()
  readonly #loss = new AbortController()
  #stopping = false
  readonly #kill = () => this.#signal('SIGKILL')

  /** @param folder gets the logs */
  constructor(folder: string) {
    this.#folder = folder
    // Whatever ends this process, exceptions too, ends the others.
    process.once('exit', this.#kill)
  }

  /** Aborts, with a CrewLost as its reason, when a process ends before stop(). */
  get loss(): AbortSignal {
    return this.#loss.signal
  }

  /** Starts `downpour NAME ...` as this process itself was started; what it says goes to NAME.log. */
  start(name: string, args: readonly string[]): ChildProcess {
    // Beside a built file is a built entry, beside a source file a source entry with its loader.
    const entry = fileURLToPath(new URL(`../downpour${extname(import.meta.url)}`, import.meta.url))
    const child = spawn(
      process.execPath,
      [...MEMORY_FLAGS, ...process.execArgv, entry, name, ...args],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    )
    this.#children.set(name, child)
    const log = createWriteStream(this.#log(name))
    child.stderr.pipe(log)
    child.stdout.pipe(log)
    child.on('error', error => this.#lose(name, error.message))
    child.on('close', (code, signal) => this.#lose(name, `ended with ${signal ?? code}`))
    return child
  }

  /** The first line that a process prints. */
  async firstLine(child: ChildProcess): Promise<string> {
    if (child.stdout === null) throw new Error('Cannot read from a process without standard output')
    const lines = createInterface({ input: child.stdout })
    try {
      const [line] = (await once(lines, 'line', { signal: this.loss })) as [string]
      return line
    } catch (error) {
      this.loss.throwIfAborted()
      throw error
    } finally {
      lines.close()
    }
  }

  /** Asks all to end, and resolves when they have. Those that do not within a time are killed. */
  async stop(): Promise<void> {
    this.#stopping = true
    const ended = [...this.#children.values()].map(
      child =>
        new Promise<void>(resolve => {
          if (child.exitCode !== null || child.signalCode !== null) resolve()
          else child.once('close', () => resolve())
        }),
    )
    this.#signal('SIGTERM')
    const late = setTimeout(this.#kill, STOP_MS)
    await Promise.all(ended)
    clearTimeout(late)
    process.off('exit', this.#kill)
  }

  #lose(name: string, why: string): void {
    if (this.#stopping) return
    this.#loss.abort(new CrewLost(`downpour ${name} ${why}\n${this.#logEnd(name)}`.trimEnd()))
  }

  #logEnd(name: string): string {
    return readFileSync(this.#log(name), 'utf8').trimEnd().split('\n').slice(-LOG_LINES).join('\n')
  }

  #log(name: string): string {
    return `${this.#folder}/${name}.log`
  }

  #signal(signal: NodeJS.Signals): void {
    for (const child of this.#children.values()) child.kill(signal)
  }
}

const STOP_MS = 5_000
const LOG_LINES = 12
