/** The PDUs of fixtures/cfdp/cfdp.json: octets, and what other implementations read in them. */
import { readFileSync } from 'node:fs'

export interface PduVector {
  readonly name: string
  readonly kind: string
  readonly hex: string
  readonly length: number
  readonly header: Readonly<Record<string, unknown>>
  readonly fields: Readonly<Record<string, unknown>>
}

export interface MalformedVector {
  readonly name: string
  readonly hex: string
  readonly defect: string
  readonly recommended: string
}

export interface ModularVector {
  readonly segments: readonly { offset: number; length: number; partial_modular: string }[]
  readonly total_modular: string
}

interface Vectors {
  readonly pdus: readonly PduVector[]
  readonly malformed: readonly MalformedVector[]
  readonly checksums: readonly { name: string; modular: string }[]
  readonly modular_segments: readonly ModularVector[]
}

export const VECTORS: Vectors = JSON.parse(
  readFileSync(new URL('../../../../fixtures/cfdp/cfdp.json', import.meta.url), 'utf8'),
)

/** Whether a receiver should take it: of some oddities the recommendation is to live with them. */
export function isTaken(vector: MalformedVector): boolean {
  return !vector.recommended.startsWith('reject')
}
