import t from 'tap'
import { aesGcm } from '../../../hal/aes-gcm.ts'
import { TelecommandReceiver } from '../../../onboard/uplink/telecommand.ts'
import { encodePdu } from '../../../protocol/cfdp/pdu/codec.ts'
import type { Ack, Header } from '../../../protocol/cfdp/pdu/pdu.ts'
import { headerOf } from '../../../protocol/cfdp/transmission.ts'
import { decodeClcw } from '../../../protocol/frame/clcw.ts'
import { encodeCltu } from '../../../protocol/frame/cltu.ts'
import type { Security } from '../../../protocol/frame/sdls/association.ts'
import { encodeTcFrame, type TcFrame } from '../../../protocol/frame/tc.ts'
import { OctetWriter } from '../../../protocol/octets/writer.ts'
import { encodeSpacePacket } from '../../../protocol/packet/space-packet.ts'
import { CommandEncoder } from '../../../station/commands.ts'
import { commandOctets } from '../../kit/commands.ts'
import { someTransmission } from '../../kit/transmission.ts'
import { settingsFor } from '../../sim/settings.ts'

const { spacecraft, station } = settingsFor()
const SETTINGS = spacecraft.uplink

const ACK: Ack = { kind: 'ack', of: 'eof', condition: 0, transactionStatus: 1 }

const HEADER: Header = headerOf(someTransmission(), true)

const ACK_PDU = (() => {
  const out = new OctetWriter(64)
  encodePdu({ header: HEADER, body: ACK }, out)
  return Uint8Array.from(out.written())
})()

function frameWith(field: Uint8Array, changes: Partial<TcFrame> = {}): Uint8Array {
  const { spacecraftId, virtualChannel } = SETTINGS
  const frame: TcFrame = {
    spacecraftId,
    virtualChannel,
    bypass: true,
    control: false,
    sequence: 0,
    field,
    ...changes,
  }
  return encodeCltu(encodeTcFrame(frame, { fecf: true }), { randomized: true })
}

function packet(apid: number, data: Uint8Array): Uint8Array {
  const common = { telecommand: true, secondaryHeader: false, flags: 3, count: 0 }
  return encodeSpacePacket({ ...common, apid, data })
}

t.test('TelecommandReceiver hears what a station says, in any pieces', t => {
  const receiver = new TelecommandReceiver(SETTINGS)
  const commands = new CommandEncoder(station.uplink)
  const octets = Uint8Array.from([
    ...commandOctets(commands, HEADER, ACK),
    ...commandOctets(commands, HEADER, ACK),
  ])
  const heard = Array.from(octets, octet => receiver.push(Uint8Array.of(octet))).flat()
  t.equal(heard.length, 2)
  t.strictSame(heard[0]?.header, HEADER)
  t.match(heard[0]?.body, ACK)
  t.strictSame(receiver.counters, {
    frames: 2,
    foreign: 0,
    malformed: 0,
    malformedPdus: 0,
    pdus: 2,
  })
  t.end()
})

t.test('TelecommandReceiver.clcw counts the frames of the bypass service', t => {
  const receiver = new TelecommandReceiver(SETTINGS)
  t.match(decodeClcw(receiver.clcw), { noRf: true, noBitLock: true, farmB: 0 })
  for (let count = 1; count <= 5; count++) {
    receiver.push(frameWith(packet(SETTINGS.apid, Uint8Array.of(0xff))))
    t.match(decodeClcw(receiver.clcw), { noRf: false, noBitLock: false, farmB: count % 4 })
  }
  t.end()
})

t.test('frames for others, and commands that are none, are dropped and counted', t => {
  const receiver = new TelecommandReceiver(SETTINGS)
  const field = packet(SETTINGS.apid, Uint8Array.of(1))
  receiver.push(frameWith(field, { spacecraftId: SETTINGS.spacecraftId + 1 }))
  receiver.push(frameWith(field, { virtualChannel: SETTINGS.virtualChannel + 1 }))
  receiver.push(frameWith(field, { control: true }))
  t.strictSame(receiver.counters, {
    frames: 0,
    foreign: 2,
    malformed: 0,
    malformedPdus: 0,
    pdus: 0,
  })
  t.equal(receiver.farm.counters.refused, 1)
  t.end()
})

