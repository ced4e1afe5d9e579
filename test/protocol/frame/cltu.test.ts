import t from 'tap'
import { CltuDecoder, encodeCltu } from '../../../protocol/frame/cltu.ts'
import { decodeTcFrame, encodeTcFrame } from '../../../protocol/frame/tc.ts'
import { framingVectors } from '../../kit/framing.ts'
import { fromHex, toHex } from '../../kit/hex.ts'
import { Random } from '../../kit/random.ts'
import { BitStream } from './bit-stream.ts'

t.test('encodeCltu() and CltuDecoder agree with CLTUs built by others', async t => {
  for (const { name, input, output } of framingVectors('cltu_bch_')) {
    const randomized = name.includes('rand')
    t.equal(toHex(encodeCltu(fromHex(input), { randomized })), output, name)
    for (const chunkOctets of [1, 3, 2000]) {
      const decoder = new CltuDecoder({ randomized })
      const [frame, ...more] = hear(decoder, fromHex(output), chunkOctets)
      t.ok(toHex(frame!).startsWith(input), `${name}, chunks of ${chunkOctets}`)
      t.equal(frame!.length, 7 * Math.ceil(input.length / 14), `${name}, length`)
      t.strictSame(more, [], `${name}, nothing else`)
      t.match(decoder.counters, { cltus: 1, corrected: 0 }, `${name}, counters`)
    }
  }
})

t.test('CltuDecoder takes a start sequence with one wrong bit', async t => {
  const [vector] = framingVectors('cltu_start_1bit_error')
  const decoder = new CltuDecoder({ randomized: false })
  t.equal(toHex(hear(decoder, fromHex(vector!.input), 100)[0]!), vector!.output)
})

t.test('CltuDecoder hears every offset, both polarities, and one error in every block', async t => {
  for (let seed = 0; seed < 48; seed++) {
    const random = new Random(seed)
    const randomized = seed % 3 > 0
    const frames = Array.from({ length: 5 }, () => tcFrame(random, 1 + random.below(90)))
    const stream = new BitStream()
    let corrected = 0
    for (const frame of frames) {
      stream.add(new Uint8Array(1 + random.below(9)).fill(0x55)).noise(random, seed % 8)
      const start = stream.length
      const cltu = encodeCltu(frame, { randomized })
      stream.add(cltu, seed % 2 === 1)
      if (seed % 4 < 2) stream.flip(start + random.below(16))
      for (let at = 2; at < cltu.length - 8; at += 8) {
        if (random.below(2) === 0) continue
        stream.flip(start + 8 * at + random.below(63))
        corrected += 1
      }
    }
    const decoder = new CltuDecoder({ randomized })
    const heard = hear(decoder, stream.octets(), 1 + random.below(50))
    t.strictSame(accept(heard), frames.map(toHex), `seed ${seed}`)
    t.ok(decoder.counters.corrected >= corrected, `seed ${seed}, corrected`)
  }
})

t.test('CltuDecoder hears CLTUs back to back, and behind a torn one', async t => {
  const random = new Random(231)
  const frames = Array.from({ length: 20 }, () => tcFrame(random, 1 + random.below(120)))
  const cltus = frames.map(frame => encodeCltu(frame, { randomized: true }))
  const joined = new BitStream()
  for (const cltu of cltus) joined.add(cltu)
  const all = hear(new CltuDecoder({ randomized: true }), joined.octets(), 64)
  t.strictSame(accept(all), frames.map(toHex))

  for (let held = 0; held < cltus[0]!.length; held += 3) {
    // Whatever takes the next CLTU for its own blocks ends at the longest frame.
    const torn = new BitStream().add(cltus[0]!.subarray(0, held)).add(cltus[1]!)
    torn.add(new Uint8Array(1300).fill(0x55))
    const heard = accept(hear(new CltuDecoder({ randomized: true }), torn.octets(), 64))
    if (!heard.includes(toHex(frames[1]!))) t.fail(`torn after ${held} octets`)
  }
})

