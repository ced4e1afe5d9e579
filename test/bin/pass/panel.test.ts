import { stripVTControlCharacters } from 'node:util'
import t from 'tap'
import { inkFor } from '../../../bin/ink.ts'
import { panelLines, progressLine } from '../../../bin/pass/panel.ts'
import { contactView, fileViews, isOver, type PassView } from '../../../bin/pass/view.ts'
import { statusLines } from '../../../bin/status-lines.ts'
import { LINK, ONBOARD, STATION } from './statuses.ts'

const PLAIN = { width: 90, ink: inkFor(false), filesMax: 10 }

const VIEW: PassView = {
  nowMs: 1_010_000,
  elapsedMs: 10_000,
  contacts: [
    { startMs: 1_000_000, endMs: 1_022_400 },
    { startMs: 1_030_000, endMs: 5_000_000 },
  ],
  rateBps: 1_000_000,
  goodputBps: 912_345,
  files: ['image-0001.raw', 'image-0002.raw', 'telemetry.bin', 'log.txt'].map((name, index) => ({
    name,
    index,
    octets: 400_000,
  })),
  onboard: ONBOARD,
  station: STATION,
  link: LINK,
}

t.test('panelLines() draws a pass', async t => {
  t.strictSame(panelLines(VIEW, PLAIN), [
    '  downpour  pass 1 of 2  ● in contact, closes in 00:13                              10.0 s',
    '',
    '  image-0001.raw           400 kB  █████████████████████████████████████ 100 %  safe ✓',
    '  image-0002.raw           400 kB  █████████░······▒██████████▓·▒███████  75 %  2 gaps',
    '  telemetry.bin            400 kB  ██████████████████▒··················  50 %  sending',
    '  log.txt                  400 kB  ·····································   0 %  waiting',
    '',
    '  goodput  ▕████████████████████████████████████▍   ▏ 912 kbit/s of 1.00 Mbit/s',
    '  frames   1,204 good   3 corrected   12 lost (1.0 %)',
    '  PDUs     1,020 sent   36 of them again',
    '  buffer   ▕████████████                            ▏ 1.20 MB of 4.00 MB',
    '  waiting  610 kB sent and not acknowledged',
    '  memory   onboard 58.1 MB   station 60.2 MB   link 47.0 MB',
  ])
})

t.test('panelLines() draws what is not known yet', async t => {
  const { onboard: _, station: __, link: ___, ...unknown } = VIEW
  t.strictSame(panelLines({ ...unknown, goodputBps: 0 }, PLAIN), [
    '  downpour  pass 1 of 2  ● in contact, closes in 00:13                              10.0 s',
    '',
    '  image-0001.raw           400 kB  ·····································   0 %  waiting',
    '  image-0002.raw           400 kB  ·····································   0 %  waiting',
    '  telemetry.bin            400 kB  ·····································   0 %  waiting',
    '  log.txt                  400 kB  ·····································   0 %  waiting',
    '',
    '  goodput  ▕                                        ▏ 0 bit/s of 1.00 Mbit/s',
    '  frames   0 good   0 corrected   0 lost (0 %)',
    '  PDUs     0 sent   0 of them again',
    '  buffer   ▕                                        ▏ 0 B of 0 B',
    '  waiting  0 B sent and not acknowledged',
    '  memory   -',
  ])
})

t.test(
  'panelLines() counts the files that have no line, the ones on their way shown first',
  async t => {
    const lines = panelLines(VIEW, { ...PLAIN, filesMax: 2 })
    t.match(lines[2], /image-0002/)
    t.match(lines[3], /telemetry/)
    t.equal(lines[4], '  and 2 more files, 1 of them safe')
  },
)

t.test('panelLines() keeps within the width, with colours too', async t => {
  for (const width of [60, 80, 120]) {
    for (const line of panelLines(VIEW, { ...PLAIN, width })) t.ok(line.length <= width, line)
    const painted = panelLines(VIEW, { ...PLAIN, width, ink: inkFor(true) })
    const bare = painted.map(line => stripVTControlCharacters(line))
    t.strictSame(bare, panelLines(VIEW, { ...PLAIN, width }))
    t.not(painted.join(), bare.join())
  }
})

t.test('progressLine() is one line for a log', async t => {
  t.equal(
    progressLine(VIEW),
    't=10.0s contact=open safe=1/4 held=900000/1600000 unacknowledged=610000 goodput=912345bit/s good=1204 corrected=3 lost=12 retransmitted=36',
  )
})

