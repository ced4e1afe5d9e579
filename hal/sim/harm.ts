/**
 * What a line does to octets: whole units destroyed, bits turned over, octets lost or made up. Each kind goes
 * from one strike to the next by a drawn distance, so a clean stretch costs nothing per octet.
 */
import { Chance } from './random.ts'

export interface HarmRates {
  /** Chance that a bit arrives turned over. */
  readonly ber: number
  /** Chance that a unit of the stream is destroyed: its octets arrive, but they are noise. */
  readonly loss: number
  /** Units count from the first octet. A CADU of interleave 5 unless told: 4 + 5 x 255 octets. */
  readonly lossUnitOctets: number
  /** One octet in this many is deleted, or has another one put before it; 0 for never. */
  readonly slipOctets: number
  /** Every bit arrives turned over, as from a demodulator that locked half a turn away. */
  readonly inverted: boolean
}

export interface HarmCounters {
  bitErrors: number
  /** Units in which something was destroyed, turned over, deleted or put in. */
  framesHit: number
  slips: number
}

export class Harm {
  readonly #rates: HarmRates
  readonly #losses: Chance
  readonly #noise: Chance
  readonly #errors: Chance
  readonly #slips: Chance
  /** Place in the stream of the first octet that was not seen. */
  #at = 0
  /** Places of the next strikes: of a unit, a bit (of the whole stream), an octet. */
  #nextUnit: number
  #nextBit: number
  #nextSlip: number
  #lastUnitHit = -1
  readonly counters: HarmCounters = { bitErrors: 0, framesHit: 0, slips: 0 }

  /** @throws Error if a probability is not within [0, 1] or a unit is empty */
  constructor(rates: Partial<HarmRates> & { readonly seed?: number }) {
    const {
      ber = 0,
      loss = 0,
      lossUnitOctets = CADU_OCTETS,
      slipOctets = 0,
      inverted = false,
    } = rates
    for (const [name, chance] of [
      ['ber', ber],
      ['loss', loss],
    ] as const)
      if (!(chance >= 0 && chance <= 1))
        throw new Error(`Cannot use ${name} ${chance}: from 0 to 1`)
    if (!(lossUnitOctets >= 1))
      throw new Error(`Cannot lose units of ${lossUnitOctets} octets: from 1`)
    if (!(slipOctets === 0 || slipOctets >= 1))
      throw new Error(`Cannot slip once in ${slipOctets} octets: 0, or from 1`)
    this.#rates = { ber, loss, lossUnitOctets, slipOctets, inverted }
    const seed = rates.seed ?? 1
    this.#losses = new Chance(seed, 0)
    this.#noise = new Chance(seed, 1)
    this.#errors = new Chance(seed, 2)
    this.#slips = new Chance(seed, 3)
    this.#nextUnit = this.#losses.gap(loss)
    this.#nextBit = this.#errors.gap(ber)
    this.#nextSlip = this.#slips.gap(this.#slipChance)
  }

  /** The next octets of the stream, as they arrive: copies, in order. */
  strike(octets: Uint8Array): Uint8Array[] {
    const pieces: Uint8Array[] = []
    const unitOctets = this.#rates.lossUnitOctets
    // Unit by unit, so that no unit is counted twice.
    for (let start = 0; start < octets.length; ) {
      const unit = Math.floor((this.#at + start) / unitOctets)
      const end = Math.min(octets.length, (unit + 1) * unitOctets - this.#at)
      const part = octets.slice(start, end)
      this.#destroy(part, unit)
      this.#turnBits(part, this.#at + start, unit)
      this.#slip(part, { at: this.#at + start, unit, pieces })
      start = end
    }
    this.#at += octets.length
    return pieces
  }

  #destroy(part: Uint8Array, unit: number): void {
    while (this.#nextUnit < unit) this.#nextUnit += 1 + this.#losses.gap(this.#rates.loss)
    if (this.#nextUnit !== unit) return
    for (let i = 0; i < part.length; i++) part[i] = this.#noise.word() >>> 24
    this.#hit(unit)
  }

  #turnBits(part: Uint8Array, at: number, unit: number): void {
    if (this.#rates.inverted) for (let i = 0; i < part.length; i++) part[i] = ~(part[i] as number)
    const end = (at + part.length) * 8
    while (this.#nextBit < end) {
      const place = this.#nextBit - at * 8
      const octet = Math.floor(place / 8)
      part[octet] = (part[octet] as number) ^ (0x80 >> (place % 8))
      this.counters.bitErrors += 1
      this.#hit(unit)
      this.#nextBit += 1 + this.#errors.gap(this.#rates.ber)
    }
  }

  #slip(
    part: Uint8Array,
    { at, unit, pieces }: { at: number; unit: number; pieces: Uint8Array[] },
  ): void {
    let kept = 0
    while (this.#nextSlip < at + part.length) {
      const place = this.#nextSlip - at
      if (place > kept) pieces.push(part.subarray(kept, place))
      const word = this.#slips.word()
      if (word >= 0x8000_0000) pieces.push(Uint8Array.of(word & 0xff))
      kept = word >= 0x8000_0000 ? place : place + 1
      this.counters.slips += 1
      this.#hit(unit)
      this.#nextSlip += 1 + this.#slips.gap(this.#slipChance)
    }
    if (kept < part.length) pieces.push(part.subarray(kept))
  }

  #hit(unit: number): void {
    if (unit !== this.#lastUnitHit) this.counters.framesHit += 1
    this.#lastUnitHit = unit
  }

  get #slipChance(): number {
    return this.#rates.slipOctets === 0 ? 0 : 1 / this.#rates.slipOctets
  }
}

const CADU_OCTETS = 1_279