t.test('CltuDecoder finds no frame in the data of a frame', async t => {
  // A CLTU whose blocks, as far as they are looked into, hold whole CLTUs.
  const inner = encodeCltu(tcFrame(new Random(1), 2), { randomized: false })
  for (let offset = 0; offset < 8; offset++) {
    const field = new Uint8Array(offset + inner.length)
    field.set(inner, offset)
    const outer = encodeTcFrame({ ...HEADER, field }, { fecf: true })
    const cltu = encodeCltu(outer, { randomized: false })
    for (const told of [true, false]) {
      const decoder = new CltuDecoder({ randomized: false })
      decoder.push(cltu)
      t.strictSame(accept([decoder.next()!]), [toHex(outer)])
      if (told) decoder.confirm(true)
      t.equal(decoder.next(), undefined)
      decoder.confirm(false)
      t.equal(decoder.next(), undefined, 'too late to search again')
    }
  }
})

t.test('CltuDecoder refuses frames with two errors in a block', async t => {
  const random = new Random(5)
  const frame = tcFrame(random, 60)
  const cltu = encodeCltu(frame, { randomized: false })
  for (let at = 2; at < cltu.length - 8; at += 8) {
    const stream = new BitStream().add(cltu)
    for (const bit of random.places(2, 63)) stream.flip(8 * at + bit)
    const heard = hear(new CltuDecoder({ randomized: false }), stream.octets(), 64)
    t.strictSame(accept(heard), [], `block at ${at}`)
  }
})

t.test('CltuDecoder ends a CLTU without a tail where no frame can go on', async t => {
  const frame = tcFrame(new Random(9), 300)
  const cltu = encodeCltu(frame, { randomized: false })
  const decoder = new CltuDecoder({ randomized: false, frameOctetsMax: 100 })
  const [cut] = hear(decoder, cltu, 64)
  t.equal(cut!.length, 105)
  t.equal(decodeTcFrame(cut!, { fecf: true }).kind, 'malformed')
})

t.test('CltuDecoder takes noise for nothing, in bounded memory', async t => {
  const random = new Random(17)
  for (const randomized of [false, true]) {
    const decoder = new CltuDecoder({ randomized })
    let frames = 0
    for (let i = 0; i < 200; i++) frames += accept(hear(decoder, random.octets(250), 25)).length
    t.equal(frames, 0)
    t.ok(decoder.bufferOctets <= 8192, `${decoder.bufferOctets} octets held`)
    t.ok(decoder.counters.rejected > 20, 'start sequences by chance')
  }
})

t.test('CltuDecoder survives CLTUs of every kind of damage', async t => {
  for (let seed = 1; seed <= 30; seed++) {
    const random = new Random(seed)
    const stream = new BitStream()
    const frames = Array.from({ length: 6 }, () => tcFrame(random, 1 + random.below(60)))
    for (const frame of frames) stream.add(encodeCltu(frame, { randomized: true }))
    for (let i = random.below(40); i > 0; i--) stream.flip(random.below(stream.length))
    for (let i = random.below(3); i > 0; i--)
      stream.lose(random.below(stream.length - 99), 1 + random.below(90))
    const heard = accept(hear(new CltuDecoder({ randomized: true }), stream.octets(), 31))
    const known = frames.map(toHex)
    t.ok(
      heard.every(frame => known.includes(frame)),
      `seed ${seed}: nothing made up`,
    )
  }
})

function hear(decoder: CltuDecoder, stream: Uint8Array, chunkOctets: number): Uint8Array[] {
  const heard: Uint8Array[] = []
  for (let at = 0; at < stream.length; at += chunkOctets) {
    decoder.push(stream.subarray(at, at + chunkOctets))
    for (let next = decoder.next(); next !== undefined; next = decoder.next()) {
      heard.push(next)
      decoder.confirm(accept([next]).length === 1)
    }
  }
  return heard
}

/** The octets of those that are TC frames, without fill, in hexadecimal. */
function accept(heard: readonly Uint8Array[]): string[] {
  return heard.flatMap(octets => {
    const frame = decodeTcFrame(octets, { fecf: true })
    return frame.kind === 'malformed' ? [] : [toHex(encodeTcFrame(frame, { fecf: true }))]
  })
}

function tcFrame(random: Random, octets: number): Uint8Array {
  const field = random.octets(octets)
  return encodeTcFrame({ ...HEADER, field }, { fecf: true })
}

const HEADER = { spacecraftId: 42, virtualChannel: 1, bypass: true, control: false, sequence: 9 }
