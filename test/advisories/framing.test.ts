/**
 * What went wrong in others that read frames, packets and security headers, done to ours. The ids of the advisories
 * begin the name of each test; docs/security.md lists them.
 */
import t from 'tap'
import { aesGcm } from '../../hal/aes-gcm.ts'
import { decodeAosFrame } from '../../protocol/frame/aos.ts'
import { downlinkFormat } from '../../protocol/frame/link.ts'
import { SecuritySender } from '../../protocol/frame/sdls/apply.ts'
import { type Association, SECURITY_OCTETS } from '../../protocol/frame/sdls/association.ts'
import { SecurityReceiver } from '../../protocol/frame/sdls/process.ts'
import { decodeTcFrame, encodeTcFrame, type TcFrame } from '../../protocol/frame/tc.ts'
import { decodeTmFrame } from '../../protocol/frame/tm.ts'
import { PacketExtractor } from '../../protocol/packet/extract.ts'
import { decodeSpacePacket } from '../../protocol/packet/space-packet.ts'
import { heldOctets } from '../kit/memory.ts'
import { Random } from '../kit/random.ts'

const SEED = Number(process.env['SEED'] ?? 1)
const GROWTH_OCTETS_MAX = 4 * 2 ** 20
/** What stands behind every frame here: whoever reads past its end has this. */
const BEHIND = 0xee
const FRAME: TcFrame = {
  spacecraftId: 42,
  virtualChannel: 3,
  bypass: true,
  control: false,
  sequence: 7,
  field: Uint8Array.of(1, 2, 3, 4),
}

t.test(
  'CVE-2024-44910, CVE-2024-44911, CVE-2024-44912: AOS, TM and TC frames cut anywhere are refused',
  async t => {
    const tc = encodeTcFrame(FRAME, { fecf: false })
    const tm = downlinkFormat({ interleave: 0, frameOctets: 64, fecf: false })
    const aos = { frameOctets: 64, fhec: false, insertOctets: 0, ocf: true, fecf: false }
    const whole = new Uint8Array(64)
    t.equal(decodeTcFrame(tc, { fecf: false }).kind, 'tc frame')
    t.equal(decodeTmFrame(whole, tm).kind, 'tm frame')
    t.equal(decodeAosFrame(whole.with(0, 0x40), aos).kind, 'aos frame')
    for (let end = 0; end < 64; end++) {
      t.equal(decodeTmFrame(short(whole, end), tm).kind, 'malformed')
      t.equal(decodeAosFrame(short(whole.with(0, 0x40), end), aos).kind, 'malformed')
      if (end < tc.length) t.equal(decodeTcFrame(short(tc, end), { fecf: false }).kind, 'malformed')
    }
  },
)

t.test(
  'CVE-2025-29911, CVE-2025-29912, CVE-2025-30356: a TC frame is as long as it says only if so much is there',
  async t => {
    for (const fecf of [false, true])
      for (let there = 0; there <= 60; there++)
        for (let said = 0; said < 1_024; said++) {
          const octets = short(new Uint8Array(64), there)
          octets.set([0, 42, said >>> 8, said].slice(0, there))
          const frame = decodeTcFrame(octets, { fecf })
          const least = 5 + (fecf ? 2 : 0)
          if (frame.kind === 'malformed') continue
          const right = said + 1 - least
          if (
            said >= there ||
            right < 1 ||
            frame.field.length !== right ||
            frame.field.includes(BEHIND)
          )
            t.fail(`${said + 1} of ${there} octets`)
        }
    t.match(decodeTcFrame(new Uint8Array(5), { fecf: false }), { kind: 'malformed' }, 'length 0')
  },
)

t.test('CVE-2025-30216: a TM secondary header of any length ends inside its frame', async t => {
  let taken = 0
  for (const frameOctets of [14, 20, 40, 80])
    for (const ocf of [0, 1])
      for (let length = 0; length < 256; length++) {
        const format = downlinkFormat({ interleave: 0, frameOctets, fecf: false })
        const octets = short(new Uint8Array(frameOctets), frameOctets)
        octets.set([0, ocf, 0, 0, 0x80, 0, length])
        const frame = decodeTmFrame(octets, format)
        const header = 6 + (length & 63) + 1
        const isRoom = header <= frameOctets - 4 * ocf
        if ((frame.kind === 'tm frame') !== isRoom) t.fail(`${length} in ${frameOctets}`)
        if (frame.kind === 'malformed') continue
        taken += 1
        if (frame.field.includes(BEHIND) || frame.secondary?.includes(BEHIND))
          t.fail(`${length} in ${frameOctets}: read past the end`)
      }
  t.ok(taken > 100)
})

