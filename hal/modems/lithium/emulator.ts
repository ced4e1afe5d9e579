/** A Lithium-1 radio: takes frames while its buffer has room, and says whether it did. */
import type { ModemEmulator } from '../emulator.ts'
import { type Desk, type Emulation, RadioEmulator } from '../radio.ts'
import { encodeLithium, LITHIUM, type LithiumFrame, lithiumReader } from './frame.ts'

export function lithiumEmulator(emulation: Emulation): ModemEmulator {
  const decoder = lithiumReader()
  const firmware = {
    host(octets: Uint8Array, desk: Desk) {
      for (const frame of decoder.push(octets)) take(frame, desk)
    },
    air(octets: Uint8Array, desk: Desk) {
      const body = { kind: 'payload', octets } as const
      desk.tell(encodeLithium({ toRadio: false, command: LITHIUM.receive, body }))
    },
    reboot: () => decoder.reset(),
  }
  return new RadioEmulator(firmware, BUFFER_FRAMES, emulation)
}

function take({ toRadio, command, body }: LithiumFrame, desk: Desk): void {
  if (!toRadio) return
  const isTransmit = command === LITHIUM.transmit && body.kind === 'payload'
  const isDone = isTransmit ? desk.send(body.octets) : command === LITHIUM.noop
  desk.answer(
    encodeLithium({ toRadio: false, command, body: { kind: isDone ? 'done' : 'not done' } }),
  )
}

const BUFFER_FRAMES = 3
