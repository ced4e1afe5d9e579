/**
 * Watches what is said on both links and what is written down, and notes every broken promise: an octet sent
 * again that was acknowledged, an octet asked for that was said to be held, a sequence number used twice.
 */
import type { BufferRecord } from '../../onboard/buffer/records.ts'
import type { SpacecraftSettings } from '../../onboard/settings.ts'
import { TelecommandReceiver } from '../../onboard/uplink/telecommand.ts'
import type { Nak, Pdu } from '../../protocol/cfdp/pdu/pdu.ts'
import { Spans } from '../../protocol/octets/spans.ts'
import { Ingest } from '../../station/ingest.ts'
import type { EdgeSettings } from '../../station/settings.ts'

export class Witness {
  readonly broken: string[] = []
  /** Looks away from what is sent down: decoding it costs as much as all the rest. */
  isBlind = false
  /** File octets in segments sent, first time or again. */
  segmentOctets = 0
  pdusSent = 0
  readonly #downlink: Ingest
  readonly #uplinkSent: TelecommandReceiver
  readonly #uplinkHeard: TelecommandReceiver
  /** What the station said it holds, at the moment it said so, and at the moment it was heard. */
  readonly #saidHeld = new Map<string, Spans>()
  readonly #acknowledged = new Map<string, Spans>()
  #heard: Pdu[] = []
  readonly #names = new Map<number, string>()

  constructor(spacecraft: SpacecraftSettings, station: EdgeSettings) {
    this.#downlink = new Ingest(station.downlink)
    this.#uplinkSent = new TelecommandReceiver(spacecraft.uplink)
    this.#uplinkHeard = new TelecommandReceiver(spacecraft.uplink)
  }

  sentByAboard(octets: Uint8Array): void {
    if (this.isBlind) return
    this.#downlink.push(octets, pdu => {
      this.pdusSent += 1
      if (pdu.body.kind !== 'file data') return
      const { offset } = pdu.body
      const end = Number(offset) + pdu.body.octets.length
      this.segmentOctets += pdu.body.octets.length
      const held = spansOf(this.#acknowledged, pdu)
      const again = pdu.body.octets.length - sum(held.gaps(Number(offset), end))
      if (again > 0) this.broken.push(`[${offset}, ${end}) was acknowledged and is sent again`)
    })
    this.#learnHeard()
  }

  #learnHeard(): void {
    for (const pdu of this.#heard.splice(0)) learn(spansOf(this.#acknowledged, pdu), pdu)
  }

  sentByAshore(octets: Uint8Array): void {
    for (const pdu of this.#uplinkSent.push(octets)) {
      const held = spansOf(this.#saidHeld, pdu)
      if (pdu.body.kind === 'nak') {
        for (const gap of pdu.body.gaps)
          if (
            sum(held.gaps(Number(gap.start), Number(gap.end))) !==
            Number(gap.end) - Number(gap.start)
          )
            this.broken.push(`[${gap.start}, ${gap.end}) was said to be held and is asked for`)
      }
      learn(held, pdu)
    }
  }

  /** Counts from the frame after the next: a segment may have been begun in the frame before this was heard. */
  heardAboard(octets: Uint8Array): void {
    this.#heard.push(...this.#uplinkHeard.push(octets))
  }

  journaledAboard(record: BufferRecord): void {
    if (record.kind !== 'accepted') return
    const name = this.#names.get(record.sequence)
    if (name !== undefined)
      this.broken.push(`Sequence ${record.sequence} is used for ${name} and ${record.name}`)
    this.#names.set(record.sequence, record.name)
  }
}

function spansOf(map: Map<string, Spans>, pdu: Pdu): Spans {
  const key = `${pdu.header.source}-${pdu.header.sequence}`
  const spans = map.get(key) ?? new Spans()
  map.set(key, spans)
  return spans
}

function learn(held: Spans, pdu: Pdu): void {
  const { body } = pdu
  if (body.kind === 'finished' && body.complete) held.add(0, Number.MAX_SAFE_INTEGER)
  if (body.kind === 'nak') learnNak(held, body)
}

function learnNak(held: Spans, nak: Nak): void {
  const missing = new Spans()
  for (const { start, end } of nak.gaps) missing.add(Number(start), Number(end))
  for (const { start, end } of missing.gaps(Number(nak.scope.start), Number(nak.scope.end)))
    held.add(start, end)
}

function sum(spans: Iterable<{ readonly start: number; readonly end: number }>): number {
  let octets = 0
  for (const { start, end } of spans) octets += end - start
  return octets
}
