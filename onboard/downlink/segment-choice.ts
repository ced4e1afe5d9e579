/**
 * How long segments are: as long as was told, or, where the link is to say it, shorter while much is asked for again.
 *
 * Whoever loses one frame of a segment loses it whole, and asks for it: a segment that is asked for again stands for
 * one lost frame. So the share of frames that is lost follows from NAKs alone, and segments follow it by the formula
 * of docs/decisions/0005-segment-size.md, which begins with what the plan expects.
 *
 *     |      long       |short|      long       |short|      long       |      long       |short| ...
 *
 * A link so bad that no long segment comes through has nothing to ask for. So now and then, rarely while nothing is
 * asked for, one goes that fits a frame: where it comes through, the gap before it is seen.
 */
import { chooseSegment, type Segment } from '../../protocol/cfdp/segment-size.ts'
import { fieldOctets } from '../../protocol/frame/link.ts'
import type { SpacecraftSettings } from '../settings.ts'

export class SegmentChoice {
  readonly #settings: SpacecraftSettings['cfdp']
  readonly #fieldOctets: number
  /** Frames with file octets, and those of them that were lost: of the newest few thousand. */
  #frames = 0
  #lost = 0
  /** What is expected of the link, and the segment that suits it: none is longer. */
  #frameLoss: number
  #usual: Segment
  #chosen: Segment
  /** Long segments until the next short one, and how many that were the last time. */
  #toShort = 1
  #between = 1

  constructor({ cfdp, downlink }: SpacecraftSettings) {
    this.#settings = cfdp
    this.#fieldOctets = fieldOctets(downlink)
    this.#frameLoss = cfdp.adapts?.frameLoss ?? 0
    this.#usual = { octets: cfdp.segmentOctets, aligned: cfdp.aligned }
    this.#chosen = this.#usual
  }

  /** Another share of frames is expected to be lost from now on: another plan is in force. */
  expect(frameLoss: number): void {
    const { adapts } = this.#settings
    if (adapts === undefined) return
    this.#frameLoss = frameLoss
    this.#usual = chooseSegment(this.#fieldOctets, adapts.overheadOctets, frameLoss)
    this.#choose()
  }

  /** Of the next segment. */
  get segment(): Segment {
    const { adapts } = this.#settings
    if (adapts === undefined || this.#toShort > 0) return this.#chosen
    return chooseSegment(this.#fieldOctets, adapts.overheadOctets, 1)
  }

  /** A segment of so many file octets went out. */
  sent(octets: number): void {
    if (octets > this.#fieldOctets) this.#toShort -= 1
    else if (this.#toShort <= 0) {
      this.#between = Math.min(2 * this.#between, BETWEEN_MAX)
      this.#toShort = this.#between
    }
    this.#frames += octets / this.#fieldOctets
    if (this.#frames < REMEMBERED_FRAMES) return
    this.#frames /= 2
    this.#lost /= 2
    this.#choose()
  }

  /** So many octets that were sent are asked for again. */
  asked(octets: number): void {
    if (octets <= 0) return
    this.#lost += octets / Math.max(this.#fieldOctets, this.#chosen.octets)
    this.#between = 1
    this.#choose()
  }

  #choose(): void {
    const { adapts } = this.#settings
    if (adapts === undefined) return
    const lost = this.#frameLoss * EXPECTED_FRAMES + this.#lost
    const frameLoss = lost / (EXPECTED_FRAMES + this.#frames)
    const best = chooseSegment(this.#fieldOctets, adapts.overheadOctets, frameLoss)
    this.#chosen = best.octets < this.#usual.octets ? best : this.#usual
  }
}

/** What is expected counts as if so many frames had shown it. */
const EXPECTED_FRAMES = 500
const REMEMBERED_FRAMES = 8_192
/** Long segments between two short ones, at the most. */
const BETWEEN_MAX = 16
