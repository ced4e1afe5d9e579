import { spawn } from 'node:child_process'
import { readdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { encode } from '../../bin/encode.ts'
import { UsageError } from '../../bin/options.ts'
import { areSame, benchWith, decoded, encoded } from './decode/recording.ts'

const SIZES = { 'a.bin': 200_000, 'b.txt': 5, 'empty.txt': 0, 'c.bin': 70_001 }

const LINKS: readonly (readonly string[])[] = [
  [],
  ['--segment', '65498', '--pdu-crc'],
  ['--interleave', '1', '--basis', 'conventional', '--no-fecf', '--ocf', '--segment', '100'],
  ['--interleave', '0', '--no-randomized', '--frame-octets', '40', '--checksum', 'modular'],
  [
    '--randomizer',
    'long',
    '--interleave',
    '2',
    '--frame-octets',
    '400',
    '--format',
    'bits',
    '--checksum',
    'null',
  ],
  ['--format', 'frames', '--frame-octets', '1113', '--fecf', '--randomized'],
  ['--format', 'packets', '--checksum', 'crc32'],
  ['--convolutional', '1/2'],
  ['--convolutional', '1/2', '--branches', 'ng2-g1', '--nrz-m', '--format', 'soft'],
  ['--convolutional', '2/3', '--format', 'soft-u8', '--interleave', '1'],
  ['--convolutional', '3/4', '--format', 'float', '--nrz-m'],
  ['--convolutional', '5/6', '--format', 'bits', '--randomizer', 'long'],
  ['--convolutional', '7/8', '--format', 'soft'],
  ['--format', 'soft'],
  ['--format', 'soft-u8', '--nrz-m'],
  ['--format', 'float', '--interleave', '0'],
]
const AOS_LINKS: readonly (readonly string[])[] = [
  [],
  ['--fhec', '--insert-octets', '7', '--ocf', '--interleave', '4', '--no-fecf'],
  ['--format', 'frames', '--frame-octets', '223'],
]

t.test('decode --files gives back what encode was given', async t => {
  const bench = benchWith(t, SIZES)
  const links = [
    ...LINKS.map(link => ({ link, make: 'tm' })),
    ...AOS_LINKS.map(link => ({ link, make: 'aos' })),
  ]
  for (const [i, { link, make }] of links.entries()) {
    const label = `${make} ${link.join(' ')}`
    const recording = bench.path(`recording-${i}`)
    t.equal(await encoded(t, [...bench.files, '--out', recording, '--make', make, ...link]), 0)
    const read = link.filter((_, at) => !isForEncode(link, at))
    const out = bench.path(`out-${i}`)
    const { status, report } = await decoded(t, [recording, '--files', out, ...read])
    t.equal(status, 0, label)
    t.strictSame(readdirSync(out).toSorted(), Object.keys(SIZES).toSorted(), label)
    for (const name of Object.keys(SIZES))
      t.ok(areSame(bench.read(`out-${i}/${name}`), bench.read(name)), `${label} ${name}`)
    t.ok(report.cfdp.transactions.every(file => file.complete && file.checksumRight))
    t.ok(report.channels.every(channel => channel.kind === make && channel.cutPackets === 0))
  }
})

t.test('encode refuses a command line that is wrong', async t => {
  const { files, folder, path } = benchWith(t, { 'a.bin': 10 })
  const [file] = files as [string]
  const wrong: readonly (readonly [RegExp, ...string[]])[] = [
    [/--out is needed/, file],
    [/0 operands/, '--out', path('r')],
    [/it is no file/, folder, '--out', path('r')],
    [/virtual channel 8/, file, '--out', path('r'), '--virtual-channel', '8'],
    [/--apid 2047/, file, '--out', path('r'), '--apid', '2047'],
    [/--entity 65536/, file, '--out', path('r'), '--entity', '65536'],
    [/segments of 0/, file, '--out', path('r'), '--segment', '0'],
    [/both --fecf and --no-fecf/, file, '--out', path('r'), '--fecf', '--no-fecf'],
    [/spacecraft id 1024/, file, '--out', path('r'), '--spacecraft', '1024'],
    [/frames of 3000/, file, '--out', path('r'), '--frame-octets', '3000'],
    [/"6": one of 0, 1/, file, '--out', path('r'), '--interleave', '6'],
    [/no room/, file, '--out', path('r'), '--insert-octets', '1200'],
    [/Cannot write .*none/, file, '--out', path('none/r')],
  ]
  for (const [why, ...args] of wrong) {
    const refused = encode(args)
    await t.rejects(refused, why)
    await t.rejects(refused, UsageError)
  }
})

t.test('encode and decode work in a pipe', async t => {
  const bench = benchWith(t, { 'a.bin': 50_000 })
  const entry = fileURLToPath(new URL('../../bin/downpour.ts', import.meta.url))
  const start = (...args: string[]) =>
    spawn(process.execPath, [...process.execArgv, entry, ...args])
  const writer = start('encode', ...bench.files, '--out', '-')
  const reader = start('decode', '-', '--packets', '-')
  writer.stdout.pipe(reader.stdin)
  const octets: Buffer[] = []
  const said: Buffer[] = []
  reader.stdout.on('data', chunk => octets.push(chunk))
  reader.stderr.on('data', chunk => said.push(chunk))
  t.equal(await new Promise(resolve => reader.once('close', resolve)), 0)
  t.match(Buffer.concat(said).toString(), /a\.bin .*complete, checksum right/)
  writeFileSync(bench.path('packets'), Buffer.concat(octets))
  const { status, report } = await decoded(t, [bench.path('packets'), '--format', 'packets'])
  t.equal(status, 0)
  t.match(report.cfdp.pdus, { metadata: 1, 'file data': 13, eof: 1 })
})

/** Whether decode knows nothing of this option, or of the value that follows it. */
function isForEncode(link: readonly string[], at: number): boolean {
  const taken = ['--segment', '--checksum']
  return link[at] === '--pdu-crc' || taken.includes(link[at]!) || taken.includes(link[at - 1] ?? '')
}
