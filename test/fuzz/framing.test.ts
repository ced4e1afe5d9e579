/**
 * Frames, packets, CLTUs, security and COP-1 with wrong octets: nothing throws, what is refused is a typed value,
 * and memory does not grow. SEED=17 flies one seed; FUZZ_INPUTS says how many inputs, as `make fuzz` does.
 */
import t, { type Test } from 'tap'
import { TelecommandReceiver } from '../../onboard/uplink/telecommand.ts'
import { crc16 } from '../../protocol/coding/crc16.ts'
import { type AosFormat, decodeAosFrame } from '../../protocol/frame/aos.ts'
import { decodeClcw, encodeClcw } from '../../protocol/frame/clcw.ts'
import { encodeCltu } from '../../protocol/frame/cltu.ts'
import { Farm } from '../../protocol/frame/cop1/farm.ts'
import { Fop, type FopInput } from '../../protocol/frame/cop1/fop.ts'
import { downlinkFormat } from '../../protocol/frame/link.ts'
import { SecuritySender } from '../../protocol/frame/sdls/apply.ts'
import type { Association } from '../../protocol/frame/sdls/association.ts'
import { SecurityReceiver } from '../../protocol/frame/sdls/process.ts'
import { SegmentReader } from '../../protocol/frame/segment.ts'
import { decodeTcFrame, encodeTcFrame, type TcFrame } from '../../protocol/frame/tc.ts'
import { decodeTmFrame } from '../../protocol/frame/tm.ts'
import { PacketExtractor } from '../../protocol/packet/extract.ts'
import { decodeSpacePacket } from '../../protocol/packet/space-packet.ts'
import { securityOf } from '../kit/commands.ts'
import { framingVectors } from '../kit/framing.ts'
import { fromHex } from '../kit/hex.ts'
import { heldOctets } from '../kit/memory.ts'
import { Random } from '../kit/random.ts'
import { settingsFor } from '../sim/settings.ts'
import { inputsOf } from './mutate.ts'

const SEED = Number(process.env['SEED'] ?? 1)
const INPUTS = inputsOf(60_000)
const OCTETS_MAX = 300
/** What a run may leave behind, whatever it was fed: far less than its inputs are together. */
const GROWTH_OCTETS_MAX = 4 * 2 ** 20

/** Lengths that end nowhere and in the middle of headers come first, then whole ones with a few octets wrong. */
function* inputs(seeds: readonly Uint8Array[], random: Random): IterableIterator<Uint8Array> {
  for (const seed of seeds)
    for (let length = 0; length <= Math.min(seed.length, 40); length++) yield seed.slice(0, length)
  for (let left = INPUTS; left > 0; left--) {
    const octets = (seeds[random.below(seeds.length)] as Uint8Array).slice()
    for (let changes = random.below(5); changes > 0; changes--)
      octets[random.below(random.below(2) === 0 ? Math.min(12, octets.length) : octets.length)] =
        random.word()
    if (octets.length > 2 && random.below(3) > 0) {
      const check = crc16(octets, 0, octets.length - 2)
      octets.set([check >>> 8, check], octets.length - 2)
    }
    yield random.below(4) === 0 ? octets.subarray(0, random.below(octets.length + 1)) : octets
  }
}

/** Feeds `take` and answers how often it took something. */
function fed(
  t: Test,
  seeds: readonly Uint8Array[],
  take: (octets: Uint8Array, random: Random) => boolean,
): number {
  const random = new Random(SEED)
  const before = heldOctets()
  let [round, taken] = [0, 0]
  for (const octets of inputs(seeds, random)) {
    round += 1
    try {
      if (take(octets, random)) taken += 1
    } catch (error) {
      t.fail(`SEED=${SEED} round ${round}`, { octets: Buffer.from(octets).toString('hex'), error })
      break
    }
  }
  const grown = heldOctets() - before
  t.ok(grown < GROWTH_OCTETS_MAX, `${round} inputs, ${taken} taken, ${grown} octets kept`)
  return taken
}

function vectors(...beginnings: string[]): Uint8Array[] {
  return framingVectors(...beginnings)
    .map(({ output }) => fromHex(output))
    .filter(octets => octets.length > 0 && octets.length <= OCTETS_MAX)
}

const FRAME: TcFrame = {
  spacecraftId: 42,
  virtualChannel: 0,
  bypass: true,
  control: false,
  sequence: 0,
  field: new Uint8Array(40).fill(0xc1),
}
const security = securityOf(9)
const sender = () => new SecuritySender(security.associations[0] as Association, false, 1)

t.test('decodeTcFrame(), decodeSpacePacket()', async t => {
  const frames = [...vectors('tc_frame_'), encodeTcFrame(FRAME, { fecf: true })]
  const taken = fed(t, frames, (octets, random) => {
    const frame = decodeTcFrame(octets, { fecf: random.below(2) === 0 })
    if (frame.kind === 'tc frame' && frame.field.length > octets.length) throw new Error('too long')
    return frame.kind === 'tc frame'
  })
  t.ok(taken > INPUTS / 20, `${taken} are frames`)
  fed(t, vectors('space_packet', 'packet'), (octets, random) => {
    const packet = decodeSpacePacket(octets, random.below(octets.length + 2))
    return packet.kind === 'packet' && packet.length <= octets.length
  })
})

