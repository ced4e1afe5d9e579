/** Recordings to and from GNU Radio with gr-satellites, each run a process of its own. */
import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Branches, Rate } from '../../protocol/coding/convolutional.ts'
import { Random } from '../kit/random.ts'
import { frameOctetsOf, type Line, ourOptions, seedOf, wrongPlaces } from './line.ts'

export interface Heard {
  readonly sent: number
  /** Frames that came out as they were sent, in order. */
  readonly same: number
  /** Frames that came out and were not sent. */
  readonly foreign: number
  /** The packets, and the file in them, are the same octet for octet; undefined: only frames came out. */
  readonly isSame: boolean | undefined
}

/** A Python that has both; undefined: none has. */
export function pythonWithGnuRadio(): string | undefined {
  const asked = process.env['DOWNPOUR_PYTHON'] ?? 'python3'
  return ['/usr/bin/python3', asked].find(
    python =>
      spawnSync(python, ['-c', 'import pmt, gnuradio.gr, satellites'], { stdio: 'ignore' })
        .status === 0,
  )
}

/** What their deframers make of what `downpour encode` makes; undefined: they have no such line. */
export function heardByThem(python: string, line: Line, folder: string): Heard | undefined {
  const { code } = line
  const convolutional = code === undefined ? [] : theirCode(code)
  if (convolutional === undefined) return undefined
  const [symbols, out] = [join(folder, 'symbols'), join(folder, 'deframed')]
  const frames = encodeFrames(line, folder)
  encode(line, folder, ['--format', 'float', '--out', symbols, ...ourOptions(line)])
  const floats = new Float32Array(Uint8Array.from(readFileSync(symbols)).buffer)
  for (const at of wrongPlaces(line, frames.length, floats.length))
    floats[at] = -(floats[at] as number)
  writeFileSync(symbols, new Uint8Array((line.inverted ? floats.map(one => -one) : floats).buffer))
  run(python, ['interop/gr_deframe.py', symbols, out, ...theirOptions(line), ...convolutional])
  const came = framesOf(readFileSync(out), line)
  const same = inOrder(frames, came)
  return { sent: frames.length, same, foreign: came.length - same, isSame: undefined }
}

/** What `downpour decode` makes of what their encoders make. */
export function heardByUs(python: string, line: Line, folder: string): Heard {
  const [bits, packets, files] = ['bits', 'packets', 'files'].map(name => join(folder, name))
  const frames = encodeFrames(line, folder)
  const args = [join(folder, 'frames'), bits as string, ...theirOptions(line)]
  run(python, ['interop/gr_encode.py', ...args, ...theirPolynomials(line)])
  const symbols = Uint8Array.from(readFileSync(bits as string))
  for (const at of wrongPlaces(line, frames.length, symbols.length)) symbols[at]! ^= 1
  writeFileSync(bits as string, line.inverted ? symbols.map(bit => bit ^ 1) : symbols)
  rmSync(files as string, { recursive: true, force: true })
  const report = JSON.parse(
    downpour([
      ...['decode', bits as string, '--format', 'bits', '--json', ...ourOptions(line)],
      ...['--packets', packets as string, '--files', files as string],
    ]),
  ) as { frames: { good: number }; channels: { missingFrames: number }[] }
  encode(line, folder, ['--format', 'packets', '--out', join(folder, 'sent')])
  const isSame =
    areSame(join(folder, 'sent'), packets as string) &&
    areSame(join(folder, FILE), join(files as string, FILE))
  const { good } = report.frames
  return {
    sent: frames.length,
    same: Math.min(good, frames.length),
    foreign: Math.max(0, good - frames.length),
    isSame,
  }
}

/** The recording of a line, with a file by seed in it. */
export function record(line: Line, folder: string, out: string): void {
  writeFileSync(join(folder, FILE), new Random(seedOf(line)).octets(FILE_OCTETS))
  encode(line, folder, ['--out', out, ...ourOptions(line)])
}

/** Standard output of a Downpour that was built. @throws Error if it ends with more than 1 */
export function downpour(args: readonly string[]): string {
  return run(process.execPath, ['dist/bin/downpour.js', ...args], 1)
}

function encodeFrames(line: Line, folder: string): Uint8Array[] {
  const out = join(folder, 'frames')
  writeFileSync(join(folder, FILE), new Random(seedOf(line)).octets(FILE_OCTETS))
  const octets = ['--frame-octets', `${frameOctetsOf(line)}`]
  encode(line, folder, ['--format', 'frames', '--out', out, ...octets])
  return framesOf(readFileSync(out), line)
}

function encode(line: Line, folder: string, args: readonly string[]): void {
  downpour(['encode', join(folder, FILE), '--make', line.make ?? 'tm', ...args])
}

function framesOf(octets: Uint8Array, line: Line): Uint8Array[] {
  const length = frameOctetsOf(line)
  return Array.from({ length: octets.length / length }, (_, i) =>
    octets.subarray(i * length, (i + 1) * length),
  )
}

/** How many frames of `came` are those sent, the others left out. */
function inOrder(sent: readonly Uint8Array[], came: readonly Uint8Array[]): number {
  let next = 0
  let same = 0
  for (const frame of came) {
    const at = sent.findIndex((one, i) => i >= next && Buffer.compare(one, frame) === 0)
    if (at < 0) continue
    next = at + 1
    same += 1
  }
  return same
}

function areSame(one: string, other: string): boolean {
  return readFileSync(one).equals(readFileSync(other))
}

function theirOptions(line: Line): string[] {
  return [
    ...['--frame-octets', `${frameOctetsOf(line)}`, '--interleave', `${line.interleave}`],
    ...['--basis', line.basis ?? 'dual'],
    ...(line.plain ? ['--plain'] : []),
    ...(line.nrzM ? ['--nrz-m'] : []),
  ]
}

/** Their deframer has the code at rate 1/2 only. */
function theirCode({ rate, branches }: NonNullable<Line['code']>): string[] | undefined {
  return rate === '1/2' ? ['--convolutional', CODES[branches].deframer] : undefined
}

function theirPolynomials({ code }: Line): string[] {
  if (code === undefined) return []
  const polynomials = CODES[code.branches].polynomials.map(String)
  return ['--convolutional', ...polynomials, '--puncture', PUNCTURINGS[code.rate]]
}

function run(program: string, args: readonly string[], statusMax = 0): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: 'utf8',
    timeout: RUN_MS,
    killSignal: 'SIGKILL',
    maxBuffer: 64 * 1024 * 1024,
  })
  if (status !== null && status <= statusMax) return stdout
  throw new Error(`${program} ${args.join(' ')}: ${error?.message ?? stderr.slice(-2_000)}`)
}

const RUN_MS = 60_000
const FILE = 'file.bin'
const FILE_OCTETS = 60_000
/** The names of their deframer, and the polynomials of their encoder; a negative one is inverted. */
const CODES: Record<Branches, { deframer: string; polynomials: readonly [number, number] }> = {
  'g1-ng2': { deframer: 'CCSDS', polynomials: [79, -109] },
  'g1-g2': { deframer: 'CCSDS uninverted', polynomials: [79, 109] },
  'ng2-g1': { deframer: 'NASA-DSN', polynomials: [-109, 79] },
  'g2-g1': { deframer: 'NASA-DSN uninverted', polynomials: [109, 79] },
}
/** 131.0-B-6, 4.4: which of the symbols C1 C2 C1 C2 ... are sent. */
const PUNCTURINGS: Record<Rate, string> = {
  '1/2': '11',
  '2/3': '1101',
  '3/4': '110110',
  '5/6': '1101100110',
  '7/8': '11010101100110',
}
