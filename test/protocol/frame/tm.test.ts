import t from 'tap'
import { type DownlinkFormat, downlinkFormat, fieldOctets } from '../../../protocol/frame/link.ts'
import {
  decodeTmFrame,
  encodeTmFrame,
  NO_FIRST_HEADER,
  ONLY_IDLE_DATA,
  type ReceivedTmFrame,
  type TmFrame,
} from '../../../protocol/frame/tm.ts'
import { framingVectors } from '../../kit/framing.ts'
import { fromHex, toHex } from '../../kit/hex.ts'
import { Random } from '../../kit/random.ts'

t.test('decodeTmFrame() and encodeTmFrame() agree with frames built by others', async t => {
  for (const { name, params, output } of framingVectors('tm_frame_', 'tm_spanning_')) {
    const octets = fromHex(output)
    const format = downlinkFormat({
      spacecraftId: Number(params['scid']),
      interleave: 0,
      frameOctets: octets.length,
      ocf: params['ocf'] === true,
      fecf: params['fecf'] === true,
    })
    const frame = decode(octets, format)
    t.equal(frame.spacecraftId, params['scid'], `${name}, spacecraft`)
    t.equal(frame.virtualChannel, params['vcid'], `${name}, virtual channel`)
    t.equal(frame.ocf !== undefined, format.ocf, `${name}, OCF`)
    if ('mc' in params) t.equal(frame.masterCount, params['mc'], `${name}, master count`)
    if ('vc' in params) t.equal(frame.channelCount, params['vc'], `${name}, channel count`)
    if ('index' in params) t.equal(frame.channelCount, params['index'], `${name}, channel count`)
    t.equal(toHex(encodeTmFrame(frame, format)), output, name)
  }
})

t.test('decodeTmFrame() reads the idle frame, the OCF and past the secondary header', async t => {
  const [idle] = framingVectors('tm_frame_only_idle_data')
  const frame = decode(fromHex(idle!.output), bare({ spacecraftId: 123, frameOctets: 223 }))
  t.equal(frame.firstHeader, ONLY_IDLE_DATA)
  t.equal(toHex(frame.field), idle!.input)
  t.equal(frame.ocf, 0x01000000)

  const [secondary] = framingVectors('tm_frame_sec_header')
  const format = bare({ spacecraftId: 1, ocf: false, frameOctets: 128 })
  const behind = decode(fromHex(secondary!.output), format)
  t.equal(behind.firstHeader, 0)
  t.equal(behind.field.length, 128 - 6 - 5 - 2)
  t.equal(behind.secondary?.length, 4)
  t.equal(toHex(behind.field.subarray(0, 6)), '0009c000001d')
})

t.test('decodeTmFrame() gives back what encodeTmFrame() was given', async t => {
  const random = new Random(132)
  for (let i = 0; i < 300; i++) {
    const format = bare({
      spacecraftId: random.below(1024),
      ocf: random.below(2) === 0,
      fecf: random.below(2) === 0,
      frameOctets: 13 + random.below(300),
    })
    const length = 1 + random.below(Math.min(63, fieldOctets(format) - 1))
    const hasSecondary = fieldOctets(format) > 2 && random.below(2) === 0
    const secondary = hasSecondary ? random.octets(Math.min(length, 63)) : undefined
    const frame: TmFrame = {
      virtualChannel: random.below(8),
      masterCount: random.below(256),
      channelCount: random.below(256),
      firstHeader: random.below(2048),
      secondary,
      field: random.octets(fieldOctets(format) - (secondary === undefined ? 0 : 1 + length)),
      ocf: format.ocf ? random.word() : undefined,
    }
    const expected = { kind: 'tm frame', spacecraftId: format.spacecraftId, ...frame }
    t.strictSame(decodeTmFrame(encodeTmFrame(frame, format), format), expected)
  }
})

t.test('encodeTmFrame() refuses a secondary header that its length field cannot say', async t => {
  const format = bare({ frameOctets: 100 })
  for (const length of [0, 64]) {
    const secondary = new Uint8Array(length)
    const field = new Uint8Array(fieldOctets(format) - 1 - length)
    t.throws(() => encodeTmFrame({ ...EMPTY, secondary, field }, format), RangeError)
  }
})

