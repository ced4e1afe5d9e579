/**
 * The whole way of an octet at each end, in one process and without a disk: file -> CADUs, and CADUs -> octets
 * with their checksum; and whether a PDU of a long file costs more than one of a short file:
 * `make bench ONLY=paths`; with --quick a shorter one.
 */
import { median, report } from './kit/figures.ts'
import { flyPair, type PairFound } from './kit/pair.ts'

const MI = 2 ** 20
const LONG = process.argv.includes('--quick') ? 128 * MI : 1_024 * MI
const SEGMENTS = [
  { name: 'one segment a frame', octets: 1_081, aligned: true },
  { name: 'segments of 16 KiB', octets: 16_384, aligned: false },
]
const ALIGNED = { octets: 1_081, aligned: true }
/** What was compiled for one kind of segments is compiled anew for the other, and slow meanwhile. */
const WARMING = 12
const ROUNDS = 9
const SHORT_FILES = 96

const speeds = SEGMENTS.flatMap(segment => {
  for (let i = 0; i < WARMING; i++) flyPair(32 * MI, segment)
  const rounds = Array.from({ length: ROUNDS }, () => flyPair(32 * MI, segment))
  const speed = (ms: (found: PairFound) => number) =>
    median(rounds.map(found => (32 * MI) / ms(found) / 1_000))
  const beside = `${segment.name}, I=5, file of 32 MiB`
  return [
    {
      what: 'file octets to CADUs',
      value: speed(found => found.aboardMs),
      unit: 'MB/s',
      beside,
      // One segment a frame is for lines that lose frames, and those are not that fast.
      ...(segment.aligned ? {} : { least: 400 }),
    },
    {
      what: 'CADUs to checked file octets',
      value: speed(found => found.ashoreMs),
      unit: 'MB/s',
      beside,
    },
  ]
})

// In CPU time: others may be busy here, too. As many short files before the long one as after it.
costOf(SHORT_FILES, MI)
const before = costOf(SHORT_FILES, MI)
const long = costOf(1, LONG)
const short = (before + costOf(SHORT_FILES, MI)) / 2

report([
  ...speeds,
  {
    what: `cost of a PDU, file of ${LONG / MI} MiB against 1 MiB`,
    value: long / short,
    unit: '',
    most: 1.1,
    beside: `${long.toFixed(1)} and ${short.toFixed(1)} us of CPU, both ends together`,
  },
])

/** Microseconds of CPU a PDU, both ends together. */
function costOf(files: number, octets: number): number {
  const begun = process.cpuUsage()
  let pdus = 0
  for (let i = 0; i < files; i++) pdus += flyPair(octets, ALIGNED).pdus
  const { user, system } = process.cpuUsage(begun)
  return (user + system) / pdus
}
