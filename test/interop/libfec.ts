/**
 * Reed-Solomon against libfec, word by word. `make interop` compares a million.
 *
 * libfec codes random words, damages them in 0 to 17 symbols, and decodes them; we code the same information, and
 * decode the same damage. Up to 16 both must bring back what was coded. Beyond, a decoder can only say that it cannot,
 * or take the word for another one: both must do the same, and what that was is counted.
 */
import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { ReedSolomon, type ReedSolomonCodec } from '../../protocol/coding/reed-solomon.ts'
import { reedSolomonCodec } from '../../protocol/coding/reed-solomon-kernel.ts'

/** Of the words with so many wrong symbols. */
export interface Comparison {
  words: number
  /** Brought back by both. */
  corrected: number
  /** Taken by neither for a codeword. */
  refused: number
  /** Taken by both for the same other codeword. */
  mistaken: number
  /** Coded differently, or not decoded to the same. */
  different: number
}

/** @returns the path of the program; undefined: there is no C compiler or no libfec */
export function buildPeer(): string | undefined {
  const out = fileURLToPath(new URL('../../build/interop/', import.meta.url))
  const source = fileURLToPath(new URL('libfec/rs.c', import.meta.url))
  mkdirSync(out, { recursive: true })
  const program = `${out}libfec-rs`
  return spawnSync('gcc', ['-O2', '-o', program, source, '-lfec']).status === 0
    ? program
    : undefined
}

/** By wrong symbols, 0 to 17. */
export async function compare(
  program: string,
  words: number,
  seed: number,
): Promise<readonly Comparison[]> {
  const rows = Array.from({ length: ERRORS }, () => ({
    words: 0,
    corrected: 0,
    refused: 0,
    mistaken: 0,
    different: 0,
  }))
  const peer = spawn(program, [`${seed}`, `${words}`], { stdio: ['ignore', 'pipe', 'inherit'] })
  let held = Buffer.alloc(0)
  let word = 0
  for await (const chunk of peer.stdout as AsyncIterable<Uint8Array>) {
    held = Buffer.concat([held, chunk])
    let at = 0
    for (; at + RECORD <= held.length; at += RECORD, word++)
      judge(held.subarray(at, at + RECORD), word, rows[word % ERRORS] as Comparison)
    held = held.subarray(at)
  }
  if (word !== words) throw new Error(`Cannot compare: ${word} of ${words} words came`)
  return rows
}

function judge(record: Uint8Array, word: number, row: Comparison): void {
  const codecs = Math.floor(word / ERRORS) % 2 === 0 ? DUAL : CONVENTIONAL
  const clean = record.subarray(0, LENGTH)
  const dirty = record.subarray(LENGTH, 2 * LENGTH)
  const theirs = record.subarray(2 * LENGTH, 3 * LENGTH)
  const corrected = record[3 * LENGTH] === BEYOND ? -1 : (record[3 * LENGTH] as number)
  row.words += 1
  for (const codec of word % PLAIN_EVERY < ERRORS ? codecs : codecs.slice(0, 1)) {
    const coded = Uint8Array.from(clean).fill(0, codec.frameOctets)
    codec.encode(coded)
    const ours = Uint8Array.from(dirty)
    const same = codec.decode(ours) === corrected && (corrected < 0 || areSame(ours, theirs))
    if (same && areSame(coded, clean)) continue
    row.different += 1
    return
  }
  if (corrected < 0) row.refused += 1
  else if (areSame(theirs, clean)) row.corrected += 1
  else row.mistaken += 1
}

function areSame(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0
}

const LENGTH = 255
const RECORD = 3 * LENGTH + 1
const BEYOND = 255
const ERRORS = 18
/** The plain codec takes part in one of ten words: it is slow beside the kernel. */
const PLAIN_EVERY = 10 * ERRORS
const DUAL = codecsOf('dual')
const CONVENTIONAL = codecsOf('conventional')

function codecsOf(basis: 'dual' | 'conventional'): readonly ReedSolomonCodec[] {
  const code = { basis, parity: 32, interleave: 1 } as const
  return [reedSolomonCodec(code), new ReedSolomon(code)]
}
