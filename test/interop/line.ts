/** Downlinks as they are made by one program and read by another, and how both are told of them. */
import type { Branches, Rate } from '../../protocol/coding/convolutional.ts'
import { Random } from '../kit/random.ts'

/** What is not said is as Downpour has it: dual basis, short sequence, FECF, no OCF. */
export interface Line {
  /** 0: no Reed-Solomon. */
  readonly interleave: 0 | 1 | 2 | 3 | 4 | 5 | 8
  readonly make?: 'aos'
  /** Of a shortened code. */
  readonly frameOctets?: number
  readonly basis?: 'conventional'
  readonly plain?: true
  readonly nrzM?: true
  readonly code?: { readonly rate: Rate; readonly branches: Branches }
  /** Symbols that are wrong in every codeword. */
  readonly wrong?: number
  /** The share of line symbols that are wrong. */
  readonly noise?: number
  readonly inverted?: true
  /** Of the file in it, and of what is wrong. */
  readonly seed?: number
}

export const LINES: readonly Line[] = [
  ...([1, 2, 3, 4, 5, 8] as const).map(interleave => ({ interleave })),
  { interleave: 0 },
  { interleave: 1, basis: 'conventional' },
  { interleave: 5, basis: 'conventional' },
  { interleave: 5, plain: true },
  { interleave: 5, frameOctets: 1_000 },
  { interleave: 4, make: 'aos' },
  { interleave: 1, wrong: 16 },
  { interleave: 5, wrong: 16 },
  { interleave: 5, basis: 'conventional', wrong: 16 },
  { interleave: 5, frameOctets: 500, wrong: 16 },
  { interleave: 5, nrzM: true },
  { interleave: 5, nrzM: true, inverted: true },
  { interleave: 5, inverted: true },
  // With this file data look like a marker 23 octets before one.
  { interleave: 5, seed: 22 },
  ...(['g1-ng2', 'g1-g2', 'ng2-g1', 'g2-g1'] as const).map(branches => ({
    interleave: 5 as const,
    code: { rate: '1/2' as const, branches },
  })),
  { interleave: 1, code: { rate: '1/2', branches: 'g1-ng2' }, noise: 0.04 },
  { interleave: 5, nrzM: true, code: { rate: '1/2', branches: 'g1-ng2' }, noise: 0.02 },
  ...(['2/3', '3/4', '5/6', '7/8'] as const).map(rate => ({
    interleave: 4 as const,
    code: { rate, branches: 'g1-g2' as const },
  })),
]

export function nameOf(line: Line): string {
  const { make = 'tm', interleave, basis = 'dual', plain, nrzM, code } = line
  const words = [
    make.toUpperCase(),
    interleave === 0 ? 'no RS' : `I=${interleave} ${basis}`,
    line.frameOctets === undefined ? '' : `frames of ${line.frameOctets}`,
    plain ? 'not randomized' : '',
    nrzM ? 'NRZ-M' : '',
    code === undefined ? '' : `${code.rate} ${code.branches}`,
    line.wrong === undefined ? '' : `${line.wrong} symbols of each codeword wrong`,
    line.noise === undefined ? '' : `${100 * line.noise} % of the line's symbols wrong`,
    line.inverted ? 'inverted' : '',
    line.seed === undefined ? '' : `seed ${line.seed}`,
  ]
  return words.filter(word => word !== '').join(', ')
}

export function seedOf({ seed = 1 }: Line): number {
  return seed
}

export function frameOctetsOf({ interleave, frameOctets }: Line): number {
  return frameOctets ?? (interleave === 0 ? 1_115 : 223 * interleave)
}

/** Of `downpour encode` and `downpour decode`, but for the format. */
export function ourOptions(line: Line): string[] {
  const { interleave, basis = 'dual', plain, nrzM, code } = line
  return [
    ...['--interleave', `${interleave}`, '--frame-octets', `${frameOctetsOf(line)}`],
    ...['--basis', basis],
    ...(plain ? ['--no-randomized'] : []),
    ...(nrzM ? ['--nrz-m'] : []),
    ...(code === undefined ? [] : ['--convolutional', code.rate, '--branches', code.branches]),
  ]
}

/** Which bits, or symbols of the convolutional code, of a recording are wrong. */
export function wrongPlaces(line: Line, cadus: number, symbols: number): number[] {
  const random = new Random(seedOf(line))
  const { interleave, wrong = 0, noise = 0 } = line
  const codeword = frameOctetsOf(line) / Math.max(1, interleave) + 32
  const caduOctets = 4 + interleave * codeword
  const places: number[] = []
  if (wrong > 0) {
    const words = cadus * interleave
    for (let i = 0; i < words; i++)
      for (const symbol of random.places(wrong, codeword)) {
        const cadu = Math.floor(i / interleave) * caduOctets
        const octet = cadu + 4 + symbol * interleave + (i % interleave)
        places.push(8 * octet + random.below(8))
      }
  }
  if (noise > 0) for (let at = 0; at < symbols; at++) if (random.next() < noise) places.push(at)
  return places
}
