/**
 * The whole coding of a downlink on one core: TM frames to CADUs and back, with marker search, randomizer,
 * Reed-Solomon and FECF. `npx tsx bench/cadu.ts [--json]`. Octets of the line per microsecond of CPU: MB/s.
 */
import { CaduDecoder, CaduEncoder } from '../protocol/frame/cadu.ts'
import { downlinkFormat, fieldOctets } from '../protocol/frame/link.ts'
import { encodeTmFrame } from '../protocol/frame/tm.ts'
import { type Figure, median, report } from './kit/figures.ts'

const ROUNDS = 7
const ROUND_MS = 200
const FRAMES = 200
/** As a modem hands them over. */
const CHUNK_OCTETS = 16 * 1024

const format = downlinkFormat({ interleave: 5 })
let state = 1
const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 16
const frames = Array.from({ length: FRAMES }, (_, count) => frameOf(count))
const encoder = new CaduEncoder(format)
const stream = joined(frames.map(frame => encoder.encode(frame)))
const caduOctets = stream.length / FRAMES
const cadu = new Uint8Array(caduOctets)

report([
  figureOf('frames to CADUs', () => {
    for (const frame of frames) encoder.encode(frame, cadu)
  }),
  figureOf('CADUs to frames, clean', () => receive(stream)),
  ...[1, 8, 16].map(errors => {
    const dirty = spoilt(errors)
    return figureOf(`CADUs to frames, ${errors} wrong of every 255`, () => receive(dirty))
  }),
])

function frameOf(count: number): Uint8Array {
  const field = Uint8Array.from({ length: fieldOctets(format) }, next)
  const [masterCount, channelCount] = [count & 255, count & 255]
  return encodeTmFrame(
    { virtualChannel: 0, masterCount, channelCount, firstHeader: 0, field, ocf: 0 },
    format,
  )
}

function receive(octets: Uint8Array): void {
  const decoder = new CaduDecoder(format)
  let good = 0
  for (let at = 0; at < octets.length; at += CHUNK_OCTETS) {
    decoder.push(octets.subarray(at, at + CHUNK_OCTETS))
    for (let one = decoder.next(); one !== undefined; one = decoder.next())
      if (one.kind === 'frame') good++
  }
  if (good < FRAMES) throw new Error(`Cannot read ${FRAMES - good} of ${FRAMES} frames`)
}

/** So many wrong symbols in every codeword, none in a marker. */
function spoilt(errors: number): Uint8Array {
  const dirty = stream.slice()
  for (let cadu = 0; cadu < FRAMES; cadu++)
    for (let codeword = 0; codeword < format.interleave; codeword++)
      for (let k = 0; k < errors; k++) {
        // Each from a part of its own: never one octet twice.
        const symbol = Math.floor((255 * k) / errors) + (next() % Math.floor(255 / errors))
        const at = cadu * caduOctets + 4 + symbol * format.interleave + codeword
        dirty[at] = (dirty[at] as number) ^ (1 + (next() % 255))
      }
  return dirty
}

function figureOf(what: string, work: () => void): Figure {
  work()
  const value = median(Array.from({ length: ROUNDS }, () => rateOf(work)))
  return { what, value, unit: 'MB/s', beside: 'interleave 5, one core' }
}

function rateOf(work: () => void): number {
  const begun = process.cpuUsage()
  for (let done = stream.length; ; done += stream.length) {
    work()
    const { user, system } = process.cpuUsage(begun)
    if (user + system > ROUND_MS * 1000) return done / (user + system)
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts))
}
