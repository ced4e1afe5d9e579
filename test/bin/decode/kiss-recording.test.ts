import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { encodeKiss, KISS } from '../../../hal/modems/kiss/frame.ts'
import { encodeSpacePacket } from '../../../protocol/packet/space-packet.ts'
import { run } from '../../kit/bench.ts'
import { vector } from '../../kit/modem-vectors.ts'

const FIRST_MS = 1_700_000_000_000

function heardAt(utcMs: bigint): Uint8Array {
  const octets = new Uint8Array(8)
  new DataView(octets.buffer).setBigUint64(0, utcMs)
  return encodeKiss({ port: 0, command: KISS.timestamp, octets })
}

function packet(count: number): Uint8Array {
  const header = { telecommand: false, secondaryHeader: false, flags: 3, apid: 7, count }
  const octets = encodeSpacePacket({ ...header, data: Uint8Array.of(0xc0, 0xdb, count) })
  return encodeKiss({ port: 0, command: KISS.data, octets })
}

t.test(
  'downpour decode --kiss decodes what its frames hold, and says when it was heard',
  async t => {
    const folder = t.testdir()
    t.strictSame(heardAt(BigInt(FIRST_MS)), vector('grsat_kiss_timestamp_0x09'), 'as gr-satellites')
    const whole = [heardAt(1_700_000_009_000n), packet(0), heardAt(BigInt(FIRST_MS)), packet(1)]
    const noise = [Uint8Array.of(1, 2, 3), heardAt(2n ** 63n)]
    const file = join(folder, 'a.kiss')
    writeFileSync(file, Buffer.concat([...whole, ...noise]))
    const shown = await run('decode', file, '--kiss', '--format', 'packets')
    t.match(shown, { code: 0, err: '' })
    t.match(shown.out, /heard {6}2023-11-14T22:13:20.000Z to 2023-11-14T22:13:29.000Z/)
    const args = ['--kiss', '--format', 'packets', '--json']
    const json = JSON.parse((await run('decode', file, ...args)).out)
    t.match(json, {
      apids: [{ apid: 7, packets: 2, missing: 0 }],
      heard: { firstUtcMs: FIRST_MS, lastUtcMs: FIRST_MS + 9_000 },
    })
    writeFileSync(file, packet(0))
    t.equal(JSON.parse((await run('decode', file, ...args)).out).heard, null)
  },
)
