/** PDUs to a recording: space packets, frames that they span, codeblocks behind markers. */
import { AOS_COUNTS, aosFieldOctets, encodeAosFrame } from '../../protocol/frame/aos.ts'
import { CaduEncoder } from '../../protocol/frame/cadu.ts'
import { fieldOctets } from '../../protocol/frame/link.ts'
import { encodeTmFrame } from '../../protocol/frame/tm.ts'
import { FieldFiller, type FilledField } from '../../protocol/packet/fill.ts'
import { encodeSpacePacket } from '../../protocol/packet/space-packet.ts'
import type { LinkFormat } from '../decode/link-options.ts'

export interface RecorderSettings {
  readonly format: LinkFormat
  readonly kind: 'tm' | 'aos'
  readonly virtualChannel: number
  readonly apid: number
}

export class Recorder {
  readonly counters = { packets: 0, frames: 0 }
  readonly #settings: RecorderSettings
  readonly #coder: CaduEncoder
  readonly #filler: FieldFiller

  constructor(settings: RecorderSettings) {
    this.#settings = settings
    const { format, kind, virtualChannel } = settings
    this.#coder = new CaduEncoder(format.tm)
    this.#filler = new FieldFiller(
      kind === 'tm' ? fieldOctets(format.tm) : aosFieldOctets(format.aos, virtualChannel),
    )
  }

  /** What the recording goes on with once it holds this PDU; often nothing, for frames must be full. */
  put(pdu: Uint8Array): Uint8Array[] {
    const packet = encodeSpacePacket({
      telecommand: false,
      secondaryHeader: false,
      apid: this.#settings.apid,
      flags: UNSEGMENTED,
      count: this.counters.packets % PACKETS,
      data: pdu,
    })
    this.counters.packets += 1
    if (this.#settings.format.form === 'packets') return [packet]
    this.#filler.put(packet)
    return this.#take()
  }

  /** The last frames, filled up. */
  end(): Uint8Array[] {
    this.#filler.close()
    const octets = this.#take()
    // The idle packet may have begun one more frame.
    this.#filler.close()
    return [...octets, ...this.#take()]
  }

  #take(): Uint8Array[] {
    const taken: Uint8Array[] = []
    for (let filled = this.#filler.take(); filled !== undefined; filled = this.#filler.take()) {
      taken.push(this.#formed(this.#frame(filled)))
      this.counters.frames += 1
    }
    return taken
  }

  #frame(filled: FilledField): Uint8Array {
    const { format, kind, virtualChannel } = this.#settings
    const count = this.counters.frames
    const common = { ...filled, virtualChannel, ocf: undefined }
    if (kind === 'tm') {
      const counts = { masterCount: count % TM_COUNTS, channelCount: count % TM_COUNTS }
      return encodeTmFrame({ ...common, ...counts }, format.tm)
    }
    return encodeAosFrame(
      {
        ...common,
        spacecraftId: format.tm.spacecraftId,
        channelCount: count % AOS_COUNTS,
        cycle: Math.floor(count / AOS_COUNTS) % CYCLES,
        replay: false,
        insert: new Uint8Array(format.aos.insertOctets),
      },
      format.aos,
    )
  }

  #formed(frame: Uint8Array): Uint8Array {
    const { form } = this.#settings.format
    if (form === 'frames') return frame
    const cadu = this.#coder.encode(frame)
    return form === 'bits' ? bitsOf(cadu) : cadu
  }
}

/** One octet a bit. */
function bitsOf(octets: Uint8Array): Uint8Array {
  return Uint8Array.from(
    { length: 8 * octets.length },
    (_, bit) => ((octets[bit >>> 3] as number) >>> (7 - (bit & 7))) & 1,
  )
}

const UNSEGMENTED = 3
const PACKETS = 16_384
const TM_COUNTS = 256
const CYCLES = 16
