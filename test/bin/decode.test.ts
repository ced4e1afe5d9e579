import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import t, { type Test } from 'tap'
import { decode } from '../../bin/decode.ts'
import { UsageError } from '../../bin/options.ts'
import { isAbsent, recordingPath } from '../real/recordings.ts'
import { areSame, type Bench, benchWith, decoded, encoded, spoken } from './decode/recording.ts'

const CADU_OCTETS = 1279

t.test('decode keeps what there is of a damaged file, and says what is missing', async t => {
  const { bench, octets } = await recorded(t, { 'a.bin': 100_000, 'b.txt': 500 })
  octets.fill(0, 20 * CADU_OCTETS, 23 * CADU_OCTETS)
  writeFileSync(bench.path('hurt'), octets)
  const { status, report } = await decoded(t, [bench.path('hurt'), '--files', bench.path('out')])
  t.equal(status, 1)
  t.match(report.channels, [{ gaps: 1, missingFrames: 3, cutPackets: 1 }])
  const [file, other] = report.cfdp.transactions
  t.match(file, { name: 'a.bin', octets: 100_000, complete: false, checksumRight: null })
  t.match(file?.why, /octets missing/)
  t.strictSame(readdirSync(bench.path('out')).toSorted(), ['a.bin.part', 'b.txt'])
  t.match(other, { complete: true, checksumRight: true, path: bench.path('out/b.txt') })
  const part = bench.read('out/a.bin.part')
  const whole = bench.read('a.bin')
  for (const [start, end] of file?.gaps ?? []) {
    t.ok(part.subarray(start, end).every(octet => octet === 0))
    part.set(whole.subarray(start, end), start)
  }
  t.ok(areSame(part, whole), 'all but the gaps is there')
})

t.test('decode joins what two stations heard', async t => {
  const { bench, octets } = await recorded(t, { 'a.bin': 100_000 })
  const half = 50 * CADU_OCTETS
  writeFileSync(bench.path('one'), octets.subarray(0, half))
  writeFileSync(bench.path('two'), octets.subarray(half - 10 * CADU_OCTETS))
  const out = bench.path('out')
  const { status, report } = await decoded(t, [
    bench.path('two'),
    bench.path('one'),
    '--files',
    out,
  ])
  t.equal(status, 0)
  t.match(report.cfdp.transactions, [{ complete: true, checksumRight: true, gaps: [] }])
  t.ok(areSame(bench.read('out/a.bin'), bench.read('a.bin')))
  const without = await decoded(t, [bench.path('two'), bench.path('one')])
  t.match(without.report.cfdp.transactions, [{ complete: true, checksumRight: null, path: null }])
})

t.test(
  'decode finds frames at any bit, inverted and with errors that Reed-Solomon corrects',
  async t => {
    const { bench, octets } = await recorded(t, { 'a.bin': 30_000 })
    const hurt = new Uint8Array(octets.length + 1)
    for (const [i, octet] of octets.entries()) {
      const wrong = i % CADU_OCTETS === 100 ? octet ^ 0x41 : octet
      hurt[i]! |= (wrong ^ 0xff) >>> 3
      hurt[i + 1]! |= ((wrong ^ 0xff) << 5) & 0xff
    }
    writeFileSync(bench.path('hurt'), hurt)
    const { status, report } = await decoded(t, [bench.path('hurt')])
    t.equal(status, 0)
    const frames = octets.length / CADU_OCTETS
    t.match(report.frames, { good: frames, corrected: frames, symbolsCorrected: frames, bad: 0 })
    t.match(report.sync, { inversions: 1 })
    t.match(report.cfdp.transactions, [{ checksumRight: true }])
  },
)

t.test('decode tells a file whose checksum is wrong: it is a .part', async t => {
  const { bench, octets } = await recorded(t, { 'a.bin': 3_000 }, ['--format', 'packets'])
  octets[2_000]! ^= 1
  writeFileSync(bench.path('hurt'), octets)
  const args = [bench.path('hurt'), '--format', 'packets', '--files', bench.path('out')]
  const { status, report } = await decoded(t, args)
  t.equal(status, 1)
  t.match(report.cfdp.transactions, [
    { complete: true, checksumRight: false, why: 'checksum wrong' },
  ])
  t.strictSame(readdirSync(bench.path('out')), ['a.bin.part'])
  const again = await decoded(t, [bench.path('hurt'), bench.path('packets'), ...args.slice(1)])
  t.match(again.report.cfdp.transactions, [{ checksumRight: true }], 'another pass mends it')
})

