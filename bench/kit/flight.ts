/** The flight process as a board runs it, with a pseudo-terminal for its modem that takes all it sends. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openPty, type Pty } from '../../hal/pty.ts'
import { systemClock } from '../../hal/system-clock.ts'
import { FileUp } from './file-up.ts'

export interface FlightFound {
  /** From the start of the process to the first octet off the line. */
  readonly firstOctetMs: number
  /** The most that the kernel ever saw it hold: VmHWM. */
  readonly peakOctets: number
  readonly octets: number
  /** From the first octet to the last that was waited for. */
  readonly lastingMs: number
}

export interface FlightPlan {
  /** Of a file in its outbox; 0: none. */
  readonly fileOctets: number
  readonly rateBps: number
  /** It runs until so many octets have come off the line, and for so long. */
  readonly octets: number
  readonly leastMs: number
  /** Of a file that comes up as fast as it is taken; it runs until that is in its inbox. */
  readonly uplinkOctets?: number
}

/** One start of `downpour onboard`, as typed: no options of Node. @throws Error if the line stays behind its rate */
export async function flyOnce(plan: FlightPlan): Promise<FlightFound> {
  const folder = mkdtempSync(join(tmpdir(), 'downpour-bench-'))
  const pty = await openPty()
  if (pty === undefined) throw new Error('Cannot measure: there are no pseudo-terminals here')
  const config = configure(folder, pty, plan)
  const up = new FileUp(folder, plan.uplinkOctets ?? 0)
  const begun = systemClock.now()
  const child = spawn(process.execPath, [ENTRY, 'onboard', '--config', config], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: withoutOptions(),
  })
  try {
    const heard = await listen(pty, child, plan, up)
    const peakOctets = peakOf(child)
    const { firstMs, lastMs } = heard
    return {
      firstOctetMs: firstMs - begun,
      peakOctets,
      octets: heard.octets,
      lastingMs: lastMs - firstMs,
    }
  } finally {
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    pty.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

function configure(folder: string, pty: Pty, plan: FlightPlan): string {
  const { fileOctets, rateBps, uplinkOctets } = plan
  mkdirSync(join(folder, 'outbox'))
  if (fileOctets > 0) {
    // Without octets on the disk: what is measured is the process.
    const path = join(folder, 'outbox', 'file.bin')
    writeFileSync(path, '')
    truncateSync(path, fileOctets)
  }
  const path = join(folder, 'onboard.json')
  const config = {
    role: 'onboard',
    entity: 1,
    peer: 2,
    outbox: './outbox',
    ...(uplinkOctets === undefined ? {} : { inbox: './inbox' }),
    modem: { kind: 'serial', path: pty.path },
    downlink: { rateBps },
  }
  writeFileSync(path, JSON.stringify(config))
  return path
}

async function listen(
  pty: Pty,
  child: ChildProcess,
  plan: FlightPlan,
  up: FileUp,
): Promise<{ octets: number; firstMs: number; lastMs: number }> {
  const never = new AbortController().signal
  const begun = systemClock.now()
  const mostMs = 30_000 + plan.leastMs + (SLOW * 8_000 * plan.octets) / plan.rateBps
  let octets = 0
  let firstMs: number | undefined
  while (octets < plan.octets || !up.isDone || systemClock.now() < begun + plan.leastMs) {
    if (firstMs !== undefined) up.write(pty)
    const heard = pty.read(65_536)
    if (heard === undefined) await systemClock.until(systemClock.now() + 0.2, never)
    else {
      firstMs ??= systemClock.now()
      octets += heard.length
    }
    if (systemClock.now() > begun + mostMs)
      throw new Error(`Cannot measure: ${octets} of ${plan.octets} octets after ${mostMs} ms`)
    if (child.exitCode !== null) throw new Error(`downpour onboard ended with ${child.exitCode}`)
  }
  return { octets, firstMs: firstMs as number, lastMs: systemClock.now() }
}

function peakOf(child: ChildProcess): number {
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
  const found = /^VmHWM:\s+(\d+) kB$/m.exec(status)
  if (found === null) throw new Error('Cannot measure: the kernel does not say VmHWM')
  return Number(found[1]) * 1_024
}

function withoutOptions(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _, ...rest } = process.env
  return rest
}

/** A busy machine may take so many times the time that the rate says. */
const SLOW = 10
const ENTRY = 'dist/bin/downpour.js'
