/** The vectors of fixtures/framing/framing.json, chosen by the beginning of their names. */
import { readFileSync } from 'node:fs'

export interface FramingVector {
  readonly name: string
  readonly params: Readonly<Record<string, unknown>>
  /** Hexadecimal; empty where the vector has none. */
  readonly input: string
  readonly output: string
  readonly expect?: unknown
}

const vectors: readonly FramingVector[] = JSON.parse(
  readFileSync(new URL('../../fixtures/framing/framing.json', import.meta.url), 'utf8'),
)

/** @throws Error if there is none: a test that looks at nothing must not pass. */
export function framingVectors(...beginnings: readonly string[]): readonly FramingVector[] {
  const chosen = vectors.filter(({ name }) => beginnings.some(begin => name.startsWith(begin)))
  if (chosen.length === 0)
    throw new Error(`Cannot find a vector that begins with ${beginnings.join(' or ')}`)
  return chosen
}
