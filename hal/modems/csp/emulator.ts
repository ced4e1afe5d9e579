/** A radio as the AX100: routes CSP packets of other nodes to the air, and answers a ping of its own. */
import type { ModemEmulator } from '../emulator.ts'
import { encodeKiss, KISS, KissDecoder } from '../kiss/frame.ts'
import { type Desk, type Emulation, type Firmware, RadioEmulator } from '../radio.ts'
import { type CspFormat, decodeCsp, encodeCsp, openCsp, sealCsp } from './packet.ts'

export interface CspEmulation extends Emulation, CspFormat {
  /** The radio's own address. */
  readonly radio: number
}

export function cspEmulator(emulation: CspEmulation): ModemEmulator {
  return new RadioEmulator(cspFirmware(emulation), BUFFER_FRAMES, emulation)
}

function cspFirmware({ radio, ...format }: CspEmulation): Firmware {
  const decoder = new KissDecoder(PACKET_OCTETS_MAX)
  const toHost = (packet: Uint8Array) =>
    encodeKiss({ port: 0, command: KISS.data, octets: sealCsp(packet, format) })
  const take = (sealed: Uint8Array, desk: Desk): void => {
    const octets = openCsp(sealed, format.version)
    const packet = octets && decodeCsp(octets, format.version)
    if (octets === undefined || packet === undefined) return
    if (packet === 'foreign' || packet.destination !== radio) return void desk.send(octets)
    if (packet.destinationPort !== PING_PORT) return
    const { source, sourcePort, destination, destinationPort } = packet
    const turned = { source: destination, destination: source }
    const ports = { sourcePort: destinationPort, destinationPort: sourcePort }
    const pong = encodeCsp({ ...packet, ...turned, ...ports }, format)
    desk.answer(toHost(pong))
  }
  return {
    host(octets, desk) {
      for (const frame of decoder.push(octets))
        if (frame.command === KISS.data) take(frame.octets, desk)
    },
    air: (octets, desk) => desk.tell(toHost(octets)),
    reboot: () => decoder.reset(),
  }
}

const PING_PORT = 1
const PACKET_OCTETS_MAX = 4_096
const BUFFER_FRAMES = 8
