/** A TNC as direwolf is one: takes KISS frames into its queue, and says how long that is when it is asked. */
import type { Instant } from '../../../protocol/machine.ts'
import type { ModemEmulator } from '../emulator.ts'
import { type Desk, type Emulation, type Firmware, RadioEmulator } from '../radio.ts'
import { encodeKiss, KISS, KissDecoder, type KissFrame } from './frame.ts'

/** With `utcMs` it sends a timestamp before each frame, as gr-satellites does. */
export function kissEmulator(
  emulation: Emulation & { readonly utcMs?: (now: Instant) => number },
): ModemEmulator {
  return new RadioEmulator(kissFirmware(emulation.utcMs), BUFFER_FRAMES, emulation)
}

function kissFirmware(utcMs: ((now: Instant) => number) | undefined): Firmware {
  const decoder = new KissDecoder(FRAME_OCTETS_MAX)
  return {
    host(octets, desk) {
      for (const frame of decoder.push(octets)) take(frame, desk)
    },
    air(octets, desk, now) {
      if (utcMs !== undefined) {
        const time = new Uint8Array(8)
        new DataView(time.buffer).setBigUint64(0, BigInt(utcMs(now)))
        desk.tell(encodeKiss({ port: 0, command: KISS.timestamp, octets: time }))
      }
      desk.tell(encodeKiss({ port: 0, command: KISS.data, octets }))
    },
    reboot: () => decoder.reset(),
  }
}

function take({ port, command, octets }: KissFrame, desk: Desk): void {
  if (command === KISS.data) desk.send(octets)
  if (command !== KISS.setHardware) return
  const question = new TextDecoder('latin1').decode(octets)
  if (question === 'TNC:') desk.tell(hardware(port, 'EMULATED 1.0'))
  else if (question === 'TXBUF:') desk.answer(hardware(port, `TXBUF:${desk.queuedOctets}`))
}

function hardware(port: number, text: string): Uint8Array {
  return encodeKiss({ port, command: KISS.setHardware, octets: new TextEncoder().encode(text) })
}

const FRAME_OCTETS_MAX = 2_048 + 16
const BUFFER_FRAMES = 64
