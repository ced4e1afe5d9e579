import t from 'tap'
import { crc16 } from '../../../protocol/coding/crc16.ts'
import { encodeAosFrame } from '../../../protocol/frame/aos.ts'
import { CaduDecoder, CaduEncoder } from '../../../protocol/frame/cadu.ts'
import {
  caduOctets,
  type DownlinkFormat,
  downlinkFormat,
  fieldOctets,
  type Interleave,
} from '../../../protocol/frame/link.ts'
import { encodeTmFrame } from '../../../protocol/frame/tm.ts'
import { framingVectors } from '../../kit/framing.ts'
import { fromHex, toHex } from '../../kit/hex.ts'
import { Random } from '../../kit/random.ts'
import { BitStream } from './bit-stream.ts'

t.test('CaduEncoder gives the CADUs that others gave', async t => {
  for (const { name, params, input, output } of framingVectors('cadu_')) {
    const interleave = Number(params['interleave']) as Interleave
    const encoder = new CaduEncoder(downlinkFormat({ interleave, fecf: false }))
    t.equal(toHex(encoder.encode(fromHex(input))), output, name)
  }
})

t.test('CaduDecoder hears what the streams of others expect', async t => {
  for (const { name, params, input, expect } of framingVectors('stream_')) {
    const frames = params['frames'] as readonly string[]
    const { frames_ok, frames_ok_with_flywheel } = expect as Record<string, readonly number[]>
    for (const chunkOctets of [1, 7, 259, 65536]) {
      const decoder = new CaduDecoder(SYNTHETIC)
      const heard = hear(decoder, fromHex(input), chunkOctets)
      t.strictSame(
        heard.map(({ octets }) => frames.findIndex(frame => frame.slice(12, -4) === octets)),
        frames_ok_with_flywheel ?? frames_ok,
        `${name}, chunks of ${chunkOctets}`,
      )
      t.equal(decoder.counters.good, heard.length, `${name}, good`)
    }
  }
})

t.test('CaduDecoder says what happened to a stream', async t => {
  const after = (name: string) => {
    const decoder = new CaduDecoder(SYNTHETIC)
    const [vector] = framingVectors(name)
    const heard = hear(decoder, fromHex(vector!.input), 4096)
    return { decoder, corrected: heard.map(({ corrected }) => corrected) }
  }
  const clean = after('stream_clean_aligned').decoder
  t.match(clean.hunter, { slips: 0, inversions: 0, markers: 6, flywheels: 0, octetsSkipped: 0 })
  t.match(clean.counters, { good: 6, corrected: 0, bad: 0, foreign: 0 })
  t.equal(clean.locked, true)

  t.equal(after('stream_bit_slip_minus1').decoder.hunter.slips, 1)
  t.equal(after('stream_bit_slip_plus1').decoder.hunter.slips, 1)
  t.equal(after('stream_inverted').decoder.hunter.inversions, 1)
  t.equal(after('stream_polarity_flip').decoder.hunter.inversions, 1)
  t.equal(after('stream_asm_destroyed').decoder.hunter.flywheels, 1)

  const symbols = after('stream_symbol_errors')
  t.strictSame(symbols.corrected, [0, 5, 16, 16, 1])
  t.match(symbols.decoder.counters, { good: 5, corrected: 4, symbolsCorrected: 38, bad: 1 })
})

t.test('CaduDecoder gives back what CaduEncoder was given, on every kind of link', async t => {
  const random = new Random(131)
  for (const interleave of [0, 1, 2, 3, 4, 5, 8] as const) {
    for (const randomized of [true, false]) {
      for (const basis of ['dual', 'conventional'] as const) {
        const format = downlinkFormat({ interleave, randomized, basis })
        const { frames, cadus } = downlink(format, random, 4)
        const heard = hear(new CaduDecoder(format), join(cadus), 1000)
        const label = `interleave ${interleave}, ${basis}, ${randomized ? '' : 'not '}randomized`
        t.strictSame(
          heard.map(({ octets }) => octets),
          frames,
          label,
        )
      }
    }
  }
})

