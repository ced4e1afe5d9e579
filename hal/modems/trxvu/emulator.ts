/** ISIS' TRXVU on an emulated bus: a buffer of frames to send, one of frames heard, and a watchdog that restarts it. */
import type { Instant } from '../../../protocol/machine.ts'
import { encodeTransferAnswer, type Transfer, transferDecoder } from '../bus/transfer.ts'
import type { ModemEmulator } from '../emulator.ts'
import { type Desk, type Emulation, type Firmware, RadioEmulator } from '../radio.ts'
import { TRXVU } from './driver.ts'

export function trxvuEmulator(emulation: Emulation): ModemEmulator {
  return new RadioEmulator(new TrxvuFirmware(), BUFFER_FRAMES, emulation)
}

class TrxvuFirmware implements Firmware {
  readonly #decoder = transferDecoder()
  #heard: Uint8Array[] = []
  #startedAt: Instant = 0
  #fedAt: Instant = 0

  host(octets: Uint8Array, desk: Desk, now: Instant): void {
    for (const transfer of this.#decoder.push(octets)) {
      if (now > this.#fedAt + WATCHDOG_MS) this.reboot(desk, now)
      const answer = this.#answer(transfer, desk, now)
      desk.answer(encodeTransferAnswer({ tag: transfer.tag, isDone: true, octets: answer }))
    }
  }

  air(frame: Uint8Array): void {
    if (this.#heard.length < HEARD_FRAMES) this.#heard.push(frame)
  }

  /** The bus goes on: only the radio forgets. */
  reboot(_desk: Desk, now: Instant): void {
    this.#heard = []
    this.#startedAt = now
    this.#fedAt = now
  }

  #answer({ write, read }: Transfer, desk: Desk, now: Instant): Uint8Array {
    const answer = new Uint8Array(read)
    const view = new DataView(answer.buffer)
    const [first] = this.#heard
    const [command = 0] = write
    switch (command) {
      case TRXVU.sendFrame:
        answer[0] = desk.send(write.slice(1)) ? Math.max(0, desk.slots) : TRXVU.refused
        break
      case TRXVU.frameCount:
        view.setUint16(0, this.#heard.length, true)
        break
      case TRXVU.readFrame:
        view.setUint16(0, first?.length ?? 0, true)
        answer.set(first ?? [], TRXVU.heardHeadOctets)
        break
      case TRXVU.removeFrame:
        this.#heard.shift()
        break
      case TRXVU.uptime:
        view.setUint32(0, Math.floor((now - this.#startedAt) / 1_000), true)
        break
      case TRXVU.watchdog:
        this.#fedAt = now
        break
    }
    return answer
  }
}

const BUFFER_FRAMES = 39
const HEARD_FRAMES = 40
const WATCHDOG_MS = 60_000
