/**
 * PDUs with wrong octets. parsePdu() never throws; what it takes for a PDU, encodePdu() writes so that it is
 * read the same again. SEED=17 flies one seed, as the label of a failure says.
 */
import t from 'tap'
import { encodePdu, parsePdu } from '../../protocol/cfdp/pdu/codec.ts'
import { describePdu } from '../../protocol/cfdp/pdu/describe.ts'
import { crc16 } from '../../protocol/coding/crc16.ts'
import { OctetWriter } from '../../protocol/octets/writer.ts'
import { fromHex, toHex } from '../kit/hex.ts'
import { Random } from '../kit/random.ts'
import { VECTORS } from '../protocol/cfdp/pdu/vectors.ts'

const SEED = Number(process.env['SEED'] ?? 1)
const MUTANTS = 200_000
/** Longer ones differ in nothing but their file data, and take long. */
const OCTETS_MAX = 600

t.test('parsePdu() never throws, and what it takes survives encodePdu()', async t => {
  const random = new Random(SEED)
  const seeds = VECTORS.pdus.map(vector => fromHex(vector.hex)).filter(o => o.length <= OCTETS_MAX)
  const out = new OctetWriter(OCTETS_MAX)
  let taken = 0
  for (let round = 0; round < MUTANTS; round++) {
    const mutant = mutated(seeds[random.below(seeds.length)] as Uint8Array, random)
    const pdu = parsePdu(mutant)
    if (pdu.kind === 'malformed') continue
    taken += 1
    out.clear()
    encodePdu(pdu, out)
    const again = parsePdu(out.written())
    // One comparison a PDU by tap would take minutes; the text tells every field and every bigint apart.
    if (textOf(again) !== textOf(pdu))
      t.strictSame(again, pdu, `SEED=${SEED} round ${round}: ${toHex(mutant)}`)
    if (round % 16 === 0) describePdu(pdu, mutant)
  }
  t.ok(taken > MUTANTS / 10, `${taken} of ${MUTANTS} mutants are PDUs`)
  t.ok(taken < MUTANTS, `${MUTANTS - taken} of ${MUTANTS} are none`)
})

function mutated(octets: Uint8Array, random: Random): Uint8Array {
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

function textOf(pdu: object): string {
  return JSON.stringify(pdu, (_, value: unknown) => {
    if (typeof value === 'bigint') return `${value}n`
    return value instanceof Uint8Array ? toHex(value) : value
  })
}
