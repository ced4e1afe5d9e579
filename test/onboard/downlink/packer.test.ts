import t from 'tap'
import { FramePacker } from '../../../onboard/downlink/packer.ts'
import { fileDataOverhead } from '../../../protocol/cfdp/pdu/file-data.ts'
import type { Header, Pdu } from '../../../protocol/cfdp/pdu/pdu.ts'
import { headerOf } from '../../../protocol/cfdp/transmission.ts'
import { fieldOctets } from '../../../protocol/frame/link.ts'
import { PACKET_HEADER_OCTETS } from '../../../protocol/packet/space-packet.ts'
import { Ingest } from '../../../station/ingest.ts'
import { someTransmission } from '../../kit/transmission.ts'
import { type LinkChoice, settingsFor } from '../../sim/settings.ts'

const HEADER: Header = headerOf(someTransmission())
const AROUND = PACKET_HEADER_OCTETS + fileDataOverhead(HEADER)

function packerFor(choice: LinkChoice) {
  const { spacecraft, station } = settingsFor(choice)
  return {
    field: fieldOctets(spacecraft.downlink),
    packer: new FramePacker(spacecraft),
    ingest: new Ingest(station.downlink),
  }
}

function segment(length: number, offset = 0, header = HEADER) {
  const outgoing = { kind: 'segment', header, offset, length, isNew: true } as const
  return { outgoing, octets: new Uint8Array(length).fill(7) }
}

function directive() {
  const body = {
    kind: 'eof',
    condition: 0,
    checksum: 7,
    fileSize: 800,
    faultLocation: undefined,
  } as const
  return { kind: 'directive', header: HEADER, body } as const
}

/** Copies, for a PDU is borrowed until the next is taken. */
function heard(ingest: Ingest, cadu: Uint8Array): readonly Pdu[] {
  const pdus: Pdu[] = []
  ingest.push(cadu, pdu => pdus.push(structuredClone(pdu)))
  return pdus
}

t.test('FramePacker packs packets behind each other and over frames', t => {
  const { packer, field, ingest } = packerFor({})
  packer.put(segment(100))
  t.notOk(packer.isFull)
  packer.put(segment(field, 100))
  t.ok(packer.isFull)
  const first = heard(ingest, packer.cadu(0).octets)
  t.equal(first.length, 1)
  const { octets, isIdle } = packer.cadu(0)
  t.notOk(isIdle)
  const second = heard(ingest, octets)
  t.match(second, [{ header: HEADER, body: { kind: 'file data', offset: 100 } }])
  t.strictSame(packer.counters, { sent: 2, idle: 0 })
  t.end()
})

t.test('with nothing to say a frame is idle, on its own virtual channel', t => {
  const { packer, ingest } = packerFor({})
  for (let i = 0; i < 300; i++) {
    if (i % 3 === 0) packer.put(segment(10, i))
    const { octets, isIdle } = packer.cadu(0xabcd)
    t.equal(isIdle, i % 3 !== 0)
    t.equal(heard(ingest, octets).length, isIdle ? 0 : 1)
  }
  t.strictSame(packer.counters, { sent: 300, idle: 200 })
  t.match(ingest.frames, { good: 300, lost: 0 })
  t.equal(ingest.channel.packets.gaps, 0)
  t.equal(ingest.ocf, 0xabcd)
  t.end()
})

t.test('AOS frames carry the same, an urgent channel and idle frames among them', t => {
  const format = { frame: 'aos', fhec: true, insertOctets: 5 } as const
  const { packer, ingest } = packerFor({ format, urgentChannel: 61 })
  let pdus = 0
  for (let i = 0; i < 600; i++) {
    if (i % 3 === 0) packer.put(segment(10, i))
    if (i % 3 === 1) packer.put({ outgoing: directive(), octets: new Uint8Array(0) })
    const { octets, isIdle } = packer.cadu(0xabcd)
    t.equal(isIdle, i % 3 === 2)
    pdus += heard(ingest, octets).length
  }
  t.equal(pdus, 400)
  t.strictSame(packer.counters, { sent: 600, idle: 200 })
  t.match(ingest.frames, { good: 600, lost: 0, bad: 0 })
  t.equal(ingest.channel.packets.gaps, 0)
  t.equal(ingest.ocf, 0xabcd)
  t.end()
})

t.test('a link without operational control field carries none', t => {
  const { packer, ingest } = packerFor({ format: { ocf: false } })
  heard(ingest, packer.cadu(5).octets)
  t.equal(ingest.frames.good, 1)
  t.equal(ingest.ocf, undefined)
  t.end()
})