t.test('decodeTmFrame(), decodeAosFrame(), PacketExtractor', async t => {
  const packets = new PacketExtractor()
  const tm = vectors('tm_frame_')
  fed(t, tm, (octets, random) => {
    const frameOctets = Math.max(14, random.below(2) === 0 ? octets.length : 128)
    const frame = decodeTmFrame(
      octets,
      downlinkFormat({ interleave: 0, frameOctets, fecf: random.below(2) === 0 }),
    )
    if (frame.kind === 'malformed') return false
    packets.push(frame.field, frame.firstHeader, frame.channelCount)
    return true
  })
  const aos = new PacketExtractor({ counts: 2 ** 24 })
  fed(t, vectors('aos_frame_'), (octets, random) => {
    const format: AosFormat = {
      frameOctets: random.below(2) === 0 ? octets.length : random.below(200),
      fhec: random.below(2) === 0,
      insertOctets: random.below(2) * random.below(30),
      ocf: random.below(2) === 0,
      fecf: random.below(2) === 0,
    }
    const frame = decodeAosFrame(octets, format)
    if (frame.kind === 'malformed') return false
    aos.push(frame.field, frame.firstHeader, frame.channelCount)
    return true
  })
})

t.test('SegmentReader, SecurityReceiver', async t => {
  const segments = new SegmentReader({ unitOctetsMax: 4_096 })
  const parts = [0xc0, 0x41, 0x01, 0x81].map(first => new Uint8Array(60).fill(7).fill(first, 0, 1))
  fed(t, parts, octets => (segments.push(octets)?.length ?? 0) > 0)
  const receiver = new SecurityReceiver(security)
  const secured = sender()
  const fields = Array.from({ length: 8 }, () => secured.apply(FRAME).field)
  const opened = fed(t, fields, field => {
    const result = receiver.open({ ...FRAME, field })
    if (result.kind === 'opened') receiver.accept(result.spi, result.number)
    return result.kind === 'opened'
  })
  t.ok(opened <= fields.length, 'none is opened that was not secured, and each once')
})

t.test('TelecommandReceiver, whatever comes up the line', async t => {
  for (const isSecured of [false, true]) {
    const segmentation = { map: 0, packetOctetsMax: 2_000 }
    const secured = isSecured ? { ...security, segmented: true } : undefined
    const uplink = settingsFor({ uplink: { segmentation, security: secured } }).spacecraft.uplink
    const receiver = new TelecommandReceiver(uplink)
    const frames = [true, false].map(bypass => encodeTcFrame({ ...FRAME, bypass }, { fecf: true }))
    const units = frames.map(frame => encodeCltu(frame, { randomized: true }))
    fed(t, [...frames, ...units], (octets, random) => {
      const line = random.below(2) === 0 ? octets : encodeCltu(octets, { randomized: true })
      receiver.push(line)
      receiver.takeRecords()
      receiver.takeNotices()
      return decodeClcw(receiver.clcw) !== undefined
    })
    if (isSecured) t.equal(receiver.security?.counters.opened, 0)
  }
})

t.test('FOP-1 and FARM-1, whatever words and frames come', async t => {
  const random = new Random(SEED)
  const fop = new Fop<number>({ window: 10, timeoutMs: 50, transmissionLimit: 3, timeoutType: 0 })
  const farm = new Farm({ virtualChannel: 0, window: 20 })
  let frames = 0
  for (let round = 0; round < INPUTS; round++) {
    fop.receive(someInput(random), round)
    fop.tick(round)
    for (const effect of fop.drain()) if (effect.kind === 'frame') frames += 1
    const { underWay } = fop.outlook
    if (underWay > 255) t.fail(`SEED=${SEED} round ${round}: ${underWay} under way`)
    farm.receive({
      ...FRAME,
      bypass: random.below(2) === 0,
      control: random.below(8) === 0,
      sequence: random.below(256),
      field: random.octets(random.below(4)),
    })
    const word = encodeClcw(farm.report(true))
    if (decodeClcw(word) === undefined) t.fail(`SEED=${SEED} round ${round}: no CLCW`)
  }
  t.ok(frames > 100, `${frames} frames`)
})

function someInput(random: Random): FopInput<number> {
  const clcw = decodeClcw(random.word() & 0x1fff_ffff)
  const kinds: readonly FopInput<number>[] = [
    { kind: 'clcw', clcw: { ...clcw!, cop: random.below(9) === 0 ? 0 : 1, lockout: false } },
    { kind: 'transfer', service: random.below(4) === 0 ? 'bd' : 'ad', fdu: 1 },
    { kind: 'taken', type: (['ad', 'bc', 'bd'] as const)[random.below(3)] as 'ad' },
    { kind: 'refused', type: 'ad' },
    {
      kind: 'directive',
      directive: { kind: 'initiate', check: random.below(2) ? 'none' : 'clcw' },
    },
    { kind: 'directive', directive: { kind: 'initiate with V(R)', sequence: random.below(300) } },
    { kind: 'directive', directive: { kind: 'set window', frames: random.below(300) } },
    { kind: 'directive', directive: { kind: random.below(2) ? 'resume' : 'terminate' } },
  ]
  return kinds[random.below(kinds.length)] as FopInput<number>
}
