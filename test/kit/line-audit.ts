/**
 * What the recordings of a line say of the promises of whoever sends files, down and up: a sequence number names one
 * file for ever, no octet is sent twice unless a NAK named it, and nothing of a file after its Finished was
 * acknowledged.
 */
import { createReadStream } from 'node:fs'
import { edgeSettings, spacecraftSettings } from '../../bin/settings.ts'
import { loadConfig, type OnboardConfig, type StationConfig } from '../../hal/config/config.ts'
import { TelecommandReceiver } from '../../onboard/uplink/telecommand.ts'
import { CONDITION } from '../../protocol/cfdp/condition.ts'
import type { Pdu } from '../../protocol/cfdp/pdu/pdu.ts'
import { Ingest } from '../../station/ingest.ts'
import type { Bench } from './bench.ts'

export interface LineAudits {
  readonly down: LineAudit
  readonly up: LineAudit
  /** Of both. */
  readonly faults: readonly string[]
}

export interface LineAudit {
  /** Broken promises, in words. */
  readonly faults: readonly string[]
  /** Names by sequence number, as the Metadata PDUs say. */
  readonly names: ReadonlyMap<number, string>
  readonly segments: number
  readonly octetsSent: number
  readonly octetsSentAgain: number
}

/** Hears both recordings of a bench, from their starts. Of the files that went down, and of those that went up. */
export async function auditLine(bench: Bench): Promise<LineAudits> {
  const onboard = (await loadConfig(bench.config('onboard'), {})) as OnboardConfig
  const station = (await loadConfig(bench.config('station'), {})) as StationConfig
  const ingest = new Ingest(edgeSettings(station, 0, 0).downlink)
  const uplink = new TelecommandReceiver(spacecraftSettings(onboard, 0, 0).uplink)
  const [downward, upward] = [new Audit(), new Audit()]
  for await (const chunk of createReadStream(bench.tapUp))
    for (const pdu of uplink.push(chunk as Uint8Array))
      if (pdu.header.towardSender) downward.hearAnswer(pdu)
      else upward.hearSender(pdu)
  for await (const chunk of createReadStream(bench.tap))
    ingest.push(chunk as Uint8Array, pdu => {
      if (pdu.header.towardSender) upward.hearAnswer(pdu)
      else downward.hearSender(pdu)
    })
  const [down, up] = [downward.result(), upward.result()]
  return { down, up, faults: [...down.faults, ...up.faults.map(fault => `up: ${fault}`)] }
}

class Audit {
  readonly #faults: string[] = []
  readonly #names = new Map<number, string>()
  /** By sequence number: how often each octet may be sent, and how often it was. */
  readonly #allowed = new Map<number, Steps>()
  readonly #sent = new Map<number, Steps>()
  readonly #over = new Set<number>()
  #segments = 0

  hearAnswer({ header, body }: Pdu): void {
    if (body.kind !== 'nak') return
    for (const { start, end } of body.gaps)
      stepsOf(this.#allowed, Number(header.sequence)).add(Number(start), Number(end))
  }

  hearSender({ header, body }: Pdu): void {
    const sequence = Number(header.sequence)
    if (body.kind === 'metadata') this.#name(sequence, TEXT.decode(body.destinationName))
    if (body.kind === 'ack' && body.of === 'finished' && body.condition === CONDITION.noError)
      this.#over.add(sequence)
    if (body.kind !== 'file data') return
    this.#segments += 1
    const end = Number(body.offset) + body.octets.length
    stepsOf(this.#sent, sequence).add(Number(body.offset), end)
    if (this.#over.has(sequence))
      this.#faults.push(`${sequence}: [${body.offset}, ${end}) is sent after ACK(Finished)`)
  }

  result(): LineAudit {
    let [octetsSent, octetsSentAgain] = [0, 0]
    for (const [sequence, sent] of this.#sent) {
      const allowed = stepsOf(this.#allowed, sequence)
      for (const { start, end, height } of sent.minus(allowed))
        if (height > 1)
          this.#faults.push(`${sequence}: [${start}, ${end}) is sent ${height - 1} times unasked`)
      for (const { start, end, height } of sent.minus(new Steps())) {
        octetsSent += (end - start) * height
        octetsSentAgain += (end - start) * Math.max(0, height - 1)
      }
    }
    return {
      faults: this.#faults,
      names: this.#names,
      segments: this.#segments,
      octetsSent,
      octetsSentAgain,
    }
  }

  #name(sequence: number, name: string): void {
    const before = this.#names.get(sequence)
    if (before !== undefined && before !== name)
      this.#faults.push(`${sequence} is used twice: for ${before} and for ${name}`)
    for (const [other, known] of this.#names)
      if (known === name && other !== sequence)
        this.#faults.push(`${name} is sent under ${other} and under ${sequence}`)
    this.#names.set(sequence, name)
  }
}

/** How many spans cover each octet. */
class Steps {
  readonly #changes = new Map<number, number>()

  add(start: number, end: number): void {
    if (end <= start) return
    this.#changes.set(start, (this.#changes.get(start) ?? 0) + 1)
    this.#changes.set(end, (this.#changes.get(end) ?? 0) - 1)
  }

  /** The stretches of equal height, of these less the others. */
  *minus(others: Steps): IterableIterator<{ start: number; end: number; height: number }> {
    const places = new Set([...this.#changes.keys(), ...others.#changes.keys()])
    const ordered = [...places].toSorted((one, other) => one - other)
    let height = 0
    for (const [index, start] of ordered.entries()) {
      height += (this.#changes.get(start) ?? 0) - (others.#changes.get(start) ?? 0)
      const end = ordered[index + 1]
      if (end !== undefined) yield { start, end, height }
    }
  }
}

function stepsOf(all: Map<number, Steps>, sequence: number): Steps {
  const known = all.get(sequence) ?? new Steps()
  all.set(sequence, known)
  return known
}

const TEXT = new TextDecoder()