t.test('decode leaves what it was not asked for', async t => {
  const { bench } = await recorded(t, { 'a.bin': 3_000 }, ['--virtual-channel', '3'])
  const recording = bench.path('packets')
  const none = await decoded(t, [recording, '--virtual-channel', '2'])
  t.match(none.report, { channels: [{ virtualChannel: 3 }], cfdp: { transactions: [] } })
  const foreign = await decoded(t, [recording, '--spacecraft', '41'])
  t.match(foreign, { status: 1, report: { channels: [], frames: { good: 0, foreign: Number } } })
  t.ok(foreign.report.frames.foreign > 0)
  const aos = await decoded(t, [recording, '--expect', 'aos'])
  t.match(aos, { status: 1, report: { frames: { good: 0, why: [/version 0: 1 is AOS/] } } })
  const apid = await decoded(t, [recording, '--apid', '7'])
  t.match(apid.report.cfdp.pdus, {})
  t.equal((await decoded(t, [recording, '--apid', '2045'])).report.cfdp.transactions.length, 1)
})

t.test('decode stops at what is no packet', async t => {
  const { bench, octets } = await recorded(t, { 'a.bin': 3_000 }, ['--format', 'packets'])
  writeFileSync(bench.path('hurt'), Uint8Array.of(...octets, 0xff, ...octets))
  const { status, report } = await decoded(t, [bench.path('hurt'), '--format', 'packets'])
  t.equal(status, 1)
  t.equal(report.leftOctets, octets.length + 1)
  t.match(report.cfdp.transactions, [{ checksumRight: true }])
})

