/** A recording to frames, still as octets: bits decided, markers found, randomizing taken off, symbols corrected. */
import { BEYOND_CORRECTION, codeblockCodec } from '../../protocol/coding/codeblock.ts'
import type { Branches, Rate } from '../../protocol/coding/convolutional.ts'
import { ConvolutionalDecoder } from '../../protocol/coding/convolutional-decoder.ts'
import { NrzMDecoder } from '../../protocol/coding/nrz-m.ts'
import { caduOctets } from '../../protocol/frame/link.ts'
import { type HunterCounters, MarkerHunter } from '../../protocol/frame/sync.ts'
import type { LinkFormat, SymbolForm } from './link-options.ts'
import { HardDecider, symbolReader } from './symbols.ts'

export interface Candidate {
  /** The frame, borrowed until the next call. */
  readonly octets: Uint8Array
  /** Symbols corrected; -1: Reed-Solomon cannot. */
  readonly corrected: number
}

export interface ConvolutionalReport {
  readonly rate: Rate
  /** Null: nothing was decided. */
  readonly branches: Branches | null
  readonly symbols: number
  /** Of these, received with the wrong sign. */
  readonly corrected: number
  readonly slips: number
}

export interface FrameSource {
  /** Copies octets in. Call next() until it has no more. */
  push(octets: Uint8Array): void
  /** No more octets will come. Call next() until it has no more. */
  end(): void
  next(): Candidate | undefined
  /** Says whether the candidate just handed out was a frame. */
  confirm(good: boolean): void
  readonly counters: Readonly<HunterCounters> | undefined
  /** What the convolutional code was found to be, if there is one. */
  readonly convolutional: () => ConvolutionalReport | undefined
  /** With which sequence good frames were randomized; undefined: none was good, or none was randomized. */
  readonly randomizer: () => 'short' | 'long' | undefined
}

export type MarkedFormat = Pick<LinkFormat, 'codes' | 'nrzM' | 'sequences' | 'tm'>

/** Frames behind markers, in a stream of symbols or octets. */
export function markedFrames(form: SymbolForm, format: MarkedFormat): FrameSource {
  const hunter = new MarkerHunter({ caduOctets: caduOctets(format.tm) })
  const nrzM = format.nrzM ? new NrzMDecoder() : undefined
  const line = lineOf(form, format, octets => hunter.push(nrzM?.decode(octets) ?? octets))
  const codeblocks = openCodeblocks(format)
  return {
    ...line,
    next() {
      const codeblock = hunter.next()
      return codeblock === undefined ? undefined : codeblocks.open(codeblock)
    },
    confirm(good) {
      hunter.confirm(good)
      if (good) codeblocks.settle()
    },
    counters: hunter.counters,
    randomizer: codeblocks.randomizer,
  }
}

/** Frames of one length, one behind the other. What is left at the end is not a whole one. */
export function bareFrames(frameOctets: number): FrameSource {
  let octets: Uint8Array = new Uint8Array(0)
  let at = 0
  return {
    push(more) {
      const all = new Uint8Array(octets.length - at + more.length)
      all.set(octets.subarray(at))
      all.set(more, octets.length - at)
      octets = all
      at = 0
    },
    next() {
      if (octets.length - at < frameOctets) return undefined
      at += frameOctets
      return { octets: octets.subarray(at - frameOctets, at), corrected: 0 }
    },
    end: () => {},
    confirm: () => {},
    counters: undefined,
    convolutional: none,
    randomizer: none,
  }
}

type Line = Pick<FrameSource, 'push' | 'end' | 'convolutional'>

/** What is in the file to octets in which markers can be looked for. */
function lineOf(
  form: SymbolForm,
  { codes }: MarkedFormat,
  sink: (octets: Uint8Array) => void,
): Line {
  const [first] = codes
  if (first === undefined) return uncodedLine(form, sink)
  const reader = symbolReader(form)
  const decoder = new ConvolutionalDecoder(codes)
  const { counters } = decoder
  return {
    push: octets => decoder.take(reader.read(octets), sink),
    end() {
      decoder.take(reader.end(), sink)
      decoder.end(sink)
    },
    convolutional: () => {
      const { rate, branches } = decoder.code ?? { rate: first.rate, branches: null }
      return { rate, branches, ...counters }
    },
  }
}

/**
 * Signs are enough: where Reed-Solomon begins to fail, at 0.4 % of wrong bits, a marker has more than the two wrong bits
 * of acquisition once in 3,000, and hardly ever more than the six that pass in lock. To correlate soft symbols would
 * find markers of codeblocks that are lost.
 */
function uncodedLine(form: SymbolForm, sink: (octets: Uint8Array) => void): Line {
  if (form === 'bytes') return { push: sink, end: () => {}, convolutional: none }
  const reader = symbolReader(form)
  const decider = new HardDecider()
  return {
    push: octets => sink(decider.decide(reader.read(octets))),
    end: () => sink(decider.decide(reader.end())),
    convolutional: none,
  }
}

/** Tries one sequence after the other, until one has given a frame. */
function openCodeblocks({ sequences, tm }: MarkedFormat) {
  const { basis, fecf, frameOctets, interleave } = tm
  const fill = 223 - frameOctets / interleave
  const reedSolomon =
    interleave === 0 ? undefined : ({ basis, parity: 32, interleave, fill } as const)
  // Without Reed-Solomon only the FECF tells one sequence from the other.
  const judge = { frameOctets, reedSolomon, fecf: fecf && interleave === 0 && sequences.length > 1 }
  const tried = sequences.length === 0 ? [undefined] : sequences
  let keys = tried.map(randomizer => ({
    randomizer,
    codec: codeblockCodec({ ...judge, randomizer }),
  }))
  let used = keys[0]
  let settled: 'short' | 'long' | undefined
  return {
    open(codeblock: Uint8Array): Candidate {
      let octets = codeblock
      let corrected = BEYOND_CORRECTION
      for (const key of keys) {
        octets = keys.length > 1 ? codeblock.slice() : codeblock
        corrected = key.codec.decode(octets)
        used = key
        if (corrected >= 0) break
      }
      return { octets: octets.subarray(0, frameOctets), corrected }
    },
    settle() {
      settled = used?.randomizer
      if (keys.length > 1) keys = keys.filter(key => key === used)
    },
    randomizer: () => settled,
  }
}

function none(): undefined {
  return undefined
}
