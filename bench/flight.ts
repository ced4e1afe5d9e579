/**
 * Memory and start of the flight process, serial modem and all, as `downpour onboard` is typed:
 * `make bench ONLY=flight`. Memory is the kernel's VmHWM.
 */
import { median, report } from './kit/figures.ts'
import { type FlightFound, flyOnce } from './kit/flight.ts'

const STARTS = 11
const RUNS = 3
const MB = 1_000_000
const USUAL_BPS = 1_000_000
/** Faster than one process sends: a pseudo-terminal takes what comes. */
const FAST_BPS = 200_000_000

const starts = await several(STARTS, () =>
  flyOnce({ fileOctets: 0, rateBps: USUAL_BPS, octets: 1, leastMs: 0 }),
)
const usual = await flyWith(MB, USUAL_BPS)
const small = await several(RUNS, () => flyWith(MB, FAST_BPS))
const large = await flyWith(1_000 * MB, FAST_BPS)
const upward = await several(RUNS, () =>
  flyOnce({ fileOctets: 0, rateBps: USUAL_BPS, octets: 1, leastMs: 0, uplinkOctets: 16 * MB }),
)
const smallPeak = median(small.map(run => run.peakOctets))

report([
  {
    what: 'start of the process to the first octet on the line',
    value: median(starts.map(start => start.firstOctetMs)) / 1_000,
    unit: 's',
    most: 0.3,
    beside: `median of ${STARTS} starts`,
  },
  {
    what: 'peak memory, file of 1 MB at 1 Mbit/s',
    value: usual.peakOctets / 2 ** 20,
    unit: 'MiB',
    most: 64,
  },
  {
    what: 'peak memory, file of 1 MB at full speed',
    value: smallPeak / 2 ** 20,
    unit: 'MiB',
    most: 64,
    beside: `median of ${RUNS}`,
  },
  {
    what: 'peak memory, file of 1 GB at full speed',
    value: large.peakOctets / 2 ** 20,
    unit: 'MiB',
    most: 64,
    beside: `${(large.octets / large.lastingMs / 1_000).toFixed(1)} MB/s on a pseudo-terminal`,
  },
  {
    what: 'peak memory, 1 GB more than 1 MB',
    value: (large.peakOctets - smallPeak) / 2 ** 20,
    unit: 'MiB',
    most: 3,
  },
  {
    what: 'peak memory, file of 16 MB up at full speed',
    value: median(upward.map(run => run.peakOctets)) / 2 ** 20,
    unit: 'MiB',
    most: 64,
    beside: `median of ${RUNS}; ${median(upward.map(run => (16 * MB) / run.lastingMs / 1_000)).toFixed(1)} MB/s up`,
  },
])

/** The outbox takes a file once it has rested: some seconds are needed however small it is. */
function flyWith(fileOctets: number, rateBps: number): Promise<FlightFound> {
  return flyOnce({ fileOctets, rateBps, octets: 1.17 * fileOctets, leastMs: 5_000 })
}

async function several(count: number, fly: () => Promise<FlightFound>): Promise<FlightFound[]> {
  const found: FlightFound[] = []
  for (let i = 0; i < count; i++) found.push(await fly())
  return found
}
