import t from 'tap'
import { coverageBar, levelBar, paintBar } from '../../bin/bars.ts'
import { inkFor, showsColour } from '../../bin/ink.ts'
import type { StationFile } from '../../bin/statuses.ts'

t.test('levelBar() fills in eighths of a cell', async t => {
  t.equal(levelBar(0, 100, 8), '        ')
  t.equal(levelBar(50, 100, 8), '████    ')
  t.equal(levelBar(1, 64, 8), '▏       ')
  t.equal(levelBar(99, 100, 4), '███▉')
  t.equal(levelBar(200, 100, 4), '████')
  t.equal(levelBar(1, 0, 4), '    ')
})

t.test('coverageBar() draws the gaps as holes, where they are', async t => {
  const gaps = [
    [100, 200],
    [350, 400],
    [430, 440],
  ] as const
  t.equal(coverageBar(file({ heldOctets: 640, gapCount: 3, gaps }), 10), '█·█▒▓███··')
  t.equal(coverageBar(file({ heldOctets: 5 }), 10), '░·········', 'a little is seen')
  t.equal(coverageBar(file({ octets: null, heldOctets: 500 }), 4), '████', 'as far as it is known')
})

t.test('coverageBar() does not mind a gap that is the rest of the file', async t => {
  const gaps = [[400, 1_000]] as const
  t.equal(coverageBar(file({ heldOctets: 400, gapCount: 1, gaps }), 10), '████······')
})

t.test('coverageBar() of a delivered file, and of an empty one, is full', async t => {
  t.equal(coverageBar(file({ heldOctets: 1_000, state: 'delivered' }), 5), '█████')
  t.equal(coverageBar(file({ octets: 0, heldOctets: 0, state: 'delivered' }), 5), '█████')
  t.equal(coverageBar(file({ octets: 0, heldOctets: 0 }), 5), '·····')
})

t.test('paintBar() colours what is held and dims what is not', async t => {
  t.equal(
    paintBar('█▒··█', inkFor(true), 'flow'),
    '\x1b[36m█▒\x1b[0m\x1b[2m··\x1b[0m\x1b[36m█\x1b[0m',
  )
  t.equal(paintBar('█▒··█', inkFor(false), 'flow'), '█▒··█')
})

t.test('showsColour() is for terminals, unless NO_COLOR has a value', async t => {
  t.ok(showsColour({ isTTY: true }, {}))
  t.ok(showsColour({ isTTY: true }, { NO_COLOR: '' }))
  t.notOk(showsColour({ isTTY: true }, { NO_COLOR: '1' }))
  t.notOk(showsColour({ isTTY: true }, { TERM: 'dumb' }))
  t.notOk(showsColour({}, {}))
})

function file(part: Partial<StationFile>): StationFile {
  return {
    source: 1,
    sequence: 1,
    name: 'image.raw',
    octets: 1_000,
    heldOctets: 0,
    gapCount: 0,
    gaps: [],
    state: 'receiving',
    ...part,
  }
}
