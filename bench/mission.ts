/**
 * Memory of the spacecraft machine through a day of ten million PDUs, in a process of its own: `npx tsx bench/mission.ts
 * [--json]`. It is the whole process of Node; disk and modem are not in it.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { report } from './kit/figures.ts'

const PDUS = Number(process.env['PDUS'] ?? 10_000_000)
const folder = mkdtempSync(join(tmpdir(), 'downpour-bench-'))
try {
  const outfile = join(folder, 'long-flight.mjs')
  const entryPoints = ['bench/kit/long-flight.ts']
  await build({
    entryPoints,
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  })
  const ran = spawnSync(process.execPath, [outfile, `${PDUS}`], { encoding: 'utf8' })
  if (ran.status !== 0) throw new Error(`long-flight ended with ${ran.status}: ${ran.stderr}`)
  const samples = ran.stdout
    .trim()
    .split('\n')
    .map(line => line.split(' ').map(Number))
  const rss = samples.map(([, octets = 0]) => octets / 2 ** 20)
  const [pdus = 0] = samples.at(-1) ?? []
  // The first tenth warms up.
  const settled = rss.slice(Math.ceil(rss.length / 10))
  report([
    {
      what: 'memory through a day',
      value: Math.max(...rss),
      unit: 'MiB',
      most: 64,
      beside: `${pdus} PDUs`,
    },
    {
      what: 'memory at the end of the day, more than after a tenth',
      value: (settled.at(-1) ?? 0) - (settled[0] ?? 0),
      unit: 'MiB',
      most: 2,
    },
  ])
} finally {
  rmSync(folder, { recursive: true })
}
