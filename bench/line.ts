/**
 * What a pass makes of the line: spacecraft, line and station as processes, `downpour pass --json`:
 * `make bench ONLY=line`. Of overhead and repetitions the rate changes nothing, so it is high there.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Chance } from '../hal/sim/random.ts'
import { report } from './kit/figures.ts'

interface Summary {
  readonly files: readonly { readonly equal: boolean }[]
  readonly pdus: { readonly sent: number; readonly retransmitted: number }
  readonly frames: { readonly sent: number; readonly lost: number }
  readonly overhead: number
  readonly utilisation: number
}

const ENTRY = 'dist/bin/downpour.js'
const MB = 1_000_000
const folder = mkdtempSync(join(tmpdir(), 'downpour-bench-'))
try {
  const small = makeFile('small.bin', 2 * MB)
  const large = makeFile('large.bin', 10 * MB)
  const clean = fly([small, '--rate', '1M'])
  const fast = fly([large, '--rate', '20M'])
  const lossy = fly([large, '--rate', '20M', '--loss', '0.01'])
  report([
    {
      what: 'line used at 1 Mbit/s without errors',
      value: clean.utilisation,
      unit: '',
      least: 0.985,
      beside: 'file of 2 MB',
    },
    {
      what: 'overhead of frames, I=5, OCF and FECF',
      value: 100 * fast.overhead,
      unit: '%',
      most: 1.2,
      beside: 'file of 10 MB, 1 - file octets / frame octets',
    },
    {
      what: 'PDUs sent with 1 % of the frames lost, per PDU needed',
      value: lossy.pdus.sent / (lossy.pdus.sent - lossy.pdus.retransmitted),
      unit: '',
      most: 1.03,
      beside: `${lossy.frames.lost} frames lost, ${lossy.pdus.retransmitted} PDUs again`,
    },
  ])
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function fly(args: readonly string[]): Summary {
  const flown = spawnSync(process.execPath, [ENTRY, 'pass', ...args, '--json'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (flown.status !== 0) throw new Error(`pass ${args.join(' ')} ended with ${flown.status}`)
  return JSON.parse(flown.stdout) as Summary
}

function makeFile(name: string, octets: number): string {
  const chance = new Chance(octets)
  const path = join(folder, name)
  writeFileSync(
    path,
    Uint32Array.from({ length: octets / 4 }, () => chance.word()),
  )
  return path
}
