/**
 * The uplink as the spacecraft hears it: octets -> CLTU -> TC frame -> packets -> PDUs. Frames of the bypass
 * service (BD) are taken; the CLCW that goes down in every frame says how many. CCSDS 232.0-B-4, 232.1-B-2.
 */
import { parsePdu } from '../../protocol/cfdp/pdu/codec.ts'
import type { Pdu } from '../../protocol/cfdp/pdu/pdu.ts'
import { encodeClcw } from '../../protocol/frame/clcw.ts'
import { CltuDecoder } from '../../protocol/frame/cltu.ts'
import { decodeTcFrame } from '../../protocol/frame/tc.ts'
import { decodeSpacePacket } from '../../protocol/packet/space-packet.ts'
import type { SpacecraftSettings } from '../settings.ts'

export class TelecommandReceiver {
  readonly #settings: SpacecraftSettings['uplink']
  readonly #cltus: CltuDecoder
  #bypassed = 0
  /** Frames, packets and PDUs are malformed; of these, so many are PDUs. */
  readonly counters = { frames: 0, foreign: 0, malformed: 0, malformedPdus: 0, pdus: 0 }

  constructor(settings: SpacecraftSettings['uplink']) {
    this.#settings = settings
    this.#cltus = new CltuDecoder({ randomized: settings.randomized })
  }

  /** What the operational control field says now. */
  get clcw(): number {
    const heard = this.counters.frames > 0
    return encodeClcw({
      status: 0,
      cop: 1,
      virtualChannel: this.#settings.virtualChannel,
      noRf: !heard,
      noBitLock: !heard,
      lockout: false,
      wait: false,
      retransmit: false,
      farmB: this.#bypassed % 4,
      report: 0,
    })
  }

  /** The PDUs that became whole with these octets; borrowed until the next call. */
  push(octets: Uint8Array): readonly Pdu[] {
    this.#cltus.push(octets)
    const pdus: Pdu[] = []
    for (let frame = this.#cltus.next(); frame !== undefined; frame = this.#cltus.next())
      pdus.push(...this.#frame(frame))
    return pdus
  }

  #frame(octets: Uint8Array): readonly Pdu[] {
    const frame = decodeTcFrame(octets, { fecf: true })
    this.#cltus.confirm(frame.kind !== 'malformed')
    const { spacecraftId, virtualChannel } = this.#settings
    if (frame.kind === 'malformed') {
      this.counters.malformed += 1
      return []
    }
    const isOurs = frame.spacecraftId === spacecraftId && frame.virtualChannel === virtualChannel
    if (!isOurs || !frame.bypass || frame.control) {
      this.counters.foreign += 1
      return []
    }
    this.counters.frames += 1
    this.#bypassed += 1
    return this.#packets(frame.field)
  }

  #packets(field: Uint8Array): readonly Pdu[] {
    const pdus: Pdu[] = []
    for (let at = 0; at < field.length; ) {
      const received = decodeSpacePacket(field, at)
      if (received.kind === 'malformed') {
        this.counters.malformed += 1
        break
      }
      at += received.length
      if (received.packet.apid !== this.#settings.apid) {
        this.counters.foreign += 1
        continue
      }
      const pdu = parsePdu(received.packet.data)
      if (pdu.kind === 'pdu') pdus.push(pdu)
      else {
        this.counters.malformed += 1
        this.counters.malformedPdus += 1
      }
    }
    this.counters.pdus += pdus.length
    return pdus
  }
}
