import t from 'tap'
import {
  decodeSpacePacket,
  encodeSpacePacket,
  MAX_DATA,
  type ReceivedPacket,
} from '../../../protocol/packet/space-packet.ts'
import { framingVectors } from '../../kit/framing.ts'
import { fromHex, hex, toHex } from '../../kit/hex.ts'
import { Random } from '../../kit/random.ts'

t.test(
  'decodeSpacePacket() and encodeSpacePacket() agree with packets built by others',
  async t => {
    for (const { name, params, input, output } of framingVectors('space_packet_')) {
      const { packet, length } = decode(fromHex(output), 0)
      t.equal(length, output.length / 2, `${name}, length`)
      t.equal(packet.apid, params['apid'], `${name}, APID`)
      t.equal(toHex(packet.data), input, `${name}, data`)
      t.equal(toHex(encodeSpacePacket(packet)), output, name)
      if ('seq' in params) {
        t.equal(packet.count, params['seq'], `${name}, count`)
        t.equal(packet.flags, params['flags'], `${name}, flags`)
        t.equal(packet.secondaryHeader, params['sec_hdr'] === 1, `${name}, secondary header`)
        t.equal(packet.telecommand, params['type'] === 'TC', `${name}, type`)
      }
    }
  },
)

t.test(
  'decodeSpacePacket() gives back what encodeSpacePacket() was given, wherever it stands',
  async t => {
    const random = new Random(133)
    for (let i = 0; i < 300; i++) {
      const packet = {
        telecommand: random.below(2) === 0,
        secondaryHeader: random.below(2) === 0,
        apid: random.below(2048),
        flags: random.below(4),
        count: random.below(16384),
        data: random.octets(1 + random.below(100)),
      }
      const before = random.below(10)
      const octets = encodeSpacePacket(packet)
      const stream = new Uint8Array(before + octets.length + random.below(10)).fill(0xff)
      stream.set(octets, before)
      const expected = { kind: 'packet', packet, length: octets.length }
      t.strictSame(decodeSpacePacket(stream, before), expected)
    }
  },
)

t.test('encodeSpacePacket() takes 1 to 65,536 octets and refuses others', async t => {
  const pack = (octets: number) => encodeSpacePacket({ ...PACKET, data: new Uint8Array(octets) })
  t.equal(pack(MAX_DATA).length, 65542)
  t.equal(toHex(pack(MAX_DATA).subarray(4, 6)), 'ffff')
  t.throws(() => pack(MAX_DATA + 1), RangeError)
  t.throws(() => pack(0), RangeError)
})

t.test('decodeSpacePacket() refuses a packet cut short anywhere', async t => {
  const octets = encodeSpacePacket(PACKET)
  for (let length = 0; length < octets.length; length++)
    t.equal(decodeSpacePacket(octets.subarray(0, length)).kind, 'malformed', `${length} octets`)
  t.match(decodeSpacePacket(octets, octets.length), { kind: 'malformed', at: 0 })
  t.match(decodeSpacePacket(octets, octets.length + 9), { kind: 'malformed', at: 0 })
})

t.test('decodeSpacePacket() refuses lengths that lie and other versions', async t => {
  t.match(decodeSpacePacket(hex`0001c000ffff00`), { kind: 'malformed', at: 4 })
  t.match(decodeSpacePacket(hex`0001c000000100`), { kind: 'malformed', at: 4 })
  t.equal(decodeSpacePacket(hex`0001c000000000`).kind, 'packet')
  for (let version = 1; version < 8; version++)
    t.match(decodeSpacePacket(Uint8Array.of(version << 5, 0, 0, 0, 0, 0, 0)), { why: /version/ })
})

function decode(octets: Uint8Array, at: number): ReceivedPacket {
  const packet = decodeSpacePacket(octets, at)
  if (packet.kind === 'malformed') throw new Error(packet.why)
  return packet
}

t.test('encodeSpacePacket() writes into what it is given, if that is long enough', async t => {
  const into = new Uint8Array(20).fill(0xff)
  const octets = encodeSpacePacket(PACKET, into)
  t.strictSame(Uint8Array.from(octets), encodeSpacePacket(PACKET))
  t.equal(octets.buffer, into.buffer)
  t.throws(() => encodeSpacePacket(PACKET, into.subarray(0, 8)), RangeError)
})

const PACKET = {
  telecommand: false,
  secondaryHeader: false,
  apid: 42,
  flags: 3,
  count: 0,
  data: hex`0102030405`,
}
