import t from 'tap'
import { TelecommandReceiver } from '../../onboard/uplink/telecommand.ts'
import { gapsPerNak } from '../../protocol/cfdp/pdu/nak.ts'
import type { Header, Nak } from '../../protocol/cfdp/pdu/pdu.ts'
import { headerOf } from '../../protocol/cfdp/transmission.ts'
import { decodeSpacePacket } from '../../protocol/packet/space-packet.ts'
import { CommandEncoder } from '../../station/commands.ts'
import type { EdgeSettings } from '../../station/settings.ts'
import { commandOctets, securityOf } from '../kit/commands.ts'
import { someTransmission } from '../kit/transmission.ts'
import { settingsFor } from '../sim/settings.ts'

const { spacecraft, station } = settingsFor()
const HEADER: Header = headerOf(someTransmission({ entityOctets: 2 }), true)

t.test(
  'the largest PDU that CommandEncoder promises fits a frame, and the room that it asks for',
  t => {
    const commands = new CommandEncoder(station.uplink)
    const receiver = new TelecommandReceiver(spacecraft.uplink)
    const gaps = Array.from({ length: gapsPerNak(commands.pduOctetsMax, HEADER) }, (_, i) => ({
      start: 100 * i,
      end: 100 * i + 50,
    }))
    const nak: Nak = { kind: 'nak', scope: { start: 0, end: 10_000 }, wantsMetadata: false, gaps }
    const octets = commandOctets(commands, HEADER, nak)
    t.ok(octets.length <= commands.octetsMax, `${octets.length} of ${commands.octetsMax}`)
    t.match(receiver.push(octets), [{ header: HEADER, body: nak }])
    t.end()
  },
)

t.test('CommandEncoder.pduOctetsMax leaves room for what stands around a PDU', t => {
  const max = (uplink: Partial<EdgeSettings['uplink']>) =>
    new CommandEncoder(settingsFor({ uplink }).station.uplink).pduOctetsMax
  t.equal(max({}), 256 - 7 - 6)
  t.equal(max({ security: securityOf(1) }), 256 - 7 - 6 - 30)
  t.equal(max({ segmentation: { map: 0, packetOctetsMax: 5_000 } }), 5_000 - 6)
  t.end()
})

t.test('a secured PDU over several frames is heard', t => {
  const segmentation = { map: 0, packetOctetsMax: 5_000 }
  const security = { ...securityOf(1), segmented: true }
  const ends = settingsFor({ uplink: { segmentation, security, frameOctetsMax: 64 } })
  const commands = new CommandEncoder(ends.station.uplink)
  const gaps = Array.from({ length: 20 }, (_, i) => ({ start: 100 * i, end: 100 * i + 50 }))
  const nak: Nak = { kind: 'nak', scope: { start: 0, end: 9_000 }, wantsMetadata: false, gaps }
  const receiver = new TelecommandReceiver(ends.spacecraft.uplink)
  t.match(receiver.push(commandOctets(commands, HEADER, nak)), [{ header: HEADER, body: nak }])
  t.equal(receiver.security?.counters.opened, Math.ceil((168 + 14 + 6) / 26))
  t.end()
})

t.test('control commands leave in the clear, secured or not: SDLS is not for them', t => {
  const frames = [{ kind: 'unlock' }, { kind: 'set V(R)', sequence: 7 }] as const
  for (const command of frames) {
    const [secured, plain] = [securityOf(1), undefined].map(security =>
      new CommandEncoder(settingsFor({ uplink: { security } }).station.uplink).cltu({
        type: 'bc',
        command,
      }),
    )
    t.strictSame(secured, plain)
  }
  t.end()
})

t.test('a packet leaves unsegmented, counted, with nothing but fill behind it', t => {
  const commands = new CommandEncoder(station.uplink)
  const ack = { kind: 'ack', of: 'eof', condition: 0, transactionStatus: 1 } as const
  const packets = [0, 1, 2].map(() => {
    const [field] = commands.fields(HEADER, ack)
    const received = decodeSpacePacket(field!)
    if (received.kind === 'malformed') throw new Error(received.why)
    t.equal(received.length, field!.length)
    return received.packet
  })
  t.match(packets, [
    { count: 0, flags: 3, telecommand: true },
    { count: 1, flags: 3 },
    { count: 2, flags: 3 },
  ])
  t.end()
})
