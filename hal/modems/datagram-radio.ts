/** A modem that takes datagrams and sends each as it is: a modulator behind UDP, and the receiver at the other end. */
import type { ModemEmulator } from './emulator.ts'
import { type Emulation, RadioEmulator } from './radio.ts'

export function datagramEmulator(emulation: Emulation): ModemEmulator {
  const firmware = {
    host: (octets: Uint8Array, desk: { send(frame: Uint8Array): boolean }) =>
      void desk.send(octets.slice()),
    air: (octets: Uint8Array, desk: { tell(octets: Uint8Array): void }) => desk.tell(octets),
    reboot: () => {},
  }
  return new RadioEmulator(firmware, BUFFER_FRAMES, emulation)
}

const BUFFER_FRAMES = 4
