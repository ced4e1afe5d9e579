/**
 * A whole receiver against the deframer of gr-satellites, where that is: the same recording of soft symbols, from its
 * file to frames: `make bench ONLY=receivers`. Theirs is timed from the start of its flowgraph to its last frame, ours as
 * a process, with its start.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { downpour, pythonWithGnuRadio } from '../test/interop/gr-satellites.ts'
import { Random } from '../test/kit/random.ts'
import { type Figure, median, report } from './kit/figures.ts'

const FILE_OCTETS = 1_000_000
const ROUNDS = 3
const LINE = ['--interleave', '5']

const python = pythonWithGnuRadio()
report(python === undefined ? [] : [measured(python)])
if (python === undefined) console.error('gr-satellites is not here: apt-get install gr-satellites')

function measured(python: string): Figure {
  const folder = mkdtempSync(join(tmpdir(), 'downpour-receivers-'))
  const [file, symbols] = [join(folder, 'file'), join(folder, 'symbols')]
  writeFileSync(file, new Random(1).octets(FILE_OCTETS))
  downpour(['encode', file, '--format', 'float', '--out', symbols, ...LINE])
  const count = statSync(symbols).size / 4
  const theirs: number[] = []
  const ours: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    theirs.push(count / theirSeconds(python, symbols, join(folder, 'frames')))
    const begun = performance.now()
    downpour(['decode', symbols, '--format', 'float', '--json', ...LINE])
    ours.push((1_000 * count) / (performance.now() - begun))
  }
  rmSync(folder, { recursive: true })
  const [our, their] = [median(ours), median(theirs)]
  const beside = `${(our / 1e6).toFixed(1)} against ${(their / 1e6).toFixed(1)} million soft symbols a second`
  return {
    what: 'symbols to frames, I=5',
    value: our / their,
    unit: 'x gr-satellites',
    least: 1,
    beside,
  }
}

function theirSeconds(python: string, symbols: string, out: string): number {
  const args = ['interop/gr_deframe.py', symbols, out, '--frame-octets', '1115', ...LINE]
  const { stdout } = spawnSync(python, args, { encoding: 'utf8' })
  // Its blocks talk before the answer.
  const answer: unknown = JSON.parse(stdout.trim().split('\n').at(-1) as string)
  const { frames, seconds } = answer as { frames: number; seconds: number }
  if (frames < FILE_OCTETS / 1_115) throw new Error(`gr-satellites found ${frames} frames`)
  return seconds
}