t.test('segmentOctets() is what was configured; asked for again, what fits its frame', t => {
  const { packer, field } = packerFor({ cfdp: { segmentOctets: 4_000 } })
  packer.align(HEADER, false)
  t.equal(packer.segmentOctets(HEADER, false), 4_000)
  t.equal(packer.segmentOctets(HEADER, true), field - AROUND)
  packer.put(segment(100))
  packer.align(HEADER, true)
  t.equal(packer.segmentOctets(HEADER, true), field - AROUND - 100 - AROUND, 'the one begun')
  const short = packerFor({ cfdp: { segmentOctets: 30 } })
  t.equal(short.packer.segmentOctets(HEADER, true), 30)
  t.end()
})

t.test('in aligned mode a segment ends where its frame ends, with either size of offset', t => {
  for (const largeFile of [false, true]) {
    const { packer, ingest } = packerFor({ cfdp: { aligned: true, segmentOctets: 4_000 } })
    const header = { ...HEADER, largeFile }
    for (let i = 0; i < 20; i++) {
      packer.align(HEADER, i % 2 === 0)
      packer.put(segment(packer.segmentOctets(header, i % 2 === 0), i, header))
      t.ok(packer.isFull)
      t.equal(heard(ingest, packer.cadu(0).octets).length, 1)
    }
  }
  t.end()
})

t.test('in aligned mode too little room is filled up', t => {
  const { packer, field, ingest } = packerFor({ cfdp: { aligned: true, segmentOctets: 4_000 } })
  packer.put(segment(field - 2 * AROUND - 20))
  packer.align(HEADER, false)
  t.ok(packer.isFull)
  t.equal(heard(ingest, packer.cadu(0).octets).length, 1)
  packer.align(HEADER, false)
  t.equal(packer.segmentOctets(HEADER, false), field - AROUND)
  t.end()
})

t.test('put() refuses octets that are not those of the segment: a fault of ours', t => {
  const { packer } = packerFor({})
  const { outgoing } = segment(10, 30)
  t.throws(() => packer.put({ outgoing, octets: new Uint8Array(9) }), {
    message: 'Cannot send 10 octets at 30: 9 were read',
  })
  t.end()
})

t.test('a CADU that came back is written over, and only so many are kept', t => {
  const { packer, ingest } = packerFor({})
  const lent = Array.from({ length: 70 }, () => packer.cadu(0).octets)
  t.equal(new Set(lent).size, 70, 'each is another one as long as none comes back')
  for (const cadu of lent) packer.release(cadu)
  packer.put(segment(100))
  const { octets } = packer.cadu(0)
  t.ok(lent.includes(octets))
  t.equal(heard(ingest, octets).length, 1)
  const again = Array.from({ length: 69 }, () => packer.cadu(0).octets)
  t.equal(again.filter(cadu => lent.includes(cadu)).length, 63)
  t.end()
})

function eof(fileSize: number) {
  const body = {
    kind: 'eof',
    condition: 0,
    checksum: 0,
    fileSize,
    faultLocation: undefined,
  } as const
  return {
    outgoing: { kind: 'directive', header: HEADER, body } as const,
    octets: new Uint8Array(0),
  }
}

t.test('urgent PDUs go first, on a virtual channel of their own', t => {
  const { packer, field, ingest } = packerFor({ urgentChannel: 3 })
  packer.put(segment(4 * field))
  packer.put(eof(1))
  packer.put(eof(2))
  t.notOk(packer.isEmpty)
  t.match(heard(ingest, packer.cadu(0).octets), [
    { body: { kind: 'eof', fileSize: 1 } },
    { body: { kind: 'eof', fileSize: 2 } },
  ])
  const rest = Array.from({ length: 5 }, () => heard(ingest, packer.cadu(0).octets)).flat()
  t.match(rest, [{ body: { kind: 'file data' } }])
  t.ok(packer.isEmpty)
  t.ok(packer.cadu(0).isIdle)
  t.equal(ingest.frames.lost, 0)
  ingest.reset()
  t.end()
})

t.test('file data have their turn, however many urgent PDUs there are', t => {
  const { packer, field, ingest } = packerFor({ urgentChannel: 3 })
  packer.put(segment(2 * field))
  let frames = 0
  for (let done = false; !done && frames < 100; frames++) {
    packer.put(eof(frames))
    done = heard(ingest, packer.cadu(0).octets).some(({ body }) => body.kind === 'file data')
  }
  t.equal(frames, 27, 'three frames of its own, behind eight others each')
  t.end()
})

t.test('frames of channels that the station was not told of are left alone', t => {
  const { packer } = packerFor({ urgentChannel: 3 })
  const { ingest } = packerFor({})
  packer.put(eof(1))
  t.strictSame(heard(ingest, packer.cadu(0).octets), [])
  t.equal(ingest.frames.good, 1)
  t.end()
})
