import t from 'tap'
import { inkFor } from '../../../bin/ink.ts'
import { type FileResult, summarise, summaryLines } from '../../../bin/pass/summary.ts'
import { LINK, ONBOARD, STATION } from './statuses.ts'

const FILES: FileResult[] = [
  { name: 'image-0001.raw', octets: 800_000, sha256: 'ab'.repeat(32), equal: true },
  { name: 'image-0002.raw', octets: 400_000, sha256: 'cd'.repeat(32), equal: false },
]

const VIEW = {
  nowMs: 0,
  elapsedMs: 14_250,
  contacts: [],
  rateBps: 1_000_000,
  goodputBps: 0,
  files: [],
  onboard: ONBOARD,
  station: STATION,
  link: LINK,
}

const RESULT = { view: VIEW, files: FILES, seed: 7 }

t.test('summarise() is the object of --json', async t => {
  t.strictSame(summarise(RESULT), {
    files: FILES,
    pdus: { sent: 1_020, retransmitted: 36 },
    frames: { sent: 1_216, good: 1_204, corrected: 3, lost: 12 },
    overhead: 0.11111,
    utilisation: 0.98333,
    seconds: { toFirstFrame: 0.212, total: 14.25 },
    rssPeakOctets: { onboard: 58_100_000, station: 60_200_000, link: 47_000_000 },
    seed: 7,
  })
})

t.test('summarise() has null for what was never said', async t => {
  const { onboard: _, station: __, link: ___, ...silent } = VIEW
  t.match(summarise({ ...RESULT, view: silent }), {
    overhead: null,
    utilisation: null,
    frames: { sent: 0, good: 0 },
    seconds: { toFirstFrame: null },
    rssPeakOctets: { onboard: null, station: null, link: null },
  })
})

t.test('summaryLines() is the table for people', async t => {
  const screen = { width: 80, ink: inkFor(false) }
  t.strictSame(summaryLines(summarise(RESULT), screen), [
    '  file                                  octets  sha256          ',
    '  image-0001.raw                       800,000  abababababababab  ✓ equal',
    '  image-0002.raw                       400,000  cdcdcdcdcdcdcdcd  ✗ not equal',
    '',
    '  delivered 1 of 2 files equal',
    '  time      14.3 s, first frame 0.21 s after the start aboard',
    '  goodput   674 kbit/s',
    '  frames    1,216 sent, 1,204 good, 3 corrected, 12 lost',
    '  PDUs      1,020 sent, 36 of them again',
    '  overhead  11.11 %',
    '  line used 98.33 %',
    '  memory    onboard 58.1 MB, station 60.2 MB, link 47.0 MB',
    '  seed      7',
  ])
  const many = Array.from({ length: 30 }, (_, i) => ({
    ...(FILES[0] as FileResult),
    name: `${i}`,
    equal: i > 0,
  }))
  const lines = summaryLines(summarise({ ...RESULT, files: many }), screen)
  t.match(lines[1], /✗ not equal/, 'of many files only what went wrong')
  t.match(lines[3], /29 of 30 files equal/)
})
