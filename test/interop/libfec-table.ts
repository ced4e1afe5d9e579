/** `make interop`: a million words of Reed-Solomon against libfec, as a table: `npx tsx test/interop/libfec-table.ts [WORDS] [SEED]`. */
import { buildPeer, compare } from './libfec.ts'

const [words = 1_000_000, seed = 1] = process.argv.slice(2).map(Number)
const WIDTHS = [13, 9, 19, 17, 18, 11]
const program = buildPeer()
if (program === undefined)
  console.log('Reed-Solomon against libfec: not here. Debian: apt-get install gcc libfec-dev')
else {
  const rows = await compare(program, words, seed)
  console.log(`RS(255,223) against libfec, ${words} words, both bases, seed ${seed}`)
  console.log(
    'wrong symbols    words  corrected by both  refused by both  mistaken by both  different',
  )
  for (const [errors, row] of rows.entries()) {
    const { corrected, refused, mistaken, different } = row
    const columns = [errors, row.words, corrected, refused, mistaken, different]
    console.log(columns.map((figure, i) => String(figure).padStart(WIDTHS[i] as number)).join(''))
  }
  if (rows.some(({ different }) => different > 0)) process.exitCode = 1
}
