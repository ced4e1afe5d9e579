import t from 'tap'
import { heardByThem, heardByUs, pythonWithGnuRadio } from './gr-satellites.ts'
import { LINES, nameOf } from './line.ts'

const python = pythonWithGnuRadio()
const isAbsent = python === undefined ? 'no GNU Radio with gr-satellites' : false
/** Two of the lines of `make interop`, which tries all. */
const CASES = LINES.filter(({ wrong, code, noise, interleave }) =>
  code === undefined
    ? wrong === 16 && interleave === 1
    : code.branches === 'g1-ng2' && noise === undefined,
)

t.test('gr-satellites reads our frames, and we read its', { skip: isAbsent }, async t => {
  for (const line of CASES) {
    const folder = t.testdir({})
    const theirs = heardByThem(python!, line, folder)
    const label = `npx tsx test/interop/framing-table.ts '${nameOf(line)}'`
    t.ok(theirs!.sent > 50, label)
    t.equal(theirs!.same, theirs!.sent, label)
    const ours = heardByUs(python!, line, folder)
    t.strictSame(ours, { sent: theirs!.sent, same: theirs!.sent, foreign: 0, isSame: true }, label)
  }
})
