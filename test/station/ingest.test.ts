import t from 'tap'
import { FramePacker } from '../../onboard/downlink/packer.ts'
import { headerOf } from '../../protocol/cfdp/transmission.ts'
import { CaduEncoder } from '../../protocol/frame/cadu.ts'
import { fieldOctets } from '../../protocol/frame/link.ts'
import { encodeTmFrame } from '../../protocol/frame/tm.ts'
import { FieldFiller } from '../../protocol/packet/fill.ts'
import { encodeSpacePacket } from '../../protocol/packet/space-packet.ts'
import { Ingest } from '../../station/ingest.ts'
import { someTransmission } from '../kit/transmission.ts'
import { settingsFor } from '../sim/settings.ts'

const { spacecraft, station } = settingsFor()
const HEADER = headerOf(someTransmission())

/** `count` frames, a segment in each. */
function frames(count: number, packer = new FramePacker(spacecraft)): readonly Uint8Array[] {
  return Array.from({ length: count }, (_, offset) => {
    const outgoing = { kind: 'segment', header: HEADER, offset, length: 9, isNew: true } as const
    packer.put({ outgoing, octets: new Uint8Array(9) })
    return packer.cadu(0).octets
  })
}

function offsetsOf(ingest: Ingest, octets: Uint8Array): readonly unknown[] {
  return [...ingest.push(octets)].map(({ body }) => body.kind === 'file data' && body.offset)
}

t.test('Ingest counts frames that are missing in the master channel, over its wrap', t => {
  const ingest = new Ingest(station.downlink)
  frames(300).forEach((cadu, i) => {
    if (i !== 5 && i !== 255 && i !== 256) t.strictSame(offsetsOf(ingest, cadu), [i])
  })
  t.strictSame(ingest.frames, { good: 297, corrected: 0, lost: 3, bad: 0 })
  t.strictSame(ingest.pdus, { received: 297, malformed: 0, foreign: 0 })
  t.ok(ingest.isLocked)
  t.equal(ingest.channel.packets.gaps, 3)
  t.equal(ingest.channel.cadus.good, 297)
  t.end()
})

t.test('Ingest.reset() begins a contact: what went before it is not counted as lost', t => {
  const ingest = new Ingest(station.downlink)
  const [first, , , last] = frames(4) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array]
  offsetsOf(ingest, first)
  ingest.reset()
  t.strictSame(offsetsOf(ingest, last), [3])
  t.equal(ingest.frames.lost, 0)
  t.end()
})

t.test('frames that Reed-Solomon corrects, or cannot correct, are counted', t => {
  const ingest = new Ingest(station.downlink)
  const [good, hit, dead, after] = frames(4) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array]
  hit[20] = (hit[20] as number) ^ 0xff
  dead.fill(0x5a, 20, 120)
  for (const cadu of [good, hit, dead]) offsetsOf(ingest, cadu)
  t.strictSame(offsetsOf(ingest, after), [3])
  t.strictSame(ingest.frames, { good: 3, corrected: 1, lost: 1, bad: 1 })
  t.end()
})

t.test('packets of others, and octets that are no PDU, are dropped and counted', t => {
  const { downlink } = station
  const ingest = new Ingest(downlink)
  const filler = new FieldFiller(fieldOctets(downlink))
  const common = { telecommand: false, secondaryHeader: false, flags: 3, count: 0 }
  filler.put(encodeSpacePacket({ ...common, apid: downlink.apid + 1, data: new Uint8Array(4) }))
  filler.put(encodeSpacePacket({ ...common, apid: downlink.apid, data: new Uint8Array(4) }))
  filler.close()
  const filled = filler.take()
  const frame = {
    virtualChannel: downlink.virtualChannel,
    masterCount: 0,
    channelCount: 0,
    firstHeader: filled?.firstHeader as number,
    field: filled?.field as Uint8Array,
    ocf: 0,
  }
  const cadu = new CaduEncoder(downlink).encode(encodeTmFrame(frame, downlink))
  t.strictSame(offsetsOf(ingest, cadu), [])
  t.strictSame(ingest.pdus, { received: 0, malformed: 1, foreign: 1 })
  t.end()
})
