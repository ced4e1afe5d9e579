/** The vectors of fixtures/framing/, chosen by the beginning of their names. */
import { readFileSync } from 'node:fs'

export interface FramingVector {
  readonly name: string
  readonly params: Readonly<Record<string, unknown>>
  /** Hexadecimal; empty where the vector has none. */
  readonly input: string
  readonly output: string
  readonly expect?: unknown
}

const vectors = vectorsIn('framing.json')
const peers = vectorsIn('framing-peers.json')

/** @throws Error if there is none: a test that looks at nothing must not pass. */
export function framingVectors(...beginnings: readonly string[]): readonly FramingVector[] {
  return chosenFrom(vectors, beginnings)
}

/** Of those by peers and of real spacecraft. @throws Error if there is none */
export function peerVectors(...beginnings: readonly string[]): readonly FramingVector[] {
  return chosenFrom(peers, beginnings)
}

function vectorsIn(file: string): readonly FramingVector[] {
  const path = new URL(`../../fixtures/framing/${file}`, import.meta.url)
  return JSON.parse(readFileSync(path, 'utf8')) as readonly FramingVector[]
}

function chosenFrom(
  all: readonly FramingVector[],
  beginnings: readonly string[],
): readonly FramingVector[] {
  const chosen = all.filter(({ name }) => beginnings.some(begin => name.startsWith(begin)))
  if (chosen.length === 0)
    throw new Error(`Cannot find a vector that begins with ${beginnings.join(' or ')}`)
  return chosen
}
