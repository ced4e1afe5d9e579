/**
 * PDUs with wrong octets. parsePdu() never throws; what it takes for a PDU, encodePdu() writes so that it is
 * read the same again. SEED=17 flies one seed, as the label of a failure says.
 */
import t from 'tap'
import { encodePdu, parsePdu } from '../../protocol/cfdp/pdu/codec.ts'
import { describePdu } from '../../protocol/cfdp/pdu/describe.ts'
import { OctetWriter } from '../../protocol/octets/writer.ts'
import { fromHex, toHex } from '../kit/hex.ts'
import { Random } from '../kit/random.ts'
import { VECTORS } from '../protocol/cfdp/pdu/vectors.ts'
import { inputsOf, mutated } from './mutate.ts'

const SEED = Number(process.env['SEED'] ?? 1)
const MUTANTS = inputsOf(500_000)
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

function textOf(pdu: object): string {
  return JSON.stringify(pdu, (_, value: unknown) => {
    if (typeof value === 'bigint') return `${value}n`
    return value instanceof Uint8Array ? toHex(value) : value
  })
}
