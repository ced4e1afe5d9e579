/** The octets of modems by others: fixtures/modems/README.md. */
import { readFileSync } from 'node:fs'
import { fromHex } from './hex.ts'

/** Hexadecimal text at a place such as `csp1_kiss.frame`. */
export function vector(place: string): Uint8Array {
  return fromHex(vectorText(place))
}

export function vectorText(place: string): string {
  let value: unknown = VECTORS
  for (const key of place.split('.')) value = Object(value)[key]
  if (typeof value !== 'string') throw new Error(`Cannot find ${place} in ${PATH}`)
  return value
}

const PATH = 'fixtures/modems/vectors.json'
const VECTORS: unknown = JSON.parse(readFileSync(PATH, 'utf8'))
