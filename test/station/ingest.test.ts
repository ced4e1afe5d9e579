import t from 'tap'
import { FramePacker } from '../../onboard/downlink/packer.ts'
import { encodePdu } from '../../protocol/cfdp/pdu/codec.ts'
import type { Eof, Pdu } from '../../protocol/cfdp/pdu/pdu.ts'
import { headerOf } from '../../protocol/cfdp/transmission.ts'
import { encodeHousekeeping } from '../../protocol/command/housekeeping.ts'
import { CaduEncoder } from '../../protocol/frame/cadu.ts'
import { fieldOctets } from '../../protocol/frame/link.ts'
import { encodeTmFrame } from '../../protocol/frame/tm.ts'
import { OctetWriter } from '../../protocol/octets/writer.ts'
import { FieldFiller, type FilledField } from '../../protocol/packet/fill.ts'
import { packetsOf } from '../../protocol/packet/sequence.ts'
import { encodeSpacePacket } from '../../protocol/packet/space-packet.ts'
import { Ingest } from '../../station/ingest.ts'
import { someHousekeeping } from '../kit/housekeeping.ts'
import { someTransmission } from '../kit/transmission.ts'
import { settingsFor } from '../sim/settings.ts'

const { spacecraft, station } = settingsFor()
const HEADER = headerOf(someTransmission())
const EOF: Eof = { kind: 'eof', condition: 0, checksum: 7, fileSize: 800, faultLocation: undefined }

/** `count` frames, a segment in each. */
function frames(count: number, packer = new FramePacker(spacecraft)): readonly Uint8Array[] {
  return Array.from({ length: count }, (_, offset) => {
    const outgoing = { kind: 'segment', header: HEADER, offset, length: 9, isNew: true } as const
    packer.put({ outgoing, octets: new Uint8Array(9) })
    return packer.cadu(0).octets
  })
}

function offsetsOf(ingest: Ingest, octets: Uint8Array): readonly unknown[] {
  const offsets: unknown[] = []
  ingest.push(octets, ({ body }) => offsets.push(body.kind === 'file data' && body.offset))
  return offsets
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

t.test(
  'Ingest counts missing AOS frames by their channels, and none when the counts begin anew',
  t => {
    const aos = settingsFor({ format: { frame: 'aos' } })
    const ingest = new Ingest(aos.station.downlink)
    const before = new FramePacker(aos.spacecraft)
    frames(300, before).forEach((cadu, i) => {
      if (i !== 5 && i !== 255 && i !== 256) t.strictSame(offsetsOf(ingest, cadu), [i])
    })
    t.match(ingest.frames, { good: 297, lost: 3, bad: 0 })
    for (let i = 0; i < 4; i++) {
      const { octets, isIdle } = before.cadu(0)
      t.ok(isIdle)
      if (i !== 1) offsetsOf(ingest, octets)
    }
    t.match(ingest.frames, { good: 300, lost: 4 })
    t.equal(ingest.channel.packets.gaps, 3)
    t.strictSame(offsetsOf(ingest, frames(1, new FramePacker(aos.spacecraft))[0]!), [0])
    t.match(ingest.frames, { good: 301, lost: 4 })
    t.equal(ingest.channel.packets.gaps, 3)
    t.end()
  },
)

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

t.test('a PDU over several packets is heard, and one with a part missing is not', t => {
  const { downlink } = station
  const out = new OctetWriter(100)
  encodePdu({ header: headerOf(someTransmission()), body: EOF }, out)
  const about = { telecommand: false, secondaryHeader: false, apid: downlink.apid, flags: 3 }
  const parts = [...packetsOf({ ...about, count: 0, data: out.written() }, 5)]
  t.ok(parts.length > 2)
  for (const [packets, heard] of [
    [parts, [EOF]],
    [parts.slice(1), []],
  ] as const) {
    const ingest = new Ingest(downlink)
    const filler = new FieldFiller(fieldOctets(downlink))
    for (const packet of packets) filler.put(encodeSpacePacket(packet))
    filler.close()
    const { field, firstHeader } = filler.take() as FilledField
    const counts = { masterCount: 0, channelCount: 0, ocf: 0 }
    const about = { virtualChannel: downlink.virtualChannel, firstHeader, field }
    const frame = encodeTmFrame({ ...about, ...counts }, downlink)
    const pdus: Pdu[] = []
    ingest.push(new CaduEncoder(downlink).encode(frame), pdu => pdus.push(structuredClone(pdu)))
    t.match(
      pdus.map(({ body }) => body),
      heard,
    )
    t.equal(pdus.length, heard.length)
  }
  t.end()
})

t.test('Ingest.takeOcf() answers each word once', t => {
  const ingest = new Ingest(station.downlink)
  t.equal(ingest.takeOcf(), undefined)
  const { octets } = new FramePacker(spacecraft).cadu(0xabcd)
  t.strictSame(offsetsOf(ingest, octets), [])
  t.equal(ingest.takeOcf(), 0xabcd)
  t.equal(ingest.takeOcf(), undefined)
  t.equal(ingest.ocf, 0xabcd)
  t.end()
})

t.test('what is no housekeeping on its channel is counted, and changes nothing', t => {
  const { downlink } = station
  const { apid, virtualChannel } = downlink.housekeeping
  const report = encodeHousekeeping(someHousekeeping({ starts: 3 }))
  const heard = (ofApid: number, data: Uint8Array) => {
    const ingest = new Ingest(downlink)
    const filler = new FieldFiller(fieldOctets(downlink))
    const header = { telecommand: false, secondaryHeader: false, flags: 3, count: 0 }
    filler.put(encodeSpacePacket({ ...header, apid: ofApid, data }))
    filler.close()
    const counts = { virtualChannel, masterCount: 0, channelCount: 0, ocf: 0 }
    const frame = encodeTmFrame({ ...counts, ...(filler.take() as FilledField) }, downlink)
    t.strictSame(offsetsOf(ingest, new CaduEncoder(downlink).encode(frame)), [])
    return { starts: ingest.takeHousekeeping()?.starts, foreign: ingest.pdus.foreign }
  }
  t.strictSame(heard(apid, report), { starts: 3, foreign: 0 })
  t.strictSame(heard(apid + 1, report), { starts: undefined, foreign: 1 })
  t.strictSame(heard(apid, report.subarray(0, 9)), { starts: undefined, foreign: 1 })
  t.end()
})
