import t from 'tap'
import {
  decodeTcFrame,
  encodeTcFrame,
  type ReceivedTcFrame,
  TC_FRAME_OCTETS_MAX,
} from '../../../protocol/frame/tc.ts'
import { framingVectors } from '../../kit/framing.ts'
import { fromHex, hex, toHex } from '../../kit/hex.ts'
import { Random } from '../../kit/random.ts'

t.test('decodeTcFrame() and encodeTcFrame() agree with frames built by others', async t => {
  for (const { name, params, input, output } of framingVectors('tc_frame_')) {
    // The control commands were built with a FECF, and do not say so.
    const format = { fecf: params['fecf'] !== false }
    const frame = decode(fromHex(output), format)
    t.equal(frame.spacecraftId, params['scid'], `${name}, spacecraft`)
    t.equal(frame.virtualChannel, params['vcid'], `${name}, virtual channel`)
    t.equal(frame.bypass, params['bypass'], `${name}, bypass`)
    t.equal(frame.control, params['cc'] === true, `${name}, control`)
    t.equal(frame.sequence, params['seq'] ?? 0, `${name}, sequence`)
    const segmentHeader = params['segment'] === true ? 'c3' : ''
    if (input !== '') t.equal(toHex(frame.field), segmentHeader + input, `${name}, field`)
    t.equal(toHex(encodeTcFrame(frame, format)), output, name)
  }
  const [setVr] = framingVectors('tc_frame_BC_setvr_123')
  t.equal(toHex(decode(fromHex(setVr!.output), { fecf: true }).field), '82007b')
})

t.test(
  'decodeTcFrame() gives back what encodeTcFrame() was given, fill behind it or not',
  async t => {
    const random = new Random(232)
    for (let i = 0; i < 300; i++) {
      const format = { fecf: random.below(2) === 0 }
      const bypass = random.below(2) === 0
      const frame = {
        spacecraftId: random.below(1024),
        virtualChannel: random.below(64),
        bypass,
        control: bypass && random.below(2) === 0,
        sequence: random.below(256),
        field: random.octets(1 + random.below(i < 10 ? 1017 : 40)),
      }
      const octets = encodeTcFrame(frame, format)
      const filled = new Uint8Array(octets.length + random.below(7)).fill(0x55)
      filled.set(octets)
      t.strictSame(decodeTcFrame(filled, format), { kind: 'tc frame', ...frame })
    }
  },
)

t.test('encodeTcFrame() refuses a field that no frame holds', async t => {
  for (const [length, fecf, fits] of [
    [0, true, false],
    [1, true, true],
    [1017, true, true],
    [1018, true, false],
    [1019, false, true],
    [1020, false, false],
  ] as const) {
    const encode = () => encodeTcFrame({ ...FRAME, field: new Uint8Array(length) }, { fecf })
    if (fits) t.ok(encode().length <= TC_FRAME_OCTETS_MAX, `${length} octets`)
    else t.throws(encode, RangeError, `${length} octets`)
  }
})

t.test('decodeTcFrame() refuses a frame cut short anywhere', async t => {
  for (const fecf of [true, false]) {
    const octets = encodeTcFrame(FRAME, { fecf })
    for (let length = 0; length < octets.length; length++)
      t.equal(decodeTcFrame(octets.subarray(0, length), { fecf }).kind, 'malformed', `${length}`)
  }
})

t.test('decodeTcFrame() bounds every length that a header may say', async t => {
  const random = new Random(29912)
  for (const fecf of [true, false]) {
    for (let length = 0; length < 1024; length++) {
      const octets = random.octets(300)
      octets[0] = 0
      octets[2] = length >>> 8
      octets[3] = length
      const frame = decodeTcFrame(octets, { fecf })
      const legal = !fecf && length >= 5 && length < 300
      t.equal(frame.kind, legal ? 'tc frame' : 'malformed', `length field ${length}`)
      if (frame.kind === 'tc frame') t.equal(frame.field.length, length + 1 - 5)
    }
  }
})

t.test('decodeTcFrame() refuses other versions, the reserved type and a wrong FECF', async t => {
  const octets = encodeTcFrame(FRAME, { fecf: true })
  t.match(decodeTcFrame(hex`4000000500000000`, { fecf: false }), { why: /version/ })
  t.match(decodeTcFrame(hex`1000000500000000`, { fecf: false }), { why: /bypass/ })
  for (let bit = 40; bit < 8 * octets.length; bit++) {
    const wrong = octets.slice()
    wrong[bit >>> 3]! ^= 0x80 >>> (bit & 7)
    t.match(decodeTcFrame(wrong, { fecf: true }), { why: /FECF/, at: octets.length - 2 })
  }
})

function decode(octets: Uint8Array, format: { readonly fecf: boolean }): ReceivedTcFrame {
  const frame = decodeTcFrame(octets, format)
  if (frame.kind === 'malformed') throw new Error(frame.why)
  return frame
}

const FRAME = {
  spacecraftId: 42,
  virtualChannel: 1,
  bypass: true,
  control: false,
  sequence: 7,
  field: hex`0102030405`,
}