t.test('contactView() counts down to the next change', async t => {
  const at = (nowMs: number) => contactView({ ...VIEW, nowMs })
  t.strictSame(at(999_000), { open: false, number: 1, changesInMs: 1_000 })
  t.strictSame(at(1_000_000), { open: true, number: 1, changesInMs: 22_400 })
  t.strictSame(at(1_022_400), { open: false, number: 2, changesInMs: 7_600 })
  t.strictSame(at(5_000_000), { open: false, number: 2 })
})

t.test('a file is over when both ends know that it is safe, or one that it failed', async t => {
  const phases = fileViews(VIEW).map(file => file.phase)
  t.strictSame(phases, ['safe', 'repairing', 'sending', 'waiting'])
  t.notOk(isOver(fileViews(VIEW)))
  const files = ONBOARD.files.map((file, i) =>
    i === 0 ? file : { ...file, state: 'failed' as const, why: 'torn' },
  )
  const failed = fileViews({ ...VIEW, onboard: { ...ONBOARD, files } })
  t.ok(isOver(failed))
  t.equal(failed[1]?.why, 'torn')
  const unaware = ONBOARD.files.map(file => ({ ...file, state: 'awaiting' as const }))
  t.equal(fileViews({ ...VIEW, onboard: { ...ONBOARD, files: unaware } })[0]?.phase, 'delivered')
})

t.test('statusLines() says when a station heard, if its modem does', async t => {
  const modem = { ...STATION.modem, heardAt: '2026-05-01T10:00:00.000Z' }
  t.match(
    statusLines({ ...STATION, modem }, PLAIN)[1],
    /opened 1 times, heard last at 2026-05-01T10:00:00.000Z$/,
  )
})

t.test('statusLines() keeps what a row is about apart from what it says', async t => {
  const orders = [{ counter: 6, command: 'noop', state: 'waiting' }] as const
  t.ok(statusLines({ ...STATION, orders }, PLAIN).includes('  commands 6 noop'))
})

t.test('statusLines() says which files are suspended', async t => {
  const [one, ...more] = ONBOARD.files
  const files = [{ ...(one as (typeof ONBOARD.files)[number]), suspended: true } as const, ...more]
  const lines = statusLines({ ...ONBOARD, files }, PLAIN)
  t.equal(lines.filter(line => line.endsWith(' suspended')).length, 1)
})

t.test('statusLines() shows each role', async t => {
  t.strictSame(statusLines(ONBOARD, PLAIN), [
    'onboard  pid 101  ● in contact, ends in 00:13',
    '  modem   open, 52.1 kB in, 1.34 MB out, opened 1 times',
    '  buffer  ▕██████              ▏ 1.20 MB of 4.00 MB, 3 of 10,000 files',
    '  PDUs    1,020 sent, 36 of them again',
    '  frames  1,216 sent, 4 of them idle',
    '  uplink  9 frames, COP-1 open at 9',
    '  clock   stepped 2 times, last by -3600.5 s',
    '  recv    pdu 7, nak_segment_requests 36',
    '  sent    file_data_bytes 1,010,000, pdu 1,020',
    '  fault   nothing',
    '  q_size  pend 1, txa 1, txw 1',
    '  image-0001.raw             400 kB  ██████████████████████████████ 100 %  done',
    '  image-0002.raw             400 kB  ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░   0 %  awaiting',
    '  telemetry.bin              400 kB  ░░░░░░░░░░░░░░░░··············   0 %  sending',
    '  log.txt                    400 kB  ······························   0 %  queued',
    '  memory  58.1 MB at most',
  ])
  t.strictSame(statusLines(STATION, { ...PLAIN, filesMax: 2 }), [
    'station  pid 102  ● in contact',
    '  modem   open, 52.1 kB in, 1.34 MB out, opened 1 times',
    '  lock    locked',
    '  frames  1,204 good, 3 corrected, 12 lost, 12 bad',
    '  PDUs    1,003 received, 9 sent, 0 malformed',
    '  uplink  BD, 9 frames',
    '  recv    pdu 1,003',
    '  sent    nothing',
    '  fault   crc_mismatch 1',
    '  q_size  rx 2',
    '  1 files before these',
    '  image-0002.raw             400 kB  ███████▒·····▒████████▒·██████  75 %  receiving 2 gaps',
    '  telemetry.bin              400 kB  ███████████████···············  50 %  receiving',
    '  memory  60.2 MB at most',
  ])
  t.strictSame(statusLines(LINK, PLAIN), [
    'link  pid 103  ○ no contact, the next one in 00:03',
    '  rate    1.00 Mbit/s',
    '  down    1.34 MB in, 1.32 MB out, 20.0 kB dropped, 17 bit errors, 1 slips, 15 frames hit',
    '  up      5.20 kB in, 5.20 kB out, 0 B dropped, 0 bit errors, 0 slips, 0 frames hit',
    '  memory  47.0 MB at most',
  ])
})
