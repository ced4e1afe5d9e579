/**
 * Memory and start of the flight process, serial modem and all, as `downpour onboard` is typed:
 * `npx tsx bench/flight.ts [--json]`. Memory is the kernel's VmHWM; the line takes octets as fast as they come.
 */

import { median, report } from './kit/figures.ts'
import { type FlightFound, flyOnce } from './kit/flight.ts'

const STARTS = 11
const RUNS = 3
const MB = 1_000_000
/** What a file becomes on the line: frames, check symbols, markers. A little less, not to wait for idle frames. */
const EXPANSION = 1.15

const starts: FlightFound[] = []
for (let i = 0; i < STARTS; i++) starts.push(await flyOnce(0, { octets: 1, leastMs: 0 }))
const firstMs = median(starts.map(start => start.firstOctetMs))

const small: FlightFound[] = []
for (let i = 0; i < RUNS; i++) small.push(await flyWith(MB))
const large = await flyWith(1_000 * MB)
const smallPeak = median(small.map(run => run.peakOctets))

report([
  {
    what: 'start of the process to the first octet on the line',
    value: firstMs / 1_000,
    unit: 's',
    most: 0.3,
    beside: `median of ${STARTS} starts`,
  },
  {
    what: 'peak memory, file of 1 MB',
    value: smallPeak / 2 ** 20,
    unit: 'MiB',
    most: 64,
    beside: `median of ${RUNS}`,
  },
  { what: 'peak memory, file of 1 GB', value: large.peakOctets / 2 ** 20, unit: 'MiB', most: 64 },
  {
    what: 'peak memory, 1 GB more than 1 MB',
    value: (large.peakOctets - smallPeak) / 2 ** 20,
    unit: 'MiB',
    most: 3,
  },
  {
    what: 'octets on a pseudo-terminal, one process, 1 GB',
    value: large.octets / large.lastingMs / 1_000,
    unit: 'MB/s',
  },
])

/** The outbox takes a file once it has rested: some seconds are needed however small it is. */
function flyWith(fileOctets: number): Promise<FlightFound> {
  return flyOnce(fileOctets, { octets: fileOctets * EXPANSION, leastMs: 5_000 })
}
