/**
 * `make interop`: a million words of Reed-Solomon against libfec, as a table that is printed and put into
 * docs/interop-framing.md. With other figures, `npx tsx test/interop/libfec-table.ts WORDS SEED`, it is only printed.
 */
import { buildPeer, compare } from './libfec.ts'
import { publish } from './page.ts'

const given = process.argv.slice(2).map(Number)
const [words = 1_000_000, seed = 1] = given
const program = buildPeer()
if (program === undefined) console.log('libfec is left out. Debian: apt-get install gcc libfec-dev')
else {
  const found = await compare(program, words, seed)
  const rows = [
    '| wrong symbols | words | corrected by both | refused by both | mistaken by both | different |',
    '|---:|---:|---:|---:|---:|---:|',
    ...found.map(({ words, corrected, refused, mistaken, different }, errors) =>
      row([errors, words, corrected, refused, mistaken, different]),
    ),
  ]
  console.log(`RS(255,223) against libfec, ${words} words, both bases, seed ${seed}`)
  console.log(rows.join('\n'))
  if (given.length === 0) publish('docs/interop-framing.md', 'libfec', rows)
  if (found.some(({ different }) => different > 0)) process.exitCode = 1
}

function row(figures: readonly number[]): string {
  return `| ${figures.join(' | ')} |`
}