t.test('CaduDecoder reads AOS frames where it is told so, and no TM frames then', async t => {
  const format = downlinkFormat({ interleave: 1, frame: 'aos', fhec: true, insertOctets: 3 })
  const frame = {
    spacecraftId: 42,
    virtualChannel: 9,
    channelCount: 0xabcdef,
    cycle: 5,
    replay: true,
    insert: Uint8Array.of(1, 2, 3),
    firstHeader: 17,
    field: new Random(732).octets(fieldOctets(format)),
    ocf: 0xfedcba98,
  }
  const encoder = new CaduEncoder(format)
  const decoder = new CaduDecoder(format)
  decoder.push(encoder.encode(encodeAosFrame(frame, format)))
  const heard = decoder.next()
  t.match(heard, { kind: 'frame', frame: { kind: 'aos frame', ...frame } })
  const other = { ...format, frame: 'tm', frameOctets: 223 } as const
  const [cadu] = downlink(other, new Random(1), 1).cadus
  decoder.push(cadu!)
  t.match(decoder.next(), { kind: 'bad', why: /version 0|FHEC/ })
  t.equal(decoder.counters.foreign, 1)
})

t.test('CaduEncoder and CaduDecoder know the long randomizer from the short one', async t => {
  for (const interleave of [0, 5] as const) {
    const format = downlinkFormat({ interleave, randomizer: 'long' })
    const { frames, cadus } = downlink(format, new Random(17), 3)
    const short = downlink({ ...format, randomizer: 'short' }, new Random(17), 1)
    const differ = [0x1c ^ 0xff, 0x71 ^ 0x48, 0xb9 ^ 0x0e, 0x1b ^ 0xc0]
    for (const [i, octet] of differ.entries())
      t.equal(cadus[0]![4 + i]! ^ short.cadus[0]![4 + i]!, octet, `octet ${i} of the sequences`)
    t.strictSame(
      hear(new CaduDecoder(format), join(cadus), 1000).map(({ octets }) => octets),
      frames,
    )
    t.strictSame(hear(new CaduDecoder(format), join(short.cadus), 1000), [])
  }
})

t.test('CaduDecoder hears frames of a shortened code and without FECF', async t => {
  const format = downlinkFormat({ interleave: 2, frameOctets: 200, fecf: false })
  const { frames, cadus } = downlink(format, new Random(2), 5)
  const decoder = new CaduDecoder(format)
  t.strictSame(
    hear(decoder, join(cadus), 100).map(({ octets }) => octets),
    frames,
  )
})

t.test('CaduDecoder hears every offset and both polarities', async t => {
  const format = downlinkFormat({ interleave: 1 })
  for (let offset = 0; offset < 8; offset++) {
    for (const inverted of [false, true]) {
      const random = new Random(offset)
      const { frames, cadus } = downlink(format, random, 3)
      const stream = new BitStream().noise(random, 64 + offset)
      for (const cadu of cadus) stream.add(cadu, inverted)
      const heard = hear(new CaduDecoder(format), stream.octets(), 50)
      t.strictSame(
        heard.map(({ octets }) => octets),
        frames,
        `${offset} bits, inverted ${inverted}`,
      )
    }
  }
})

t.test('CaduDecoder loses one CADU to one slipped bit, wherever it slips', async t => {
  const format = downlinkFormat({ interleave: 0, frameOctets: 60 })
  const { frames, cadus } = downlink(format, new Random(8), 5)
  const bits = 8 * cadus[0]!.length
  for (let at = 2 * bits; at < 3 * bits; at += 3) {
    for (const slip of ['lose', 'double'] as const) {
      const stream = new BitStream().add(join(cadus))
      stream[slip](at)
      const decoder = new CaduDecoder(format)
      const heard = hear(decoder, stream.octets(), 33).map(({ octets }) => octets)
      const missing = frames.filter(frame => !heard.includes(frame)).length
      if (missing > 1 || heard.length + missing !== 5) t.fail(`${slip} bit ${at}: ${missing} lost`)
    }
  }
  t.pass('at most one')
})

