/** The whole transactions of fixtures/cfdp/cfdp.json: who said what, what was lost, how it ended. */
import { readFileSync } from 'node:fs'
import { parsePdu } from '../../../protocol/cfdp/pdu/codec.ts'
import type { Body, Pdu } from '../../../protocol/cfdp/pdu/pdu.ts'
import { fromHex } from '../../kit/hex.ts'

export interface Spoken {
  readonly dir: 'src->dst' | 'dst->src'
  readonly hex: string
  readonly lost: boolean
  /** What came out at the other end, where a bit was turned over. */
  readonly delivered_hex?: string
}

export interface Transcript {
  readonly name: string
  readonly cfdp_class: 1 | 2
  readonly params: { readonly segment_len: number }
  readonly file_hex: string | null
  readonly pdus: readonly Spoken[]
  readonly source_indications: readonly string[]
  readonly dest_indications: readonly string[]
  readonly delivered_identical: boolean | null
}

export const TRANSCRIPTS: readonly Transcript[] = JSON.parse(
  readFileSync(new URL('../../../fixtures/cfdp/cfdp.json', import.meta.url), 'utf8'),
).transactions

/** @throws Error if the octets are no PDU */
export function pduOf(hex: string): Pdu {
  const pdu = parsePdu(fromHex(hex))
  if (pdu.kind === 'malformed') throw new Error(`Cannot read ${hex}: ${pdu.why}`)
  return pdu
}

/** What makes a PDU the same as another one of its transaction. */
export function labelOf(body: Body): string {
  const { kind } = body
  if (kind === 'file data') return `file data ${body.offset}+${body.octets.length}`
  if (kind === 'ack') return `ack of ${body.of} ${body.condition}`
  if (kind === 'eof' || kind === 'finished') return `${kind} ${body.condition}`
  if (kind === 'nak') return `nak ${body.wantsMetadata} ${JSON.stringify(body.gaps)}`
  return kind
}

/** The last "Transaction-Finished.indication:CONDITION/DELIVERY_CODE/FILE_STATUS". */
export function finishedOf(indications: readonly string[]): readonly string[] {
  const last = indications.findLast(text => text.startsWith('Transaction-Finished'))
  return last?.split(':')[1]?.split('/') ?? []
}
