import t from 'tap'
import { TelecommandReceiver } from '../../../onboard/uplink/telecommand.ts'
import type { Ack, Header } from '../../../protocol/cfdp/pdu/pdu.ts'
import { headerOf } from '../../../protocol/cfdp/transmission.ts'
import { decodeClcw } from '../../../protocol/frame/clcw.ts'
import { encodeCltu } from '../../../protocol/frame/cltu.ts'
import { encodeTcFrame, type TcFrame } from '../../../protocol/frame/tc.ts'
import { encodeSpacePacket } from '../../../protocol/packet/space-packet.ts'
import { CommandEncoder } from '../../../station/commands.ts'
import { someTransmission } from '../../kit/transmission.ts'
import { settingsFor } from '../../sim/settings.ts'

const { spacecraft, station } = settingsFor()
const SETTINGS = spacecraft.uplink

const ACK: Ack = { kind: 'ack', of: 'eof', condition: 0, transactionStatus: 1 }

const HEADER: Header = headerOf(someTransmission(), true)

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
  const octets = Uint8Array.from([...commands.encode(HEADER, ACK), ...commands.encode(HEADER, ACK)])
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

t.test('frames for others, and of services that are not there, are dropped and counted', t => {
  const receiver = new TelecommandReceiver(SETTINGS)
  const field = packet(SETTINGS.apid, Uint8Array.of(1))
  receiver.push(frameWith(field, { spacecraftId: SETTINGS.spacecraftId + 1 }))
  receiver.push(frameWith(field, { virtualChannel: SETTINGS.virtualChannel + 1 }))
  receiver.push(frameWith(field, { bypass: false }))
  receiver.push(frameWith(field, { control: true }))
  t.strictSame(receiver.counters, {
    frames: 0,
    foreign: 4,
    malformed: 0,
    malformedPdus: 0,
    pdus: 0,
  })
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
