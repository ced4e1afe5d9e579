import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { PACKETS_PORT, pcapngHead, pcapngPacket } from '../../hal/pcapng.ts'
import { encodeSpacePacket } from '../../protocol/packet/space-packet.ts'
import { hex, toHex } from '../kit/hex.ts'

const ORIGIN = { spacecraftId: 0x1a2, virtualChannel: 5 }
const NO_TSHARK =
  spawnSync('tshark', ['--version']).status === 0 ? false : 'tshark is not installed'

t.test('pcapngHead() says the byte order, the comment and two interfaces', async t => {
  const blocks = blocksOf(pcapngHead('read me'))
  t.strictSame(
    blocks.map(block => block.type),
    [0x0a0d0d0a, 1, 1],
  )
  t.equal(toHex(blocks[0]!.body.subarray(0, 4)), '4d3c2b1a')
  t.match(new TextDecoder().decode(blocks[0]!.body), /read me/)
  t.strictSame(
    blocks.slice(1).map(block => block.body[0]),
    [228, 252],
  )
})

t.test('pcapngPacket() wraps a space packet in UDP and IPv4', async t => {
  const [block] = blocksOf(pcapngPacket(hex`00 01 c0 00 00 00 aa`, ORIGIN, 3))
  t.equal(block?.type, 6)
  const octets = block!.body.subarray(20, 20 + 35)
  t.equal(toHex(octets.subarray(12, 20)), '0a0001a27f000001')
  t.equal(toHex(octets.subarray(28)), '0001c0000000aa')
  const view = new DataView(octets.buffer, octets.byteOffset)
  let sum = 0
  for (let at = 0; at < 20; at += 2) sum += view.getUint16(at)
  t.equal((sum & 0xffff) + (sum >>> 16), 0xffff, 'the header checksum holds')
  t.equal(view.getUint16(20), 50_005)
  t.equal(view.getUint16(22), PACKETS_PORT)
  t.equal(view.getUint16(24), 8 + 7)
})

t.test('tshark reads packets of every size as CCSDS', { skip: NO_TSHARK }, async t => {
  const sizes = [1, 2, 3, 4, 1_000, 65_501, 65_502, 65_536]
  const packets = sizes.map((octets, i) =>
    encodeSpacePacket({
      telecommand: false,
      secondaryHeader: false,
      apid: 100 + i,
      flags: 3,
      count: i,
      data: new Uint8Array(octets),
    }),
  )
  const file = join(t.testdir({}), 'packets.pcapng')
  const blocks = packets.map((packet, i) => pcapngPacket(packet, ORIGIN, i))
  writeFileSync(file, Buffer.concat([pcapngHead('comment'), ...blocks]))
  const fields = ['-e', 'ccsds.apid', '-e', 'ccsds.seqnum', '-e', 'ccsds.length']
  const { stdout, status } = spawnSync(
    'tshark',
    ['-r', file, '-d', `udp.port==${PACKETS_PORT},ccsds`, '-T', 'fields', ...fields],
    { encoding: 'utf8' },
  )
  t.equal(status, 0)
  t.strictSame(
    stdout.trim().split('\n'),
    sizes.map((octets, i) => `${100 + i}\t${i}\t${octets - 1}`),
  )
})

interface Block {
  readonly type: number
  readonly body: Uint8Array
}

/** Also compares both lengths of each block. */
function blocksOf(octets: Uint8Array): Block[] {
  const view = new DataView(octets.buffer, octets.byteOffset, octets.length)
  const blocks: Block[] = []
  for (let at = 0; at < octets.length; ) {
    const length = view.getUint32(at + 4, true)
    if (length % 4 !== 0 || view.getUint32(at + length - 4, true) !== length)
      throw new Error(`Cannot read the block at ${at}: its lengths are ${length} and another`)
    blocks.push({
      type: view.getUint32(at, true),
      body: octets.subarray(at + 8, at + length - 4),
    })
    at += length
  }
  return blocks
}
