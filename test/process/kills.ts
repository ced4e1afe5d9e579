/** Kills processes at random moments of transfers, starts them again, and looks at what came of it. */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { Bench } from '../kit/bench.ts'
import { auditLine } from '../kit/line-audit.ts'
import { Random } from '../kit/random.ts'

export interface Kills {
  readonly seed: number
  readonly victims: readonly ('onboard' | 'station')[]
  readonly count: number
}

/** Files go down all the while; after the last kill nothing more happens to the processes. */
export async function survive(t: Test, { seed, victims, count }: Kills): Promise<void> {
  const label = `make kill SEED=${seed}: ${victims.join(' and ')} killed ${count} times`
  const random = new Random(seed)
  const bench = await Bench.open(t)
  const files = new Map<string, string>()
  const drop = () => {
    const name = `image-${files.size + 1}.raw`
    const octets = random.octets(1_000_000 + random.below(2_000_000))
    files.set(name, sha256(octets))
    bench.drop(name, octets)
  }
  for (let kill = 0; kill < count; kill++) {
    while (countIn(bench.outbox) < FILES_WAITING) drop()
    await bench.pause(random.below(PAUSE_MS))
    await Promise.all(victims.map(victim => bench.kill(victim)))
    await bench.pause(random.below(AWAY_MS))
    for (const victim of victims) bench.launch(victim)
  }
  await bench.until('every file is safe', async () => {
    const { buffer } = await bench.status('onboard')
    return buffer.files === 0 && countIn(bench.outbox) === 0
  })
  for (const role of ['onboard', 'station'] as const)
    t.equal(await bench.kill(role, 'SIGTERM'), 0, `${label}: ${role} ends when told`)
  const audit = await auditLine(bench)
  t.strictSame(audit.faults.slice(0, 10), [], `${label}: what was sent`)
  t.strictSame(delivered(bench.archive), Object.fromEntries(files), `${label}: every file is equal`)
  const accepted = bench.events('onboard', 'file accepted').map(event => event['sequence'])
  t.equal(new Set(accepted).size, accepted.length, `${label}: no sequence number is used twice`)
  t.comment(
    `${label}: ${files.size} files, ${audit.octetsSent} octets, ${audit.octetsSentAgain} of them again`,
  )
}

/** Digests by name of what is in an archive. */
export function delivered(archive: string): Record<string, string> {
  const names = readdirSync(archive).filter(name => !name.startsWith('.'))
  return Object.fromEntries(names.map(name => [name, sha256(readFileSync(join(archive, name)))]))
}

export function sha256(octets: Uint8Array): string {
  return createHash('sha256').update(octets).digest('hex')
}

function countIn(folder: string): number {
  return existsSync(folder) ? readdirSync(folder).length : 0
}

const FILES_WAITING = 3
/** A start takes about 200 ms: some kills come before it is over. */
const PAUSE_MS = 1_200
const AWAY_MS = 100