t.test('a frame whose error control field is wrong is malformed', t => {
  const receiver = new TelecommandReceiver(SETTINGS)
  const { spacecraftId, virtualChannel } = SETTINGS
  const field = packet(SETTINGS.apid, Uint8Array.of(1))
  const common = { spacecraftId, virtualChannel, bypass: true, control: false, sequence: 0, field }
  const frame = encodeTcFrame(common, { fecf: true })
  frame[frame.length - 1] = (frame.at(-1) as number) ^ 1
  receiver.push(encodeCltu(frame, { randomized: true }))
  t.equal(receiver.counters.malformed, 1)
  t.end()
})

t.test('packets in one frame stand for themselves, up to one that is cut', t => {
  const receiver = new TelecommandReceiver(SETTINGS)
  const foreign = packet(SETTINGS.apid + 1, Uint8Array.of(1, 2))
  const noise = packet(SETTINGS.apid, Uint8Array.of(0, 0))
  const cut = packet(SETTINGS.apid, new Uint8Array(9)).subarray(0, 8)
  receiver.push(frameWith(Uint8Array.from([...foreign, ...noise, ...cut])))
  t.strictSame(receiver.counters, {
    frames: 1,
    foreign: 1,
    malformed: 2,
    malformedPdus: 1,
    pdus: 0,
  })
  t.end()
})

t.test('frames of type AD are taken in order, and the CLCW says what is missing', t => {
  const receiver = new TelecommandReceiver(SETTINGS)
  const say = (sequence: number) =>
    receiver.push(frameWith(packet(SETTINGS.apid, ACK_PDU), { bypass: false, sequence })).length
  t.strictSame([0, 0, 2, 1, 2].map(say), [1, 0, 0, 1, 1])
  t.match(decodeClcw(receiver.clcw), { report: 3, retransmit: false, lockout: false, farmB: 0 })
  t.equal(say(200), 0)
  t.match(decodeClcw(receiver.clcw), { report: 3, lockout: true })
  receiver.push(frameWith(Uint8Array.of(0), { control: true }))
  t.match(decodeClcw(receiver.clcw), { report: 3, lockout: false, farmB: 1 })
  t.strictSame([...receiver.snapshot()], [], 'without SDLS there is nothing to keep')
  t.end()
})

t.test('a packet over several frames is heard when the last of them is', t => {
  const segmentation = { map: 5, packetOctetsMax: 4_000 }
  const ends = settingsFor({ uplink: { segmentation, frameOctetsMax: 40 } })
  const receiver = new TelecommandReceiver(ends.spacecraft.uplink)
  const commands = new CommandEncoder(ends.station.uplink)
  t.equal(commands.pduOctetsMax, 3_994)
  const gaps = Array.from({ length: 100 }, (_, i) => ({ start: 10 * i, end: 10 * i + 5 }))
  const nak = { kind: 'nak', scope: { start: 0, end: 1_000 }, wantsMetadata: false, gaps } as const
  const fields = commands.fields(HEADER, nak)
  t.equal(fields.length, Math.ceil((8 * 101 + 7 + 4 + 6) / 32), 'of 32 octets')
  t.match(receiver.push(commandOctets(commands, HEADER, nak)), [{ body: nak }])
  t.equal(receiver.counters.frames, fields.length)
  t.end()
})

const KEY = new Uint8Array(32).fill(7)

function secured(key = KEY, spi = 3, operational = true) {
  const association = { spi, mode: 'encrypt', aead: aesGcm(key), operational } as const
  const security: Security = {
    spi,
    associations: [association],
    window: 2 ** 48,
    segmented: false,
  }
  return settingsFor({ uplink: { security } })
}

