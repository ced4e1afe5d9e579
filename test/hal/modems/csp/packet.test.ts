import t from 'tap'
import { decodeCsp, encodeCsp, openCsp, sealCsp } from '../../../../hal/modems/csp/packet.ts'
import { encodeKiss, KissDecoder } from '../../../../hal/modems/kiss/frame.ts'
import { hex } from '../../../kit/hex.ts'
import { vector } from '../../../kit/modem-vectors.ts'

const HEADER = {
  priority: 2,
  source: 1,
  destination: 5,
  destinationPort: 10,
  sourcePort: 33,
} as const
/** FEND and FESC, then "ping". */
const PAYLOAD = hex`c0db 70696e67`
const PACKET = { ...HEADER, payload: PAYLOAD }

t.test('sealCsp() and openCsp() know packets as libcsp sends them over KISS', async t => {
  // What is sealed there is a packet like any other: its flag speaks of a checksum of its own.
  const packet = Uint8Array.from([...vector('csp1_kiss.hdr'), ...PAYLOAD])
  for (const [name, crcOver] of [
    ['csp1_kiss.frame', 'payload'],
    ['csp1_kiss_crc_hdr', 'packet'],
  ] as const) {
    const octets = sealCsp(packet, { version: 1, crcOver })
    t.strictSame(encodeKiss({ port: 0, command: 0, octets }), vector(name), name)
    const [frame] = new KissDecoder(100).push(vector(name))
    t.strictSame(openCsp(frame?.octets as Uint8Array, 1), packet, 'either way')
  }
  t.equal(decodeCsp(packet, 1), undefined, 'which it has not')
})

t.test('encodeCsp() and decodeCsp() know the checksum of a packet, either way', async t => {
  for (const crcOver of ['payload', 'packet'] as const) {
    const octets = encodeCsp(PACKET, { version: 1, crcOver })
    t.strictSame(octets.subarray(0, 4), vector('csp1_kiss.hdr'))
    t.strictSame(decodeCsp(octets, 1), PACKET)
  }
})

t.test('decodeCsp() says which packets do not carry what was sent as it was', async t => {
  for (const [what, octets] of [
    ['a fragment', hex`8252a110 01`],
    ['signed', hex`8252a108 01020304 05`],
    ['encrypted', hex`8252a104 01020304 05`],
    ['of a reliable connection', hex`8252a102 01 0102030405`],
  ] as const)
    t.equal(decodeCsp(octets, 1), 'foreign', what)
})

t.test('encodeCsp() and decodeCsp() know the wider header of CSP 2', async t => {
  const wide = { ...PACKET, priority: 3, source: 16_383, destination: 8_193 }
  const octets = encodeCsp(wide, { version: 2, crcOver: 'packet' })
  t.strictSame(octets.subarray(0, 6), hex`e001 fffc a841`)
  t.strictSame(decodeCsp(octets, 2), wide)
})

t.test(
  'decodeCsp() refuses what is cut or changed, and takes packets without a checksum',
  async t => {
    const octets = encodeCsp(PACKET, { version: 1, crcOver: 'payload' })
    for (let end = 0; end < octets.length; end++)
      t.equal(decodeCsp(octets.subarray(0, end), 1), undefined, `cut at ${end}`)
    for (let at = 4; at < octets.length; at++)
      t.equal(decodeCsp(octets.with(at, (octets[at] as number) ^ 4), 1), undefined, `bit of ${at}`)
    t.strictSame(decodeCsp(hex`8252a100 0102`, 1), { ...HEADER, payload: hex`0102` })
  },
)

t.test('encodeCsp() refuses what does not fit', async t => {
  const format = { version: 1, crcOver: 'payload' } as const
  for (const wrong of [{ source: 32 }, { destination: -1 }, { sourcePort: 64 }, { priority: 4 }])
    t.throws(() => encodeCsp({ ...PACKET, ...wrong }, format), { name: 'RangeError' })
})