t.test('CaduDecoder loses one CADU to one slipped bit that Reed-Solomon mends', async t => {
  const format = downlinkFormat({ interleave: 1 })
  const { frames, cadus } = downlink(format, new Random(9), 5)
  const bits = 8 * cadus[0]!.length
  for (const slip of ['lose', 'double'] as const) {
    for (let back = 1; back < 160; back += 9) {
      const stream = new BitStream().add(join(cadus))
      stream[slip](3 * bits - back)
      const decoder = new CaduDecoder(format)
      const heard = hear(decoder, stream.octets(), 300).map(({ octets }) => octets)
      t.ok(heard.length >= 4, `${slip} ${back} bits before the end: ${heard.length} heard`)
      t.equal(frames.filter(frame => heard.includes(frame)).length, heard.length)
      if (back < 100) t.equal(decoder.hunter.slips, 1, `${slip} ${back} bits before the end`)
    }
  }
})

t.test('CaduDecoder hears a CADU that begins inside a torn one', async t => {
  const format = downlinkFormat({ interleave: 1 })
  const { frames, cadus } = downlink(format, new Random(10), 4)
  for (let held = 4; held < cadus[1]!.length; held += 5) {
    const torn = [cadus[0]!, cadus[1]!.subarray(0, held), cadus[2]!, cadus[3]!]
    const heard = hear(new CaduDecoder(format), join(torn), 500).map(({ octets }) => octets)
    const missing = [frames[0], frames[2], frames[3]].filter(frame => !heard.includes(frame!))
    if (missing.length > 0) t.fail(`torn after ${held} octets: ${missing.length} lost`)
  }
  t.pass('none lost but the torn one')
})

t.test('CaduDecoder lets the frames of another spacecraft pass, and keeps lock', async t => {
  for (const fecf of [true, false]) {
    const format = downlinkFormat({ interleave: 1, fecf })
    const other = downlinkFormat({ interleave: 1, fecf, spacecraftId: 43 })
    const { cadus } = downlink(other, new Random(43), 3)
    const decoder = new CaduDecoder(format)
    t.strictSame(hear(decoder, join(cadus), 1000), [])
    t.equal(decoder.counters.foreign, fecf ? 3 : 0)
    t.equal(decoder.counters.bad, fecf ? 0 : 3)
    t.equal(decoder.locked, fecf)
  }
})

t.test('CaduDecoder counts whole frames with fields that lie as foreign', async t => {
  for (const fecf of [true, false]) {
    const format = downlinkFormat({ interleave: 0, frameOctets: 40, ocf: false, fecf })
    const encoder = new CaduEncoder(format)
    const lying = encodeTmFrame({ ...FRAME, field: new Uint8Array(fecf ? 32 : 34) }, format)
    // A secondary header of 64 octets in a frame of 40.
    lying[4]! |= 0x80
    lying[6] = 0x3f
    if (fecf) {
      const check = crc16(lying, 0, 38)
      lying.set([check >>> 8, check & 0xff], 38)
    }
    const decoder = new CaduDecoder(format)
    t.strictSame(hear(decoder, encoder.encode(lying), 100), [])
    t.match(decoder.counters, { good: 0, foreign: fecf ? 1 : 0, bad: fecf ? 0 : 1 })
  }
})

t.test('CaduDecoder trusts no constant octets, though they are codewords', async t => {
  for (const octet of [0x00, 0x55, 0xff]) {
    for (const fecf of [true, false]) {
      const format = downlinkFormat({ interleave: 1, fecf, randomized: false })
      const cadu = new Uint8Array(259).fill(octet)
      cadu.set([0x1a, 0xcf, 0xfc, 0x1d])
      const decoder = new CaduDecoder(format)
      t.strictSame(hear(decoder, join([cadu, cadu, cadu]), 1000), [])
      t.equal(decoder.counters.bad, 3)
    }
  }
})

t.test('CaduDecoder takes 100,000 octets of noise for nothing, in bounded memory', async t => {
  const random = new Random(6)
  for (const interleave of [0, 5] as const) {
    const decoder = new CaduDecoder(downlinkFormat({ interleave }))
    const noise = random.octets(100_000)
    t.strictSame(hear(decoder, noise, 1000), [])
    t.equal(decoder.counters.good + decoder.counters.foreign, 0)
    t.ok(decoder.bufferOctets <= 8192, `${decoder.bufferOctets} octets held`)
    t.ok(Math.abs(decoder.hunter.octetsSkipped - 100_000) <= 3000)
    t.equal(decoder.locked, false)
  }
})

