/** PDUs to a recording: space packets, frames that they span, codeblocks behind markers. */
import { ConvolutionalEncoder } from '../../protocol/coding/convolutional.ts'
import { NrzMEncoder } from '../../protocol/coding/nrz-m.ts'
import { AOS_COUNTS, aosFieldOctets, encodeAosFrame } from '../../protocol/frame/aos.ts'
import { CaduEncoder } from '../../protocol/frame/cadu.ts'
import { fieldOctets } from '../../protocol/frame/link.ts'
import { encodeTmFrame } from '../../protocol/frame/tm.ts'
import { FieldFiller, type FilledField } from '../../protocol/packet/fill.ts'
import { encodeSpacePacket } from '../../protocol/packet/space-packet.ts'
import { isSymbolForm, type LinkFormat, type SymbolForm } from '../decode/link-options.ts'

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
  readonly #nrzM: NrzMEncoder | undefined
  readonly #convolutional: ConvolutionalEncoder | undefined

  constructor(settings: RecorderSettings) {
    this.#settings = settings
    const { format, kind, virtualChannel } = settings
    this.#coder = new CaduEncoder(format.tm)
    this.#nrzM = format.nrzM ? new NrzMEncoder() : undefined
    const [code] = format.codes
    this.#convolutional = code === undefined ? undefined : new ConvolutionalEncoder(code)
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
    const { form } = this.#settings.format
    const last = this.#convolutional?.end() ?? NOTHING
    return [...octets, ...this.#take(), isSymbolForm(form) ? formed(last, form) : last]
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
    if (!isSymbolForm(form)) return frame
    const cadu = this.#coder.encode(frame)
    const bits = this.#nrzM?.encode(cadu) ?? cadu
    return formed(this.#convolutional?.encode(bits) ?? bits, form)
  }
}

/** Packed bits in the form of the recording. */
function formed(octets: Uint8Array, form: SymbolForm): Uint8Array {
  if (form === 'bytes') return octets
  const bits = Uint8Array.from(
    { length: 8 * octets.length },
    (_, bit) => ((octets[bit >>> 3] as number) >>> (7 - (bit & 7))) & 1,
  )
  if (form === 'bits') return bits
  if (form === 'soft') return bits.map(bit => (bit === 1 ? SOFT : -SOFT))
  if (form === 'soft-u8') return bits.map(bit => (bit === 1 ? 128 + SOFT : 128 - SOFT))
  const floats = new DataView(new ArrayBuffer(4 * bits.length))
  for (const [i, bit] of bits.entries()) floats.setFloat32(4 * i, 2 * bit - 1, true)
  return new Uint8Array(floats.buffer)
}

/** Half of the most, as a demodulator would leave room for noise. */
const SOFT = 64
const NOTHING = new Uint8Array(0)
const UNSEGMENTED = 3
const PACKETS = 16_384
const TM_COUNTS = 256
const CYCLES = 16