t.test('decode prints a table, and no name that speaks to the terminal', async t => {
  const { bench } = await recorded(t, { 'a\x1b[31m.bin': 3_000 })
  const { status, text } = await spoken(t, () => decode([bench.path('packets')]))
  t.equal(status, 0)
  t.match(text, /tm 42\/0 +\d frames .*0 gaps/)
  t.match(text, /apid 2045 +3 packets/)
  t.match(text, /1-1 +a\ufffd\[31m\.bin +3\.00 kB of 3\.00 kB \(100 %\) +complete, checksum right/)
})

t.test('decode --files keeps to its folder, whatever the names', async t => {
  const { bench } = await recorded(t, { 'a.bin': 100 }, ['--format', 'packets'])
  const octets = bench.read('packets')
  const at = Buffer.from(octets).lastIndexOf('a.bin')
  octets.set(new TextEncoder().encode('../ab'), at)
  writeFileSync(bench.path('hurt'), octets)
  const args = [bench.path('hurt'), '--format', 'packets', '--files', bench.path('out')]
  t.equal((await decoded(t, args)).status, 0)
  t.strictSame(readdirSync(bench.path('out')), ['1-1'])
  t.notOk(existsSync(bench.path('ab')))
})

t.test('decode finds what others found in recordings', { skip: isAbsent }, async t => {
  const hera = await decoded(t, [
    recordingPath('hera_lo2_1113.tm'),
    ...['--format', 'frames', '--frame-octets', '1113', '--no-fecf'],
  ])
  t.equal(hera.status, 1)
  t.match(hera.report, {
    frames: { good: 581, bad: 0 },
    channels: [
      {
        virtualChannel: 1,
        frames: 456,
        gaps: 75,
        missingFrames: 418,
        packets: 2302,
        cutPackets: 75,
      },
      { virtualChannel: 7, frames: 125, gaps: 22, missingFrames: 116, idleFrames: 125, packets: 0 },
    ],
  })
  t.strictSame(hera.report.cfdp.transactions, [], 'telemetry is taken for no PDU')
  const mars = await decoded(t, [
    recordingPath('mars2020_safe_223.aos'),
    ...['--format', 'frames', '--frame-octets', '223'],
  ])
  t.match(mars, { status: 1, report: { frames: { good: 3, bad: 1 } } })
  t.match(mars.report.channels, [{ kind: 'aos', packets: 4, idlePackets: 2 }])
  const trisat = await decoded(t, [
    recordingPath('trisat_viterbi_ph0.bits'),
    ...['--interleave', '1', '--no-fecf'],
  ])
  t.match(trisat, { status: 0, report: { frames: { good: 5, corrected: 1, symbolsCorrected: 1 } } })
})

t.test('decode finds out the randomizer when it is not told', async t => {
  for (const randomizer of ['short', 'long'] as const)
    for (const link of [[], ['--interleave', '0', '--frame-octets', '500']]) {
      const { bench } = await recorded(t, { 'a.bin': 9_000 }, ['--randomizer', randomizer, ...link])
      const { status, report } = await decoded(t, [bench.path('packets'), ...link])
      t.equal(status, 0)
      t.equal(report.randomizer, randomizer)
      const other = randomizer === 'short' ? 'long' : 'short'
      const told = await decoded(t, [bench.path('packets'), ...link, '--randomizer', other])
      t.match(told, { status: 1, report: { randomizer: null, frames: { good: 0 } } })
    }
})

t.test('decode says what a convolutional code was, and how much of it was wrong', async t => {
  const link = ['--convolutional', '1/2', '--format', 'soft']
  const { bench, octets } = await recorded(t, { 'a.bin': 30_000 }, [...link, '--branches', 'g2-g1'])
  for (let at = 0; at < octets.length; at += 50) octets[at] = 256 - octets[at]!
  writeFileSync(bench.path('hurt'), octets.subarray(3))
  const args = [bench.path('hurt'), ...link, '--branches', 'any']
  const { status, report } = await decoded(t, args)
  // The first symbols were lost, and with them the first frame of the file.
  t.equal(status, 1)
  t.match(report.convolutional, { rate: '1/2', branches: 'g2-g1', slips: 0 })
  t.equal(report.convolutional!.symbols, octets.length - 3 - 1)
  const share = report.convolutional!.corrected / report.convolutional!.symbols
  t.ok(Math.abs(share - 0.02) < 1e-3, `${share}`)
  const { text } = await spoken(t, () => decode(args))
  t.match(
    text,
    /symbols +rate 1\/2, g2-g1: [\d,]+ of a code, [\d,]+ of them wrong \(2\.0 %\), 0 slips/,
  )
  const twice = await decoded(t, [bench.path('hurt'), ...args])
  t.equal(twice.report.convolutional!.symbols, 2 * report.convolutional!.symbols)
  const none = await spoken(t, () => decode([bench.files[0]!, '--convolutional', '7/8']))
  t.match(none.text, /symbols +rate 7\/8/)
})

t.test('decode refuses a command line that is wrong', async t => {
  const { files, path } = benchWith(t, { 'a.bin': 10 })
  await t.rejects(decode([]), UsageError)
  await t.rejects(decode([path('none')]), /Cannot read .*none/)
  await t.rejects(decode([...files, '--expect', 'uslp']), /one of tm, aos/)
  await t.rejects(decode([...files, '--packets', path('none/p')]), /Cannot write/)
  await t.rejects(decode([...files, '--branches', 'any']), /without --convolutional/)
  const coded = [...files, '--convolutional', '1/2']
  await t.rejects(decode([...coded, '--format', 'packets']), /it has no symbols/)
  await t.rejects(decode([path('.')]), /Cannot read .*: it is a folder/)
  t.match(await spoken(t, () => decode(['--help'])), { status: 0, text: /usage: downpour decode/ })
  t.equal((await decoded(t, files)).status, 1, 'nothing was found')
})

/** A bench with a recording `packets` of all its files, and its octets. */
async function recorded(
  t: Test,
  sizes: Readonly<Record<string, number>>,
  options: readonly string[] = [],
): Promise<{ readonly bench: Bench; readonly octets: Uint8Array }> {
  const bench = benchWith(t, sizes)
  t.equal(await encoded(t, [...bench.files, '--out', bench.path('packets'), ...options]), 0)
  return { bench, octets: bench.read('packets') }
}