t.test('CaduDecoder survives errors, slips and inversions in any mixture', async t => {
  const format = downlinkFormat({ interleave: 1 })
  for (let seed = 1; seed <= 25; seed++) {
    const random = new Random(seed)
    const { frames, cadus } = downlink(format, random, 40)
    const stream = new BitStream().noise(random, random.below(500))
    let inverted = false
    let events = 0
    for (const cadu of cadus) {
      if (random.below(10) === 0) inverted = !inverted
      const start = stream.length
      stream.add(cadu, inverted)
      // Within what Reed-Solomon corrects, and apart from the marker.
      for (let i = random.below(12); i > 0; i--) stream.flip(start + 32 + random.below(255 * 8))
      if (random.below(12) > 0) continue
      events += 1
      const at = start + random.below(8 * cadu.length)
      const harm = random.below(4)
      if (harm === 0) stream.lose(at)
      else if (harm === 1) stream.double(at)
      else if (harm === 2) stream.noise(random, random.below(3000))
      else stream.lose(start + random.below(1000), random.below(1000))
    }
    const decoder = new CaduDecoder(format)
    const heard = hear(decoder, stream.octets(), 1 + random.below(700))
    const known = heard.filter(({ octets }) => frames.includes(octets))
    t.equal(known.length, heard.length, `seed ${seed}: nothing made up`)
    t.ok(heard.length >= frames.length - 2 * events, `seed ${seed}: ${heard.length}, ${events}`)
  }
})

t.test('CaduDecoder gives no good CADU away to noise around it', async t => {
  const format = downlinkFormat({ interleave: 1 })
  for (let seed = 1; seed <= 20; seed++) {
    const random = new Random(seed)
    const { frames, cadus } = downlink(format, random, 12)
    const stream = new BitStream()
    for (const cadu of cadus) {
      stream.noise(random, random.below(2) === 0 ? 0 : random.below(6000))
      stream.add(cadu, random.below(2) === 0)
    }
    const heard = hear(new CaduDecoder(format), stream.octets(), 1 + random.below(300))
    t.strictSame(
      heard.map(({ octets }) => octets),
      frames,
      `seed ${seed}`,
    )
  }
})

t.test('CaduEncoder refuses frames of another length', async t => {
  const encoder = new CaduEncoder(downlinkFormat({ interleave: 1 }))
  t.throws(() => encoder.encode(new Uint8Array(222)), RangeError)
})

/** The fields of the frames heard, in hexadecimal, with what was corrected. */
function hear(decoder: CaduDecoder, stream: Uint8Array, chunkOctets: number) {
  const heard: { readonly octets: string; readonly corrected: number }[] = []
  for (let at = 0; at < stream.length; at += chunkOctets) {
    decoder.push(stream.subarray(at, at + chunkOctets))
    for (let next = decoder.next(); next !== undefined; next = decoder.next())
      if (next.kind === 'frame')
        heard.push({ octets: toHex(next.frame.field), corrected: next.corrected })
  }
  return heard
}

/** Frames with random fields, as hexadecimal, and their CADUs. */
function downlink(format: DownlinkFormat, random: Random, count: number) {
  const encoder = new CaduEncoder(format)
  const fields = Array.from({ length: count }, () => random.octets(fieldOctets(format)))
  const cadus = fields.map((field, i) =>
    encoder.encode(encodeTmFrame({ ...FRAME, masterCount: i, channelCount: i, field }, format)),
  )
  if (cadus.some(cadu => cadu.length !== caduOctets(format))) throw new Error('CADU length')
  return { frames: fields.map(toHex), cadus }
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts))
}

const FRAME = {
  virtualChannel: 1,
  masterCount: 0,
  channelCount: 0,
  firstHeader: 0,
  ocf: undefined,
}

/** The streams' frames: spacecraft 171, FECF, no OCF. */
const SYNTHETIC = downlinkFormat({ spacecraftId: 171, interleave: 1, ocf: false })
