import t from 'tap'
import { crc16 } from '../../../protocol/coding/crc16.ts'
import {
  AOS_COUNTS,
  type AosFormat,
  type AosFrame,
  aosFieldOctets,
  decodeAosFrame,
  encodeAosFrame,
  IDLE_CHANNEL,
  type ReceivedAosFrame,
} from '../../../protocol/frame/aos.ts'
import { fhecOf } from '../../../protocol/frame/fhec.ts'
import { NO_FIRST_HEADER, ONLY_IDLE_DATA } from '../../../protocol/frame/tm.ts'
import { PacketExtractor } from '../../../protocol/packet/extract.ts'
import { FieldFiller } from '../../../protocol/packet/fill.ts'
import { encodeSpacePacket } from '../../../protocol/packet/space-packet.ts'
import { type FramingVector, framingVectors } from '../../kit/framing.ts'
import { fromHex, hex, toHex } from '../../kit/hex.ts'
import { Random } from '../../kit/random.ts'

const VECTORS = framingVectors('aos_')

t.test('decodeAosFrame() and encodeAosFrame() agree with frames built by others', async t => {
  for (const vector of VECTORS) {
    const { name, params } = vector
    const format = formatOf(vector)
    const octets = octetsOf(vector)
    const frame = decode(octets, format)
    t.equal(frame.spacecraftId, params['scid'], `${name}, spacecraft`)
    t.equal(frame.virtualChannel, params['vcid'], `${name}, virtual channel`)
    t.equal(frame.cycle, params['cycle'], `${name}, cycle`)
    t.equal(frame.insert.length, params['insert'], `${name}, insert zone`)
    t.equal(frame.ocf !== undefined, params['ocf'], `${name}, OCF`)
    t.equal(frame.replay, name === 'aos_frame_mpdu_2', `${name}, replay`)
    t.equal(frame.firstHeader, 0, `${name}, first header`)
    t.equal(toHex(encodeAosFrame(frame, format)), toHex(octets), name)
  }
})

t.test('PacketExtractor finds the packets in frames built by others', async t => {
  for (const vector of VECTORS) {
    const { field, firstHeader, channelCount } = decode(octetsOf(vector), formatOf(vector))
    const packets = new PacketExtractor({ counts: AOS_COUNTS }).push(
      field,
      firstHeader,
      channelCount,
    )
    t.equal(packets.length, 3, vector.name)
    for (const [i, packet] of packets.entries())
      t.equal(toHex(packet.subarray(0, 6)), `00c${(8 + i).toString(16)}c00${i}003b`)
  }
})

t.test('decodeAosFrame() gives back what encodeAosFrame() was given', async t => {
  const random = new Random(732)
  for (let i = 0; i < 400; i++) {
    const format: AosFormat = {
      frameOctets: 30 + random.below(300),
      fhec: random.below(2) === 0,
      insertOctets: random.below(2) * random.below(8),
      ocf: random.below(2) === 0,
      fecf: random.below(2) === 0,
    }
    const virtualChannel = random.below(64)
    const frame: AosFrame = {
      spacecraftId: random.below(1024),
      virtualChannel,
      channelCount: random.below(AOS_COUNTS),
      cycle: random.below(3) === 0 ? undefined : random.below(16),
      replay: random.below(2) === 0,
      insert: random.octets(format.insertOctets),
      firstHeader: virtualChannel === IDLE_CHANNEL ? ONLY_IDLE_DATA : random.below(2048),
      field: random.octets(aosFieldOctets(format, virtualChannel)),
      ocf: format.ocf ? random.word() : undefined,
    }
    const octets = encodeAosFrame(frame, format)
    t.strictSame(decodeAosFrame(octets, format), { kind: 'aos frame', ...frame })
  }
})

t.test('decodeAosFrame() believes a header that its FHEC corrects', async t => {
  const format = { ...BARE, fhec: true }
  const octets = encodeAosFrame({ ...EMPTY, field: field(format) }, format)
  octets[0]! ^= 0x80
  octets[5]! ^= 0x0f
  t.match(decodeAosFrame(octets, format), { kind: 'aos frame', spacecraftId: 90, cycle: 3 })
  octets[1]! ^= 0x55
  t.match(decodeAosFrame(octets, format), { kind: 'malformed', why: /FHEC/ })
})

t.test('decodeAosFrame() refuses any bit turned, where there is a FECF', async t => {
  const format = { ...BARE, fecf: true }
  const octets = encodeAosFrame({ ...EMPTY, field: field(format) }, format)
  for (let bit = 0; bit < 8 * octets.length; bit++) {
    const wrong = octets.slice()
    wrong[bit >>> 3]! ^= 0x80 >>> (bit & 7)
    t.match(decodeAosFrame(wrong, format), { kind: 'malformed', why: /FECF/ }, `bit ${bit}`)
  }
})

