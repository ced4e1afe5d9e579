import t from 'tap'
import { decodeCsp, encodeCsp } from '../../../../hal/modems/csp/packet.ts'
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

t.test('encodeCsp() and decodeCsp() know packets as libcsp sends them', async t => {
  for (const [name, crcOver] of [
    ['csp1_kiss.frame', 'payload'],
    ['csp1_kiss_crc_hdr', 'packet'],
  ] as const) {
    const octets = encodeCsp(PACKET, { version: 1, crcOver })
    t.strictSame(octets.subarray(0, 4), vector('csp1_kiss.hdr'))
    t.strictSame(encodeKiss({ port: 0, command: 0, octets }), vector(name), name)
    const [frame] = new KissDecoder(100).push(vector(name))
    t.strictSame(decodeCsp(frame?.octets as Uint8Array, 1), PACKET, 'either way')
  }
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
