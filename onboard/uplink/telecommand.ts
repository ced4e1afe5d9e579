/**
 * The uplink as the spacecraft hears it: octets -> CLTU -> TC frame -> security -> FARM-1 -> segments -> packets ->
 * PDUs. The CLCW that goes down in every frame says what was taken. CCSDS 232.0-B-4, 232.1-B-2, 355.0-B-2.
 *
 * Where there is security, a frame of type AD or BD without a right MAC changes nothing, not even the state of
 * COP-1. Control commands (BC) are outside of SDLS: they can move COP-1, and nothing behind it.
 */
import { parsePdu } from '../../protocol/cfdp/pdu/codec.ts'
import type { Pdu } from '../../protocol/cfdp/pdu/pdu.ts'
import { encodeClcw } from '../../protocol/frame/clcw.ts'
import { CltuDecoder } from '../../protocol/frame/cltu.ts'
import { Farm } from '../../protocol/frame/cop1/farm.ts'
import { SecurityReceiver, type SecurityRefusal } from '../../protocol/frame/sdls/process.ts'
import { SegmentReader } from '../../protocol/frame/segment.ts'
import { decodeTcFrame, type TcFrame } from '../../protocol/frame/tc.ts'
import { decodeSpacePacket } from '../../protocol/packet/space-packet.ts'
import type { SpacecraftSettings } from '../settings.ts'
import { type AcceptedRecord, acceptedRecord } from './accepted.ts'

/** A reason for which a secured frame was refused, told the first time it comes up in a contact. */
export interface RefusalNotice {
  readonly why: SecurityRefusal
  readonly spi: number | undefined
}

export class TelecommandReceiver {
  readonly #settings: SpacecraftSettings['uplink']
  /** Of each line that something came by: what two modems hear at once is two streams. */
  readonly #cltus: CltuDecoder[] = []
  readonly farm: Farm
  readonly security: SecurityReceiver | undefined
  readonly #segments: SegmentReader | undefined
  readonly #told = new Set<SecurityRefusal>()
  #notices: RefusalNotice[] = []
  #records: AcceptedRecord[] = []
  #commands: Uint8Array[] = []
  /** Frames, packets and PDUs are malformed; of these, so many are PDUs. */
  readonly counters = { frames: 0, foreign: 0, malformed: 0, malformedPdus: 0, pdus: 0 }

  /** `records` are those of the journal. */
  constructor(settings: SpacecraftSettings['uplink'], records: readonly unknown[] = []) {
    this.#settings = settings
    const { virtualChannel, segmentation, security } = settings
    this.farm = new Farm({ virtualChannel, window: settings.farmWindow })
    if (segmentation !== undefined)
      this.#segments = new SegmentReader({ unitOctetsMax: segmentation.packetOctetsMax })
    if (security === undefined) return
    this.security = new SecurityReceiver(security)
    for (const value of records) {
      const record = acceptedRecord(value)
      if (record !== undefined) this.security.accept(record.spi, BigInt(record.number))
    }
  }

  /** What the operational control field says now. */
  get clcw(): number {
    return encodeClcw(this.farm.report(this.counters.frames > 0))
  }

  /**
   * The PDUs that became whole with these octets, which came by one of the lines; borrowed until the next call. Ask
   * takeRecords() first.
   */
  push(octets: Uint8Array, line = 0): readonly Pdu[] {
    const { randomized } = this.#settings
    const cltus = (this.#cltus[line] ??= new CltuDecoder({ randomized }))
    cltus.push(octets)
    const pdus: Pdu[] = []
    for (let cltu = cltus.next(); cltu !== undefined; cltu = cltus.next()) {
      const unit = this.#frame(cltu, cltus)
      if (unit !== undefined) pdus.push(...this.#packets(unit))
    }
    return pdus
  }

  /** A contact begins: what is wrong is told again. */
  reset(): void {
    this.#told.clear()
  }

  /** What must be in the journal before anything is done that a frame asked for. */
  takeRecords(): readonly AcceptedRecord[] {
    return this.#records.length === 0 ? this.#records : this.#records.splice(0)
  }

  /** The data of the packets of commands that became whole; borrowed until push() is called next. */
  takeCommands(): readonly Uint8Array[] {
    return this.#commands.length === 0 ? this.#commands : this.#commands.splice(0)
  }

  takeNotices(): readonly RefusalNotice[] {
    return this.#notices.length === 0 ? this.#notices : this.#notices.splice(0)
  }

  /** The fewest records from which this receiver can be made again. */
  *snapshot(): IterableIterator<AcceptedRecord> {
    for (const [spi, number] of this.security?.accepted() ?? []) yield accepted(spi, number)
  }

  /** The field of a frame that was taken, or what it completed. */
  #frame(octets: Uint8Array, cltus: CltuDecoder): Uint8Array | undefined {
    const frame = decodeTcFrame(octets, { fecf: true })
    cltus.confirm(frame.kind !== 'malformed')
    const { spacecraftId, virtualChannel } = this.#settings
    if (frame.kind === 'malformed') {
      this.counters.malformed += 1
      return undefined
    }
    if (frame.spacecraftId !== spacecraftId || frame.virtualChannel !== virtualChannel) {
      this.counters.foreign += 1
      return undefined
    }
    const field = this.#isOutsideSecurity(frame)
      ? this.#taken(frame)
      : this.#opened(frame, this.security as SecurityReceiver)
    if (field === undefined) return undefined
    this.counters.frames += 1
    return this.#segments === undefined ? field : this.#segments.push(field)
  }

  #isOutsideSecurity(frame: TcFrame): boolean {
    return frame.control || this.security === undefined
  }

  #taken(frame: TcFrame): Uint8Array | undefined {
    return this.farm.receive(frame) ? frame.field : undefined
  }

  #opened(frame: TcFrame, security: SecurityReceiver): Uint8Array | undefined {
    const opened = security.open(frame)
    if (opened.kind === 'refused') {
      const { why, spi } = opened
      if (!this.#told.has(why)) this.#notices.push({ why, spi })
      this.#told.add(why)
      return undefined
    }
    const field = this.#taken(opened.frame)
    if (field === undefined) return undefined
    security.accept(opened.spi, opened.number)
    // One word of each association is enough: the newest.
    this.#records = this.#records.filter(({ spi }) => spi !== opened.spi)
    this.#records.push(accepted(opened.spi, opened.number))
    return field
  }

  #packets(unit: Uint8Array): readonly Pdu[] {
    const pdus: Pdu[] = []
    for (let at = 0; at < unit.length; ) {
      const received = decodeSpacePacket(unit, at)
      if (received.kind === 'malformed') {
        this.counters.malformed += 1
        break
      }
      at += received.length
      if (received.packet.apid === this.#settings.commandApid) {
        this.#commands.push(received.packet.data)
        continue
      }
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

function accepted(spi: number, number: bigint): AcceptedRecord {
  return { kind: 'accepted number', spi, number: number.toString() }
}
