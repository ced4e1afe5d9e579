/** ISIS' TXS on an emulated bus: it starts switched off, and its buffer is of octets. */
import type { Instant } from '../../../protocol/machine.ts'
import { encodeTransferAnswer, type Transfer, transferDecoder } from '../bus/transfer.ts'
import type { ModemEmulator } from '../emulator.ts'
import { type Desk, type Emulation, type Firmware, RadioEmulator } from '../radio.ts'
import { TXS, type TxsCommands } from './driver.ts'

/** @param commands of its own: the maker's are not public */
export function txsEmulator(emulation: Emulation, commands: TxsCommands = COMMANDS): ModemEmulator {
  return new RadioEmulator(new TxsFirmware(commands), Infinity, emulation)
}

export const COMMANDS: TxsCommands = { send: 0x10, state: 0x20, housekeeping: 0x30 }

class TxsFirmware implements Firmware {
  readonly #commands: TxsCommands
  readonly #decoder = transferDecoder()
  #isOn = false
  #startedAt: Instant = 0

  constructor(commands: TxsCommands) {
    this.#commands = commands
  }

  host(octets: Uint8Array, desk: Desk, now: Instant): void {
    for (const transfer of this.#decoder.push(octets)) {
      const answer = this.#answer(transfer, desk, now)
      desk.answer(encodeTransferAnswer({ tag: transfer.tag, isDone: true, octets: answer }))
    }
  }

  /** It only sends. */
  air(): void {}

  /** The bus goes on. */
  reboot(_desk: Desk, now: Instant): void {
    this.#isOn = false
    this.#startedAt = now
  }

  #answer({ write, read }: Transfer, desk: Desk, now: Instant): Uint8Array {
    const { send, state, housekeeping } = this.#commands
    const [command, argument] = write
    const answer = new Uint8Array(read)
    if (command === send) this.#send(write.slice(1), desk)
    else if (command === state) this.#isOn = argument === TXS.on
    if (command !== send && command !== housekeeping) return answer
    const view = new DataView(answer.buffer)
    if (command === housekeeping) {
      view.setUint8(0, this.#isOn ? TXS.on : TXS.off)
      view.setUint32(2, Math.floor((now - this.#startedAt) / 1_000), true)
    }
    view.setUint16(read - 4, BUFFER_OCTETS - desk.queuedOctets, true)
    view.setUint16(read - 2, FRAME_OCTETS_MAX, true)
    return answer
  }

  /** What it has no room for, or is not on for, is lost without a word. */
  #send(frame: Uint8Array, desk: Desk): void {
    const hasRoom = desk.queuedOctets + frame.length <= BUFFER_OCTETS
    if (this.#isOn && hasRoom && frame.length <= FRAME_OCTETS_MAX) desk.send(frame)
  }
}

const BUFFER_OCTETS = 8_192
const FRAME_OCTETS_MAX = 1_024
