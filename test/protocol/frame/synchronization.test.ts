/** Synchronization as 131.0-B-6 needs it of a receiver: clauses 4 and 9, in the order of the procedures. */
import t from 'tap'
import { codesOf } from '../../../protocol/coding/convolutional.ts'
import { ConvolutionalDecoder } from '../../../protocol/coding/convolutional-decoder.ts'
import { CaduDecoder, CaduEncoder } from '../../../protocol/frame/cadu.ts'
import { caduOctets, type DownlinkFormat, downlinkFormat } from '../../../protocol/frame/link.ts'
import { encodeTmFrame } from '../../../protocol/frame/tm.ts'
import { Random } from '../../kit/random.ts'
import { noisySymbols } from '../../kit/symbols.ts'
import { BitStream } from './bit-stream.ts'

const FORMAT = downlinkFormat({ interleave: 1, ocf: false })
const BITS = 8 * caduOctets(FORMAT)

t.test('9.2: a codeblock is found at any bit of an octet, of either polarity', async t => {
  const sent = cadus(FORMAT, 3)
  for (let offset = 0; offset < 8; offset++)
    for (const inverted of [false, true]) {
      const stream = new BitStream().noise(new Random(1 + offset), offset)
      for (const cadu of sent) stream.add(cadu, inverted)
      const { counts, decoder } = heard(stream.octets())
      t.strictSame(counts, [0, 1, 2], `${offset} bits, inverted: ${inverted}`)
      t.match(decoder.hunter, { inversions: inverted ? 1 : 0, markers: 3, slips: 0, flywheels: 0 })
    }
})

t.test('9: polarity may change at any bit, and costs the CADU it falls in, at most', async t => {
  const sent = cadus(FORMAT, 5)
  for (let at = 2 * BITS - 40; at < 3 * BITS + 40; at += 7) {
    const stream = new BitStream()
    for (const cadu of sent) stream.add(cadu)
    for (let bit = at; bit < 5 * BITS; bit++) stream.flip(bit)
    const { counts, decoder } = heard(stream.octets())
    const lost = [0, 1, 2, 3, 4].filter(count => !counts.includes(count))
    const hit = Math.floor(at / BITS)
    if (lost.some(count => count !== hit)) t.fail(`bit ${at} costs ${lost.join()}, not ${hit}`)
    if (decoder.hunter.inversions !== 1)
      t.fail(`bit ${at}: ${decoder.hunter.inversions} inversions`)
  }
})

t.test('9: a destroyed marker costs nothing, as long as the one before was seen', async t => {
  const stream = new BitStream()
  for (const cadu of cadus(FORMAT, 4)) stream.add(cadu)
  for (let bit = 0; bit < 32; bit++) if (bit % 2 === 0) stream.flip(2 * BITS + bit)
  const { counts, decoder } = heard(stream.octets())
  t.strictSame(counts, [0, 1, 2, 3])
  t.match(decoder.hunter, { flywheels: 1, markers: 3, octetsSkipped: 0 })
})

t.test('4, 9: a symbol lost behind the convolutional code costs one CADU', async t => {
  // Longer than a block of the decoder, as frames behind this code are: the slip is seen with the next block.
  const format = downlinkFormat({ interleave: 5, ocf: false })
  const sent = cadus(format, 6)
  const octets = Uint8Array.from([...sent.flatMap(cadu => [...cadu]), 0x55])
  const symbolsPerCadu = 16 * caduOctets(format)
  for (let place = 0; place < 10; place++) {
    const random = new Random(place)
    const at = 2 * symbolsPerCadu + Math.floor(((place + 0.5) * symbolsPerCadu) / 10)
    const symbols = [...noisySymbols({ octets, rate: '1/2', ebN0Db: 5, random })]
    symbols.splice(at, 1)
    const decoder = new CaduDecoder(format)
    const viterbi = new ConvolutionalDecoder(codesOf('1/2'))
    const keep = (more: Uint8Array) => decoder.push(more)
    viterbi.take(Int8Array.from(symbols), keep)
    viterbi.end(keep)
    // What the slip leaves wrong at the end of a codeblock may be so little that Reed-Solomon mends it.
    const counts = countsOf(decoder).filter(count => count !== 2)
    t.strictSame(counts, [0, 1, 3, 4, 5], `symbol ${at}`)
    t.equal(viterbi.counters.slips, 1)
  }
})

function cadus(format: DownlinkFormat, count: number): readonly Uint8Array[] {
  const encoder = new CaduEncoder(format)
  const random = new Random(7)
  const fieldOctets = format.frameOctets - 8
  return Array.from({ length: count }, (_, i) =>
    encoder.encode(
      encodeTmFrame(
        {
          masterCount: i,
          channelCount: i,
          virtualChannel: 0,
          firstHeader: 0,
          field: random.octets(fieldOctets),
          ocf: undefined,
        },
        format,
      ),
    ),
  )
}

function heard(octets: Uint8Array): {
  readonly counts: readonly number[]
  readonly decoder: CaduDecoder
} {
  const decoder = new CaduDecoder(FORMAT)
  decoder.push(octets)
  return { counts: countsOf(decoder), decoder }
}

function countsOf(decoder: CaduDecoder): readonly number[] {
  const counts: number[] = []
  for (let one = decoder.next(); one !== undefined; one = decoder.next())
    if (one.kind === 'frame') counts.push(one.frame.channelCount)
  return counts
}