t.test('without a valid MAC nothing gets through, and nothing moves', t => {
  const ours = secured()
  const receiver = new TelecommandReceiver(ours.spacecraft.uplink)
  const refused = (octets: Uint8Array) => {
    t.strictSame(receiver.push(octets), [])
    t.strictSame(receiver.takeRecords(), [])
    t.match(receiver.farm.counters, { accepted: 0, refused: 0, early: 0, duplicate: 0 })
    return receiver.takeNotices()
  }
  const stranger = new CommandEncoder(secured(new Uint8Array(32)).station.uplink)
  t.strictSame(refused(commandOctets(stranger, HEADER, ACK)), [{ why: 'unauthentic', spi: 3 }])
  t.strictSame(refused(commandOctets(stranger, HEADER, ACK)), [], 'told once')
  receiver.reset()
  t.strictSame(refused(commandOctets(stranger, HEADER, ACK)).length, 1, 'and in the next contact')
  const unknown = new CommandEncoder(secured(KEY, 4).station.uplink)
  t.strictSame(refused(commandOctets(unknown, HEADER, ACK)), [{ why: 'unknown', spi: 4 }])
  const plain = packet(SETTINGS.apid, ACK_PDU)
  t.strictSame(refused(frameWith(plain, { bypass: false, sequence: 200 })), [
    { why: 'short', spi: undefined },
  ])
  t.match(decodeClcw(receiver.clcw), { lockout: false, report: 0, noRf: true })
  t.match(receiver.security?.counters, { opened: 0, unauthentic: 3, unknown: 1, short: 1 })

  const idle = new TelecommandReceiver(secured(KEY, 3, false).spacecraft.uplink)
  idle.push(commandOctets(new CommandEncoder(ours.station.uplink), HEADER, ACK))
  t.match(idle.security?.counters, { 'not operational': 1 })
  t.end()
})

t.test('what was taken is in the journal, and is not taken again after a restart', t => {
  const { spacecraft: aboard, station: ashore } = secured()
  const commands = new CommandEncoder(ashore.uplink, 2 ** 40)
  const receiver = new TelecommandReceiver(aboard.uplink)
  const octets = Uint8Array.from([
    ...commandOctets(commands, HEADER, ACK),
    ...commandOctets(commands, HEADER, ACK),
  ])
  t.equal(receiver.push(octets).length, 2)
  const records = receiver.takeRecords()
  t.strictSame(records, [{ kind: 'accepted number', spi: 3, number: String(2 ** 40 + 1) }])
  t.strictSame([...receiver.snapshot()], records)
  t.strictSame(receiver.takeRecords(), [])
  const noise = [
    null,
    { kind: 'accepted number', spi: 3, number: 'many' },
    { kind: 'accepted number', spi: '3', number: '99' },
    { kind: 'accepted number', spi: 3, number: 9 },
    { kind: 'released', sequence: 1 },
  ]
  const again = new TelecommandReceiver(aboard.uplink, [...noise, ...records])
  t.strictSame(again.push(octets), [])
  t.match(again.security?.counters, { replayed: 2, opened: 0 })
  t.equal(again.push(commandOctets(commands, HEADER, ACK)).length, 1)
  t.end()
})

t.test('a secured frame that COP-1 drops does not use its number up', t => {
  const { spacecraft: aboard, station: ashore } = secured()
  const commands = new CommandEncoder(ashore.uplink)
  const receiver = new TelecommandReceiver(aboard.uplink)
  const [field] = commands.fields(HEADER, ACK)
  const early = commands.cltu({ type: 'ad', sequence: 1, fdu: { field: field! } })
  t.strictSame(receiver.push(early), [])
  t.strictSame(receiver.takeRecords(), [])
  t.equal(receiver.farm.counters.early, 1)
  receiver.push(commands.cltu({ type: 'ad', sequence: 0, fdu: { field: field! } }))
  t.match(receiver.takeRecords(), [{ number: '2' }])
  t.end()
})

t.test('control commands are outside of SDLS: they move COP-1, and nothing behind it', t => {
  const receiver = new TelecommandReceiver(secured().spacecraft.uplink)
  t.strictSame(receiver.push(frameWith(Uint8Array.of(0x82, 0, 9), { control: true })), [])
  t.match(decodeClcw(receiver.clcw), { report: 9, farmB: 1 })
  t.strictSame(receiver.takeRecords(), [])
  t.end()
})
