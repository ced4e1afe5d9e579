import t from 'tap'
import { buildPeer, compare } from './libfec.ts'

const SEED = Number(process.env['SEED'] ?? 1)
const program = buildPeer()
const isAbsent = program === undefined ? 'no C compiler, or no libfec-dev' : false

t.test('libfec and we code the same, and decode the same', { skip: isAbsent }, async t => {
  const words = 18 * 400
  const rows = await compare(program!, words, SEED)
  for (const [errors, row] of rows.entries()) {
    const all = errors <= 16 ? { corrected: 400, refused: 0 } : { corrected: 0, refused: 400 }
    // One in 10^13.6 words beyond correction would be taken for another.
    const label = `${errors} wrong: npx tsx test/interop/libfec-table.ts ${words} ${SEED}`
    t.strictSame(row, { words: 400, ...all, mistaken: 0, different: 0 }, label)
  }
})
