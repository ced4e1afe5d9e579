import t from 'tap'
import { TelecommandReceiver } from '../../onboard/uplink/telecommand.ts'
import { gapsPerNak } from '../../protocol/cfdp/pdu/nak.ts'
import type { Header, Nak } from '../../protocol/cfdp/pdu/pdu.ts'
import { headerOf } from '../../protocol/cfdp/transmission.ts'
import { CommandEncoder } from '../../station/commands.ts'
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
    const octets = commands.encode(HEADER, nak)
    t.ok(octets.length <= commands.octetsMax, `${octets.length} of ${commands.octetsMax}`)
    t.match(receiver.push(octets), [{ header: HEADER, body: nak }])
    t.equal(commands.sent, 1)
    t.end()
  },
)
