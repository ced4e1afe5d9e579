/** An OpenLST radio: executes what is for itself, sends all else, and drops what its one buffer has no room for. */
import type { ModemEmulator } from '../emulator.ts'
import { type Desk, type Emulation, type Firmware, RadioEmulator } from '../radio.ts'
import { encodeOpenLst, OPENLST, type OpenLstFrame, openLstReader } from './frame.ts'

export interface OpenLstEmulation extends Emulation {
  readonly address: number
}

export function openLstEmulator(emulation: OpenLstEmulation): ModemEmulator {
  return new RadioEmulator(openLstFirmware(emulation.address), BUFFER_FRAMES, emulation)
}

function openLstFirmware(address: number): Firmware {
  const decoder = openLstReader(() => true)
  return {
    host(octets, desk) {
      for (const frame of decoder.push(octets)) take(frame, address, desk)
    },
    air: (octets, desk) => desk.tell(octets),
    reboot: () => decoder.reset(),
  }
}

function take(frame: OpenLstFrame, address: number, desk: Desk): void {
  const { system, command } = frame
  if (system !== OPENLST.radio || frame.address !== address) desk.send(encodeOpenLst(frame))
  else if (command === OPENLST.getTelemetry)
    desk.answer(encodeOpenLst({ ...frame, command: OPENLST.telemetry, data: TELEMETRY }))
  else desk.answer(encodeOpenLst({ ...frame, command: OPENLST.nack, data: new Uint8Array(0) }))
}

/** A reserved octet, an uptime of 4,660 s, and nothing of the rest. */
const TELEMETRY = Uint8Array.of(0, 0x34, 0x12, 0, 0, 0, 0, 0, 0)
const BUFFER_FRAMES = 4
