/**
 * The choice of the next PDU, and ten thousand files that wait: `npx tsx bench/scheduler.ts [--json]`. The choice is
 * that of a policy with 10,000 files queued and 100 open; beside it one that sorts for each question.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { FileJournal } from '../hal/journal/file-journal.ts'
import type { DownlinkPolicy, Due, Work } from '../onboard/downlink/policy.ts'
import { Scheduler } from '../onboard/downlink/scheduler.ts'
import { Spacecraft } from '../onboard/spacecraft.ts'
import { caduOctets } from '../protocol/frame/link.ts'
import { PlainPolicy } from '../test/kit/plain-policy.ts'
import { Random } from '../test/kit/random.ts'
import { SpacecraftBench } from '../test/kit/spacecraft-bench.ts'
import { settingsFor } from '../test/sim/settings.ts'
import { cpuMicroseconds } from './kit/cpu.ts'
import { type Figure, median, report } from './kit/figures.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void
const QUEUED = 10_000
const OPEN = 100
const TURNS = 25
const WARM_TURNS = 5
const SENT_OCTETS = 400_000
const BUFFER = { filesMax: 20_000, octetsMax: 2 ** 50 }

const ours = median(choices(new Scheduler(), 20_000))
const plain = median(choices(new PlainPolicy(), 30))
report([
  {
    what: `choice of the next PDU, ${QUEUED} files queued, ${OPEN} open`,
    value: ours,
    unit: 'us',
    most: 5,
    beside: `median; sorting them each time: ${plain.toFixed(0)} us`,
  },
  largeAgainstSmall(),
  waiting(),
  await start(),
])

/** Microseconds of each choice, with what changes by it. */
function choices(policy: DownlinkPolicy, count: number): number[] {
  const random = new Random(1)
  for (let sequence = 1; sequence <= QUEUED + OPEN; sequence++)
    policy.put(workOf(random, sequence, sequence <= OPEN && sequence % 2 === 0 ? 'again' : 'new'))
  return Array.from({ length: count }, (_, i) => {
    const began = performance.now()
    const sequence = policy.candidate(0) as number
    // Every tenth PDU ends a file or begins one.
    if (i % 10 === 0) policy.put(workOf(random, sequence, i % 20 === 0 ? 'directive' : 'waiting'))
    return 1_000 * (performance.now() - began)
  })
}

function workOf(random: Random, sequence: number, due: Due): Work {
  const rank = {
    priority: random.below(10),
    deadlineMs: Infinity,
    turn: random.below(1e6),
    sequence,
  }
  return { rank, due, miss: random.next() }
}

/** Files of either size take turns, and the turns at being first: what one leaves behind the other clears away. */
function largeAgainstSmall(): Figure {
  const ratios: number[] = []
  for (let turn = 0; turn < TURNS; turn++) {
    const isLargeFirst = turn % 2 === 0
    const first = pduMicroseconds(isLargeFirst ? 1e9 : 1e6)
    const second = pduMicroseconds(isLargeFirst ? 1e6 : 1e9)
    ratios.push(isLargeFirst ? first / second : second / first)
  }
  return {
    what: 'a PDU of a file of 1 GB against one of 1 MB',
    value: median(ratios.slice(WARM_TURNS)),
    unit: '',
    most: 1.2,
    beside: `choice, encoding and frames, in CPU time; median of ${TURNS - WARM_TURNS} turns`,
  }
}

/** CPU time of a PDU on its way down, to the frames; of the first octets of a file. */
function pduMicroseconds(octets: number): number {
  const bench = new SpacecraftBench({ buffer: BUFFER, cfdp: { segmentOctets: 800 } })
  bench.offerDigested('/a', octets)
  bench.takeKinds()
  const { machine } = bench
  const room = { kind: 'room', octets: 8 * caduOctets(bench.settings.downlink) } as const
  const begun = cpuMicroseconds()
  for (let now = 0; machine.downlink.pdus.fileOctets < SENT_OCTETS; now++) {
    machine.receive(room, now)
    for (const effect of machine.drain())
      if (effect.kind === 'read') {
        const { sequence, offset, into, length } = effect
        machine.receive({ kind: 'read', sequence, offset, octets: into.subarray(0, length) }, now)
      } else if (effect.kind === 'transmit') machine.downlink.release(effect.modem, effect.octets)
  }
  return (cpuMicroseconds() - begun) / machine.downlink.pdus.sent
}

/** Octets of memory of a file that was sent as a whole and waits. */
function waiting(): Figure {
  const bench = new SpacecraftBench({
    buffer: BUFFER,
    contacts: [{ role: 'secondary', station: 'Kourou', start: 0, end: 1e12 }],
  })
  const before = heapOctets()
  for (let i = 0; i < QUEUED; i++) bench.offerDigested(`/outbox/telemetry-${i}.bin`, 1)
  while (bench.machine.transfers.parkedCount < QUEUED) {
    bench.frames(100)
    bench.takeKinds()
  }
  return {
    what: 'memory of a file that waits for its acknowledgement',
    value: (heapOctets() - before) / QUEUED,
    unit: 'octets',
    most: 4_096,
    beside: `${QUEUED} files, all sent to a secondary station`,
  }
}

async function start(): Promise<Figure> {
  const folder = mkdtempSync(join(tmpdir(), 'downpour-bench-'))
  try {
    const path = join(folder, 'onboard.journal')
    const journal = await FileJournal.open(path, 'onboard')
    for (let sequence = 1; sequence <= QUEUED; sequence++) {
      const identity = { octets: 25_600, mtimeMs: 1_763_781_234_567.125, inode: sequence }
      const name = `telemetry-${sequence}.bin`
      journal.append({
        kind: 'accepted',
        sequence,
        path: `/outbox/${name}`,
        name,
        identity,
        remove: true,
        acceptedMs: 1,
        priority: 5,
      })
      journal.append({ kind: 'digested', sequence, checksum: sequence })
      journal.append({ kind: 'mark', sequence, mark: 25_600 })
    }
    await journal.close()
    const began = performance.now()
    const again = await FileJournal.open(path, 'onboard')
    const spacecraft = new Spacecraft(
      settingsFor({ buffer: BUFFER }).spacecraft,
      again.takeRecovered(),
      0,
    )
    const value = (performance.now() - began) / 1_000
    await again.close()
    if (spacecraft.buffer.files !== QUEUED)
      throw new Error(`${spacecraft.buffer.files} files came back`)
    return { what: `start with ${QUEUED} files in the journal`, value, unit: 's', most: 1 }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function heapOctets(): number {
  collect()
  return process.memoryUsage().heapUsed
}