t.test('decodeAosFrame() refuses other lengths and versions, and frames with no room', async t => {
  for (let length = 0; length < 80; length++)
    if (length !== BARE.frameOctets)
      t.equal(decodeAosFrame(new Uint8Array(length), BARE).kind, 'malformed', `${length} octets`)
  for (const version of [0, 2, 3]) {
    const octets = encodeAosFrame({ ...EMPTY, field: field(BARE) }, BARE)
    octets[0] = (octets[0]! & 0x3f) | (version << 6)
    t.match(decodeAosFrame(octets, BARE), { kind: 'malformed', why: /version/ })
  }
  const full = { ...BARE, insertOctets: 33 }
  t.match(decodeAosFrame(new Uint8Array(40), full), { kind: 'malformed' })
})

t.test(
  'encodeAosFrame() refuses wrong lengths, and sends zeros for an OCF not there yet',
  async t => {
    const format = { ...BARE, ocf: true }
    t.throws(() => encodeAosFrame({ ...EMPTY, field: field(BARE) }, format), RangeError)
    t.throws(
      () => encodeAosFrame({ ...EMPTY, insert: hex`00`, field: field(BARE) }, BARE),
      RangeError,
    )
    t.equal(decode(encodeAosFrame({ ...EMPTY, field: field(format) }, format), format).ocf, 0)
  },
)

t.test('PacketExtractor counts AOS frames over the wrap at 2^24', async t => {
  const filler = new FieldFiller(field(BARE).length)
  for (let i = 0; i < 10; i++) filler.put(packet(50, i))
  filler.close()
  const extractor = new PacketExtractor({ counts: AOS_COUNTS })
  let found = 0
  let count = AOS_COUNTS - 3
  for (let filled = filler.take(); filled !== undefined; filled = filler.take()) {
    const octets = encodeAosFrame({ ...EMPTY, ...filled, channelCount: count }, BARE)
    const frame = decode(octets, BARE)
    found += extractor.push(frame.field, frame.firstHeader, frame.channelCount).length
    count = (count + 1) % AOS_COUNTS
  }
  t.equal(found, 10)
  t.match(extractor.counters, { gaps: 0, dropped: 0 })
  extractor.push(field(BARE), NO_FIRST_HEADER, (count + 300) % AOS_COUNTS)
  t.equal(extractor.counters.gaps, 300)
})

t.test(
  'PacketExtractor does not count as lost what was never sent: counts that begin anew',
  async t => {
    const extractor = new PacketExtractor({ counts: AOS_COUNTS })
    const three = Uint8Array.of(...packet(20, 1), ...packet(20, 2))
    extractor.push(three, 0, 5_000)
    t.equal(extractor.push(three, 0, 0).length, 2)
    t.equal(extractor.counters.gaps, 0)
    extractor.push(three, 0, 4)
    t.equal(extractor.counters.gaps, 3)
  },
)

t.test('PacketExtractor hands out idle packets to those who ask', async t => {
  const extractor = new PacketExtractor({ keepsIdle: true })
  const idle = packet(20, 0, 2047)
  t.equal(extractor.push(Uint8Array.of(...packet(20, 1), ...idle), 0, 0).length, 2)
  t.match(extractor.counters, { packets: 1, idle: 1 })
})

const BARE: AosFormat = { frameOctets: 40, fhec: false, insertOctets: 0, ocf: false, fecf: false }

const EMPTY = {
  spacecraftId: 90,
  virtualChannel: 1,
  channelCount: 0,
  cycle: 3,
  replay: false,
  insert: new Uint8Array(0),
  firstHeader: NO_FIRST_HEADER,
  ocf: undefined,
}

function field(format: AosFormat): Uint8Array {
  return new Uint8Array(aosFieldOctets(format, EMPTY.virtualChannel))
}

function formatOf({ params, output }: FramingVector): AosFormat {
  return {
    frameOctets: output.length / 2,
    fhec: params['fhec'] === true,
    insertOctets: Number(params['insert']),
    ocf: params['ocf'] === true,
    fecf: params['fecf'] === true,
  }
}

/**
 * The check symbols of these headers are not those of the standard (their words have two of the four roots of its
 * generator), so they and the FECF over them are made anew.
 */
function octetsOf(vector: FramingVector): Uint8Array {
  const octets = fromHex(vector.output)
  if (vector.params['fhec'] !== true) return octets
  const view = new DataView(octets.buffer)
  view.setUint16(6, fhecOf((view.getUint16(0) << 8) | view.getUint8(5)))
  view.setUint16(octets.length - 2, crc16(octets, 0, octets.length - 2))
  return octets
}

function decode(octets: Uint8Array, format: AosFormat): ReceivedAosFrame {
  const frame = decodeAosFrame(octets, format)
  if (frame.kind === 'malformed') throw new Error(frame.why)
  return frame
}

function packet(octets: number, count: number, apid = 1): Uint8Array {
  const header = { telecommand: false, secondaryHeader: false, apid, flags: 3, count }
  return encodeSpacePacket({ ...header, data: new Uint8Array(octets - 6).fill(count) })
}
