/**
 * The whole coding of a downlink on one core, with marker search, randomizer, Reed-Solomon and FECF: TM frames to
 * CADUs, and CADUs back to frames and on to packets: `make bench ONLY=cadu`. Octets of the line per microsecond of
 * CPU: MB/s.
 */
import { type HeapProfiler, Session } from 'node:inspector'
import { AOS_COUNTS, encodeAosFrame } from '../protocol/frame/aos.ts'
import { CaduDecoder, CaduEncoder } from '../protocol/frame/cadu.ts'
import { downlinkFormat, fieldOctets } from '../protocol/frame/link.ts'
import { encodeTmFrame, type TmFrame } from '../protocol/frame/tm.ts'
import { type ChannelField, PacketExtractor, type PacketSink } from '../protocol/packet/extract.ts'
import { FieldFiller } from '../protocol/packet/fill.ts'
import { encodeSpacePacket } from '../protocol/packet/space-packet.ts'
import { type Figure, median, report } from './kit/figures.ts'

const ROUNDS = 7
const ROUND_MS = 200
const WARM_ROUNDS = 200
/** A sample for each kilooctet, of what lives and of what was collected. */
const HEAP_PROFILE = {
  samplingInterval: 1_024,
  includeObjectsCollectedByMajorGC: true,
  includeObjectsCollectedByMinorGC: true,
}
/** Two turns of the channel count, so that one turn of the stream follows the other without a gap. */
const FRAMES = 512
/** As a modem hands them over. */
const CHUNK_OCTETS = 16 * 1024
/** Some frames hold several, most hold the end of one and the beginning of the next. */
const PACKET_OCTETS = 1_024

const format = downlinkFormat({ interleave: 5 })
let state = 1
const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 16
const frames = framesOf(filled())
const encoder = new CaduEncoder(format)
const stream = joined(frames.map(frame => encoder.encode(frame)))
const aos = downlinkFormat({ interleave: 5, frame: 'aos' })
const aosStream = joined(filled(aos).map(frame => encoder.encode(aosFrameOf(frame))))
const caduOctets = stream.length / FRAMES
const cadu = new Uint8Array(caduOctets)

report([
  figureOf('frames to CADUs', () => {
    for (const frame of frames) encoder.encode(frame, cadu)
  }),
  figureOf('CADUs to frames, clean', receiver(stream)),
  ...[1, 8, 16].map(errors =>
    figureOf(`CADUs to frames, ${errors} wrong of every 255`, receiver(spoilt(errors))),
  ),
  { ...figureOf('CADUs to packets, clean', receiver(stream, unpacker())), least: 400 },
  {
    ...figureOf('CADUs to packets, 1 wrong of every 255', receiver(spoilt(1), unpacker())),
    least: 250,
  },
  garbageOf('heap made for a frame, to its CADU', () => {
    for (const frame of frames) encoder.encode(frame, cadu)
  }),
  garbageOf('heap made for a frame, from CADU to packets', receiver(stream, unpacker())),
  garbageOf('heap made for an AOS frame, too', receiver(aosStream, unpacker(AOS_COUNTS), aos)),
])

/** As many fields as there are frames, full of packets. */
function filled(link = format): readonly TmFrame[] {
  const filler = new FieldFiller(fieldOctets(link))
  const fields: TmFrame[] = []
  for (let count = 0; fields.length < FRAMES; count++) {
    const data = Uint8Array.from({ length: PACKET_OCTETS }, next)
    const header = { telecommand: false, secondaryHeader: false, apid: 5, flags: 3, count }
    filler.put(encodeSpacePacket({ ...header, data }))
    for (let field = filler.take(); field !== undefined; field = filler.take()) {
      const count = fields.length
      fields.push({ virtualChannel: 0, masterCount: count, channelCount: count, ocf: 0, ...field })
    }
  }
  return fields.slice(0, FRAMES)
}

function aosFrameOf(frame: TmFrame): Uint8Array {
  const { spacecraftId } = aos
  const more = { spacecraftId, cycle: undefined, replay: false, insert: new Uint8Array(0) }
  return encodeAosFrame({ ...frame, ...more }, aos)
}

function framesOf(fields: readonly TmFrame[]): readonly Uint8Array[] {
  return fields.map(frame => encodeTmFrame(frame, format))
}

/** Receives the stream, again and again. @throws Error if a frame of it is lost */
function receiver(
  octets: Uint8Array,
  take: (frame: ChannelField) => void = () => {},
  link = format,
): () => void {
  const decoder = new CaduDecoder(link)
  const chunks: Uint8Array[] = []
  for (let at = 0; at < octets.length; at += CHUNK_OCTETS)
    chunks.push(octets.subarray(at, at + CHUNK_OCTETS))
  return () => {
    let good = 0
    for (const chunk of chunks) {
      decoder.push(chunk)
      for (let one = decoder.next(); one !== undefined; one = decoder.next()) {
        if (one.kind !== 'frame') continue
        good++
        take(one.frame)
      }
    }
    if (good < FRAMES) throw new Error(`Cannot read ${FRAMES - good} of ${FRAMES} frames`)
  }
}

/** @throws Error if a packet is not as long as it was made */
function unpacker(counts = 256): (frame: ChannelField) => void {
  const extractor = new PacketExtractor({ counts })
  const look: PacketSink = (_, start, end) => {
    if (end - start !== 6 + PACKET_OCTETS) throw new Error(`${end - start} octets`)
  }
  return frame => extractor.take(frame, look)
}

/** Octets of heap made for a frame, by V8's own account, whether collected since or not. */
function garbageOf(what: string, work: () => void): Figure {
  for (let round = 0; round < WARM_ROUNDS; round++) work()
  const session = new Session()
  session.connect()
  session.post('HeapProfiler.startSampling', HEAP_PROFILE)
  for (let round = 0; round < WARM_ROUNDS; round++) work()
  let octets = 0
  session.post('HeapProfiler.stopSampling', (_, { profile }) => {
    octets = heapOctets(profile.head)
  })
  session.disconnect()
  const frames = WARM_ROUNDS * FRAMES
  const beside = `${octets} octets for ${frames} frames`
  return { what, value: octets / frames, unit: 'octets', most: 1, beside }
}

function heapOctets({ selfSize, children }: HeapProfiler.SamplingHeapProfileNode): number {
  return children.reduce((sum, child) => sum + heapOctets(child), selfSize)
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
