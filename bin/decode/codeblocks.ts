/** A recording to frames, still as octets: markers found, randomizing taken off, symbols corrected. */
import { randomize, randomizeLong } from '../../protocol/coding/randomizer.ts'
import { reedSolomonCodec } from '../../protocol/coding/reed-solomon-kernel.ts'
import { caduOctets, type DownlinkFormat } from '../../protocol/frame/link.ts'
import { type HunterCounters, MarkerHunter } from '../../protocol/frame/sync.ts'

export interface Candidate {
  /** The frame, borrowed until the next call. */
  readonly octets: Uint8Array
  /** Symbols corrected; -1: Reed-Solomon cannot. */
  readonly corrected: number
}

export interface FrameSource {
  /** Copies octets in. Call next() until it has no more. */
  push(octets: Uint8Array): void
  next(): Candidate | undefined
  /** Says whether the candidate just handed out was a frame. */
  confirm(good: boolean): void
  readonly counters: Readonly<HunterCounters> | undefined
}

/** Frames behind markers, in a stream of octets or, with `asBits`, of octets that each stand for a bit. */
export function markedFrames(format: DownlinkFormat, asBits: boolean): FrameSource {
  const { basis, frameOctets, interleave, randomized } = format
  const derandomize = format.randomizer === 'long' ? randomizeLong : randomize
  const hunter = new MarkerHunter({ caduOctets: caduOctets(format) })
  const fill = 223 - frameOctets / interleave
  const reedSolomon =
    interleave === 0 ? undefined : reedSolomonCodec({ basis, parity: 32, interleave, fill })
  const packer = asBits ? new BitPacker() : undefined
  return {
    push: octets => hunter.push(packer === undefined ? octets : packer.pack(octets)),
    next() {
      const codeblock = hunter.next()
      if (codeblock === undefined) return undefined
      if (randomized) derandomize(codeblock)
      const corrected = reedSolomon?.decode(codeblock) ?? 0
      return { octets: codeblock.subarray(0, frameOctets), corrected }
    },
    confirm: good => hunter.confirm(good),
    counters: hunter.counters,
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
    confirm: () => {},
    counters: undefined,
  }
}

/** Eight octets to one: bit 0 of each counts, so that 0 and 1 may be numbers or digits. White space is skipped. */
export class BitPacker {
  #bits = 0
  #held = 0

  /** The octets that are whole now; what is begun waits for more. */
  pack(bits: Uint8Array): Uint8Array {
    const octets = new Uint8Array((this.#held + bits.length) >>> 3)
    let count = 0
    for (const bit of bits) {
      if (bit > 1 && bit <= SPACE) continue
      this.#bits = ((this.#bits << 1) | (bit & 1)) & 0xff
      this.#held += 1
      if (this.#held < 8) continue
      octets[count++] = this.#bits
      this.#held = 0
    }
    return octets.subarray(0, count)
  }
}

const SPACE = 0x20
