/** Kills processes at random moments of transfers, down and up, starts them again, and looks at what came of it. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { NobodyAnswers } from '../../bin/ask.ts'
import { Refusal } from '../../hal/control.ts'
import { Bench } from '../kit/bench.ts'
import { auditLine } from '../kit/line-audit.ts'
import { Random } from '../kit/random.ts'

export interface Kills {
  readonly seed: number
  readonly victims: readonly ('onboard' | 'station')[]
  readonly count: number
}

/** Files go down and up all the while; after the last kill nothing more happens to the processes. */
export async function survive(t: Test, { seed, victims, count }: Kills): Promise<void> {
  const label = `make kill SEED=${seed}: ${victims.join(' and ')} killed ${count} times`
  const random = new Random(seed)
  const bench = await Bench.open(t, { onboard: { inbox: 'inbox' } })
  const uploads = new Uploads(bench, random)
  const files = new Map<string, string>()
  const drop = () => {
    const name = `image-${files.size + 1}.raw`
    const octets = random.octets(1_000_000 + random.below(2_000_000))
    files.set(name, sha256(octets))
    bench.drop(name, octets)
  }
  for (let kill = 0; kill < count; kill++) {
    while (countIn(bench.outbox) < FILES_WAITING) drop()
    const dying = new AbortController()
    const handing = uploads.handOver(dying.signal)
    await bench.pause(random.below(PAUSE_MS))
    dying.abort()
    await Promise.all(victims.map(victim => bench.kill(victim)))
    await bench.pause(random.below(AWAY_MS))
    await handing
    for (const victim of victims) bench.launch(victim)
  }
  // However slow the starts are, and however soon the kills came.
  await uploads.handOver(new AbortController().signal)
  await bench.until('every file is safe', async () => {
    const { buffer } = await bench.status('onboard')
    return buffer.files === 0 && countIn(bench.outbox) === 0 && (await uploads.areOver())
  })
  for (const role of ['onboard', 'station'] as const)
    t.equal(await bench.kill(role, 'SIGTERM'), 0, `${label}: ${role} ends when told`)
  const audit = await auditLine(bench)
  t.strictSame(audit.faults.slice(0, 10), [], `${label}: what was sent`)
  t.strictSame(delivered(bench.archive), Object.fromEntries(files), `${label}: every file is equal`)
  t.strictSame(readdirSync(join(bench.archive, '.partial')), [], `${label}: nothing is left over`)
  const accepted = bench.events('onboard', 'file accepted').map(event => event['sequence'])
  t.equal(new Set(accepted).size, accepted.length, `${label}: no sequence number is used twice`)
  uploads.check(t, label)
  const { down, up } = audit
  t.comment(
    `${label}: ${files.size} files, ${down.octetsSent} octets, ${down.octetsSentAgain} of them again; ` +
      `${uploads.taken} files up, ${up.octetsSent} octets, ${up.octetsSentAgain} of them again`,
  )
}

/** Files for the spacecraft: handed to the station while it may be killed. */
class Uploads {
  readonly #bench: Bench
  readonly #random: Random
  readonly #folder: string
  /** Digests by name: of what the station said it took, and of what it did not live to answer. */
  readonly #taken = new Map<string, string>()
  readonly #unanswered = new Map<string, string>()

  constructor(bench: Bench, random: Random) {
    this.#bench = bench
    this.#random = random
    this.#folder = join(bench.folder, 'given')
    mkdirSync(this.#folder)
  }

  get taken(): number {
    return this.#taken.size
  }

  /**
   * One more, unless enough are on their way, as soon as the station runs. Resolves when it has answered, or is dead,
   * or `signal` says that it dies before it has begun to run.
   */
  async handOver(signal: AbortSignal): Promise<void> {
    const onTheirWay = [...this.#taken.keys()].filter(name => !existsSync(this.#path(name)))
    if (onTheirWay.length >= UPLOADS_WAITING) return
    const name = `up-${this.#taken.size + this.#unanswered.size + 1}`
    const octets = this.#random.octets(5_000 + this.#random.below(40_000))
    const path = join(this.#folder, name)
    writeFileSync(path, octets)
    let isTaken = false
    for (;;) {
      const fault: unknown = await this.#bench.ask('station', '/uplink', { path }).then(
        () => undefined,
        (error: unknown) => error,
      )
      isTaken = fault === undefined
      if (isTaken || !isTooEarly(fault)) break
      if (signal.aborted) return
      await this.#bench.pause(POLL_MS)
    }
    const names = isTaken ? this.#taken : this.#unanswered
    names.set(name, sha256(octets))
  }

  /** Both ends say so. */
  async areOver(): Promise<boolean> {
    const { uploads } = await this.#bench.status('station')
    const aboard = (await this.#bench.status('onboard')).uploads?.files ?? []
    const isOpen = aboard.some(({ state }) => state === 'receiving')
    return !isOpen && uploads.every(({ state }) => state === 'delivered')
  }

  check(t: Test, label: string): void {
    const inbox = delivered(this.#path('.'))
    const wanted = [...this.#taken, ...this.#unanswered].filter(
      ([name]) => this.#taken.has(name) || inbox[name] !== undefined,
    )
    t.strictSame(inbox, Object.fromEntries(wanted), `${label}: every file up is equal, and once`)
    t.strictSame(readdirSync(this.#path('.partial')), [], `${label}: nothing is left over aboard`)
    const spool = readdirSync(join(this.#bench.folder, 'station/uplink'))
    t.strictSame(spool, [], `${label}: nor at the station`)
    t.ok(this.#taken.size > 0, `${label}: files went up`)
  }

  #path(name: string): string {
    return join(this.#bench.folder, 'inbox', name)
  }
}

/** Digests by name of what is in an archive. */
export function delivered(archive: string): Record<string, string> {
  const names = readdirSync(archive).filter(name => !name.startsWith('.'))
  return Object.fromEntries(names.map(name => [name, sha256(readFileSync(join(archive, name)))]))
}

export function sha256(octets: Uint8Array): string {
  return createHash('sha256').update(octets).digest('hex')
}

/** The process did not even read what it was asked for. */
function isTooEarly(fault: unknown): boolean {
  if (fault instanceof Refusal) return fault.status === 503
  return fault instanceof NobodyAnswers && fault.message.endsWith('nothing runs there')
}

function countIn(folder: string): number {
  return existsSync(folder) ? readdirSync(folder).length : 0
}

const FILES_WAITING = 3
const UPLOADS_WAITING = 3
/** A start takes about 200 ms: some kills come before it is over. */
const PAUSE_MS = 1_200
const AWAY_MS = 100
const POLL_MS = 15