t.test('CVE-2026-5474, CVE-2026-5475: the length of a packet may lie', async t => {
  for (const said of [0, 1, 2, 0x7fff, 0xfffe, 0xffff])
    for (let there = 0; there <= 40; there++) {
      const octets = short(new Uint8Array(64), there)
      octets.set([0x08, 1, 0xc0, 0, said >>> 8, said].slice(0, there))
      const packet = decodeSpacePacket(octets)
      const isThere = there >= 6 + said + 1
      t.equal(packet.kind, isThere ? 'packet' : 'malformed')
      if (packet.kind === 'packet') t.equal(packet.packet.data.length, said + 1)
    }
  const packets = new PacketExtractor({ octetsMax: 4_096 })
  const field = new Uint8Array(100)
  field.set([0x08, 1, 0xc0, 0, 0xff, 0xff])
  for (let count = 0; count < 1_000; count++)
    t.strictSame(packets.push(field, count === 0 ? 0 : 0x7ff, count & 255), [])
  t.ok(packets.counters.dropped > 0, 'longer than is allowed')
  field.set([0x08, 1, 0xc0, 0, 0, 0, 9])
  const [packet] = packets.push(field.fill(0, 7), 0, 1_000 & 255)
  t.equal(packet?.[6], 9, 'and the next one is found')
})

t.test('CVE-2025-54878: every IV has its length, whatever its number', async t => {
  const one = association(9)
  for (const number of [
    1,
    255,
    2 ** 16,
    2 ** 32 - 1,
    2 ** 32,
    2 ** 48,
    Number.MAX_SAFE_INTEGER - 256,
  ]) {
    const { field } = new SecuritySender(one, false, number).apply(FRAME)
    t.equal(field.length, FRAME.field.length + SECURITY_OCTETS)
    const receiver = receiverOf([one])
    receiver.accept(9, BigInt(number) - 1n)
    t.match(receiver.open({ ...FRAME, field }), { kind: 'opened', number: BigInt(number) })
  }
})

t.test('CVE-2025-46674: nothing that comes over the link changes an association', async t => {
  const random = new Random(SEED)
  const [good, idle] = [association(9), { ...association(10), operational: false }]
  const receiver = receiverOf([good, idle])
  const [sender, idler] = [new SecuritySender(good, false, 1), new SecuritySender(idle, false, 1)]
  for (let n = 0; n < 2_000; n++) {
    // Extended procedures would be commands of this shape: a tag, a length, and keys or states behind it.
    const field = Uint8Array.from([random.below(256), 0, 40, ...random.octets(40)])
    const opened = receiver.open(sender.apply({ ...FRAME, field }))
    if (opened.kind === 'refused') throw new Error(opened.why)
    receiver.accept(opened.spi, opened.number)
    receiver.open({ ...FRAME, field })
  }
  t.match(receiver.open(idler.apply(FRAME)), { kind: 'refused', why: 'not operational' })
  t.strictSame([...receiver.accepted()], [[9, 2_000n]])
})

t.test(
  'CVE-2026-21897, CVE-2026-21898, CVE-2026-21899, CVE-2026-21900, CVE-2026-22023, CVE-2026-22024, CVE-2026-22026, CVE-2026-22027, CVE-2026-22697: a full table has no neighbour, and a million refused frames leave nothing behind',
  async t => {
    const one = association(1)
    const all = Array.from({ length: 65_534 }, (_, i) => ({ ...one, spi: i + 1 }))
    const receiver = receiverOf(all)
    for (const spi of [1, 2, 65_533, 65_534])
      t.equal(
        receiver.open(new SecuritySender({ ...one, spi }, false, 1).apply(FRAME)).kind,
        'opened',
      )
    const field = new Uint8Array(60)
    for (const spi of [0, 65_535]) {
      field.set([spi >>> 8, spi])
      t.match(receiver.open({ ...FRAME, field }), { kind: 'refused', why: 'unknown', spi })
    }
    const random = new Random(SEED)
    const few = receiverOf([one, { ...association(2), operational: false }])
    let settled = 0
    for (let n = 0; n < 1_000_000; n++) {
      if (n === 200_000) settled = heldOctets()
      // One in twenty costs a look at its MAC.
      field.set([0, n % 20 === 0 ? 1 : 2 + random.below(200)])
      few.open({ ...FRAME, field: field.subarray(0, random.below(61)) })
    }
    const { opened, short: tooShort, ...refused } = few.counters
    t.equal(opened, 0)
    t.ok(Math.min(tooShort, refused.unknown, refused.unauthentic, refused['not operational']) > 0)
    const grown = heldOctets() - settled
    t.ok(grown < GROWTH_OCTETS_MAX, `${grown} octets more`)
    t.strictSame([...few.accepted()], [])
  },
)

/** The first `end` octets, in a buffer that goes on with others. */
function short(octets: Uint8Array, end: number): Uint8Array {
  const buffer = new Uint8Array(octets.length + 64).fill(BEHIND)
  buffer.set(octets.subarray(0, end))
  return buffer.subarray(0, end)
}

function association(spi: number): Association {
  const aead = aesGcm(new Uint8Array(32).fill(spi))
  return { spi, mode: 'encrypt', operational: true, aead }
}

function receiverOf(associations: readonly Association[]): SecurityReceiver {
  return new SecurityReceiver({ spi: 9, associations, window: 2 ** 48, segmented: false })
}
