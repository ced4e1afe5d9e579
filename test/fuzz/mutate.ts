/** Octets made wrong, so that they still look like what they were. */
import { crc16 } from '../../protocol/coding/crc16.ts'
import type { Random } from '../kit/random.ts'

/** How many inputs a fuzz test takes: as many as FUZZ_INPUTS says, or as fit a usual run. */
export function inputsOf(usual: number): number {
  return Number(process.env['FUZZ_INPUTS'] ?? usual)
}

/** A PDU with a few octets wrong, cut or longer; half of the time its length and its CRC are made to agree again. */
export function mutated(octets: Uint8Array, random: Random): Uint8Array {
  const mutant = resized(octets, random)
  for (let changes = 1 + random.below(4); changes > 0 && mutant.length > 0; changes--) {
    const at = random.below(random.below(4) === 0 ? mutant.length : Math.min(mutant.length, 40))
    const bit = 1 << random.below(8)
    mutant[at] = random.below(2) === 0 ? (mutant[at] as number) ^ bit : random.word()
  }
  if (random.below(2) === 0) repairLength(mutant)
  if (random.below(2) === 0) repairCrc(mutant)
  return mutant
}

function resized(octets: Uint8Array, random: Random): Uint8Array {
  const length = [octets.length, random.below(octets.length + 1), octets.length + random.below(12)][
    random.below(3)
  ] as number
  const mutant = random.octets(length)
  mutant.set(octets.subarray(0, length))
  return mutant
}

/** Makes the header say what is there, so that the mutant is not refused for this alone. */
function repairLength(mutant: Uint8Array): void {
  if (mutant.length < 4) return
  const widths = mutant[3] as number
  const header = 4 + 2 * (((widths >>> 4) & 7) + 1) + (widths & 7) + 1
  const length = Math.max(0, mutant.length - header)
  mutant.set([length >>> 8, length], 1)
}

function repairCrc(mutant: Uint8Array): void {
  if (mutant.length < 2) return
  const end = mutant.length - 2
  const crc = crc16(mutant, 0, end)
  mutant.set([crc >>> 8, crc], end)
}