t.test('encodeTmFrame() sends zeros for an OCF that is not there yet', async t => {
  const format = bare({ frameOctets: 20 })
  t.equal(decode(encodeTmFrame({ ...EMPTY, field: new Uint8Array(8) }, format), format).ocf, 0)
})

t.test('encodeTmFrame() refuses a field of another length than the frame has', async t => {
  const format = bare({ frameOctets: 20 })
  t.throws(() => encodeTmFrame({ ...EMPTY, field: new Uint8Array(7) }, format), RangeError)
})

t.test('decodeTmFrame() refuses frames of every other length', async t => {
  const format = bare({ frameOctets: 64 })
  for (let length = 0; length < 130; length++) {
    const frame = decodeTmFrame(new Uint8Array(length), format)
    t.equal(frame.kind, 'malformed', `${length} octets`)
  }
})

t.test('decodeTmFrame() refuses a frame with any bit turned', async t => {
  const format = bare({ frameOctets: 20 })
  const frame = encodeTmFrame({ ...EMPTY, field: new Uint8Array(8) }, format)
  for (let bit = 0; bit < 160; bit++) {
    const wrong = frame.slice()
    wrong[bit >>> 3]! ^= 0x80 >>> (bit & 7)
    t.match(decodeTmFrame(wrong, format), { kind: 'malformed', why: /FECF/ }, `bit ${bit}`)
  }
})

t.test('decodeTmFrame() refuses other versions', async t => {
  const format = bare({ frameOctets: 20, fecf: false })
  for (const version of [1, 2, 3]) {
    const frame = encodeTmFrame({ ...EMPTY, field: new Uint8Array(10) }, format)
    frame[0]! |= version << 6
    t.match(decodeTmFrame(frame, format), { kind: 'malformed', why: /version/, at: 0 })
  }
})

t.test(
  'decodeTmFrame() bounds a secondary header of any length, in frames of any length',
  async t => {
    for (const ocf of [false, true]) {
      for (let frameOctets = 11; frameOctets < 80; frameOctets++) {
        const format = bare({ frameOctets, ocf, fecf: false })
        const room = fieldOctets(format)
        const octets = encodeTmFrame({ ...EMPTY, field: new Uint8Array(room) }, format)
        octets[4]! |= 0x80
        const lefts = Array.from({ length: 64 }, (_, length) => {
          octets[6] = 0xc0 | length
          const frame = decodeTmFrame(octets, format)
          return frame.kind === 'malformed' ? -1 : frame.field.length
        })
        const expected = lefts.map((_, length) => Math.max(-1, room - length - 1))
        t.strictSame(lefts, expected, `frames of ${frameOctets}`)
      }
    }
  },
)

t.test('decodeTmFrame() believes the OCF flag, even where no field is left', async t => {
  const format = bare({ frameOctets: 7, ocf: false, fecf: false })
  const octets = encodeTmFrame({ ...EMPTY, field: new Uint8Array(1) }, format)
  octets[1]! |= 1
  t.equal(decodeTmFrame(octets, format).kind, 'malformed')
})

t.test('decodeTmFrame() finds no packets in a frame with the synchronization flag', async t => {
  const format = bare({ frameOctets: 20, ocf: false, fecf: false })
  const octets = encodeTmFrame({ ...EMPTY, field: new Uint8Array(14) }, format)
  octets[4]! |= 0x40
  t.equal(decode(octets, format).firstHeader, ONLY_IDLE_DATA)
})

t.test('decodeTmFrame() answers whatever the octets are', async t => {
  const random = new Random(25)
  for (let i = 0; i < 2000; i++) {
    const frameOctets = 13 + random.below(60)
    const format = bare({ frameOctets, ocf: random.below(2) === 0, fecf: false })
    const octets = random.octets(frameOctets)
    octets[0]! &= 0x3f
    decodeTmFrame(octets, format)
  }
  t.pass('no throw')
})

function bare(partial: Partial<DownlinkFormat>): DownlinkFormat {
  return downlinkFormat({ interleave: 0, ...partial })
}

function decode(octets: Uint8Array, format: DownlinkFormat): ReceivedTmFrame {
  const frame = decodeTmFrame(octets, format)
  if (frame.kind === 'malformed') throw new Error(frame.why)
  return frame
}

const EMPTY = {
  virtualChannel: 0,
  masterCount: 0,
  channelCount: 0,
  firstHeader: NO_FIRST_HEADER,
  ocf: undefined,
}
