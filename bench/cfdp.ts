/**
 * CFDP alone: two entities in one process, class 2, each PDU encoded and decoded between them. `make bench ONLY=cfdp`.
 * A file of the disk against cfdp-py in the same run, where that is installed (`make interop`); what a PDU of a long
 * file costs against one of a short file, in time and memory, without a disk; and what losses cost.
 *
 * Against the engine of CF, of NASA's cFS, where CF_SOURCE says the path of its sources: `CF_SOURCE=~/CF make bench
 * ONLY=cfdp`; bench/kit/cf.ts says which. Both take the modular checksum, the only one that CF knows, read their copy
 * back for it, and are measured in CPU time; ours joins its writes, as `downpour cfdp` does. The goal is 1: as fast as
 * what is written in C.
 */
import { spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CHECKSUM, FileChecksum } from '../protocol/cfdp/checksum.ts'
import type { EntityEffect, EntityInput } from '../protocol/cfdp/entity/events.ts'
import { CfdpEntity } from '../protocol/cfdp/entity.ts'
import { type RemoteChoice, type RemoteEntity, remoteEntity } from '../protocol/cfdp/remote.ts'
import { pythonWithCfdp } from '../test/interop/cfdp-py.ts'
import { type CfPeer, cfPeer } from './kit/cf.ts'
import { type Figure, median, report } from './kit/figures.ts'
import { pdusSent } from './kit/lossy.ts'

/** What an entity asks of its files. */
interface Files {
  readonly octets: number
  readonly read: (into: Uint8Array, offset: number) => void
  readonly write: (octets: Uint8Array, offset: number) => void
  readonly checksum: () => number
}

/** What a file cost. */
interface Cost {
  readonly ms: number
  /** Of all threads. */
  readonly cpuMs: number
  readonly pdus: number
}

const MIB = 2 ** 20
/** Of the file on the disk. */
const OCTETS = 64 * MIB
const LOSSY_SEGMENTS = 4_096
const SEGMENTS = [1_024, 4_096]
const NOTHING = new Uint8Array(0)
const STRETCHES: Uint8Array[] = Array.from({ length: 3 }, () => NOTHING)
const python = pythonWithCfdp()
const cf = cfPeer()
const folder = mkdtempSync(join(tmpdir(), 'downpour-bench-'))
const source = join(folder, 'source')
try {
  writeSource()
  // Memory first: what the others take is not given back.
  report([
    ...longAgainstShort(),
    ...againstCfdpPy(1_024, 8),
    ...againstCfdpPy(4_096, 5),
    ...(cf === undefined ? [] : SEGMENTS.map(octets => againstCf(cf, octets))),
    lossy(0.01, 1.02),
    lossy(0.3, 1.46),
    streamAgainstReadBack(),
  ])
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function againstCfdpPy(segmentOctets: number, least: number): Figure[] {
  const ours = median([1, 2, 3].map(() => onDisk({ segmentOctetsMax: segmentOctets }).ms))
  const rate = {
    what: `two entities, segments of ${segmentOctets}`,
    value: OCTETS / ours / 1e3,
    unit: 'MB/s',
  }
  if (python === undefined) return [rate]
  const theirs = loop(python, segmentOctets)
  return [
    rate,
    {
      what: `against cfdp-py, segments of ${segmentOctets}`,
      value: theirs / ours,
      unit: '',
      least,
      beside: `${(OCTETS / theirs / 1e3).toFixed(1)} MB/s there, 64 MiB, CRC-32, files on the disk`,
    },
  ]
}

/** Rounds of ours and of CF's alternate. */
function againstCf({ name, rate }: CfPeer, segmentOctets: number): Figure {
  const choice = { segmentOctetsMax: segmentOctets, checksumType: CHECKSUM.modular }
  const rounds = [1, 2, 3].map(() => ({
    ours: OCTETS / onDisk(choice).cpuMs / 1e3,
    theirs: rate(segmentOctets),
  }))
  const ours = median(rounds.map(round => round.ours))
  const theirs = median(rounds.map(round => round.theirs))
  return {
    what: `against CF of cFS, segments of ${segmentOctets}`,
    value: ours / theirs,
    unit: '',
    beside: `the goal is 1; ${ours.toFixed(0)} MB per second of CPU, ${theirs.toFixed(0)} there (${name}), modular checksum`,
  }
}

/** Its octets come again after 128 KiB. */
function writeSource(): void {
  const piece = Uint8Array.from({ length: MIB / 8 }, (_, i) => (i * 31 + (i >>> 9)) & 0xff)
  const file = openSync(source, 'w')
  for (let at = 0; at < OCTETS; at += piece.length) writeSync(file, piece)
  closeSync(file)
}

/** PDUs that the sender sends, against those without loss. */
function lossy(loss: number, most: number): Figure {
  const clean = pdusSent(LOSSY_SEGMENTS, 0, 1)
  const seeds = Array.from({ length: 9 }, (_, i) => i + 1)
  const sent = seeds.map(seed => pdusSent(LOSSY_SEGMENTS, loss, seed) / clean)
  const bound = (1 / (1 - loss)).toFixed(4)
  return {
    what: `PDUs sent at ${100 * loss} % loss to those without`,
    value: Math.round(1e4 * median(sent)) / 1e4,
    unit: '',
    most,
    beside: `1 / (1 - p) is ${bound}; median of ${seeds.length} seeds, ${Math.max(...sent).toFixed(4)} at most, 4 MiB in segments of 1,024`,
  }
}

/** Milliseconds of cfdp-py for the same. */
function loop(command: string, segmentOctets: number): number {
  const args = ['interop/cfdp_py_loop.py', source, join(folder, 'copy'), `${segmentOctets}`]
  const { status, stdout } = spawnSync(command, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (status !== 0) throw new Error(`cfdp_py_loop.py ended with ${status}`)
  return 1_000 * Number(stdout.trim().split('\n').at(-1))
}

function onDisk(choice: Omit<RemoteChoice, 'entity'>): Cost {
  const files = [openSync(source, 'r'), openSync(join(folder, 'copy'), 'w+')] as const
  const { checksumType = CHECKSUM.crc32 } = choice
  const filesOf = (fd: number): Files => ({
    octets: OCTETS,
    read: (into, offset) => void readSync(fd, into, 0, into.length, offset),
    write: joined((piece, offset) => void writeSync(fd, piece, 0, piece.length, offset)),
    checksum: () => {
      const checksum = new FileChecksum(checksumType)
      const buffer = new Uint8Array(65_536)
      for (let at = 0; at < OCTETS; at += buffer.length) {
        const piece = buffer.subarray(0, Math.min(buffer.length, OCTETS - at))
        readSync(fd, piece, 0, piece.length, at)
        checksum.update(piece)
      }
      return checksum.value
    },
  })
  const took = copy(filesOf(files[0]), filesOf(files[1]), {
    verify: 'read back',
    ...choice,
    checksumType,
  })
  for (const fd of files) closeSync(fd)
  return took
}

/** Writes that follow each other are one, as in hal/cfdp-peer/write-joiner.ts. No octets: what waits is written. */
function joined(write: (octets: Uint8Array, offset: number) => void): Files['write'] {
  const buffer = new Uint8Array(256 * 1_024)
  let [start, length] = [0, 0]
  return (octets, offset) => {
    if (
      offset !== start + length ||
      length + octets.length > buffer.length ||
      octets.length === 0
    ) {
      if (length > 0) write(buffer.subarray(0, length), start)
      start = offset
      length = 0
    }
    buffer.set(octets, length)
    length += octets.length
  }
}

function longAgainstShort(): Figure[] {
  const nowhere = (octets: number): Files => ({
    octets,
    read: () => {},
    write: () => {},
    checksum: () => 0,
  })
  const costs = (octets: number, times: number) => {
    let [cpuMs, pdus] = [0, 0]
    for (let n = 0; n < times; n++) {
      const one = copy(nowhere(octets), nowhere(octets), { checksumType: CHECKSUM.null })
      cpuMs += one.cpuMs
      pdus += one.pdus
    }
    return (1e6 * cpuMs) / pdus
  }
  // As many octets as of the long one: the collector has its room by then.
  costs(MIB, 1_024)
  const small = peakOctets()
  const pairs = [1, 2, 3].map(() => ({ short: costs(MIB, 128), long: costs(1_024 * MIB, 1) }))
  const short = median(pairs.map(pair => pair.short))
  const long = median(pairs.map(pair => pair.long))
  return [
    {
      what: 'cost of a PDU, file of 1 GiB to file of 1 MiB',
      value: long / short,
      unit: '',
      most: 1.1,
      beside: `${short.toFixed(0)} ns of CPU in the short one, sent and received`,
    },
    {
      what: 'peak memory, one file of 1 GiB after 1,024 files of 1 MiB',
      value: peakOctets() / small,
      unit: '',
      most: 1.1,
      beside: `${(small / MIB).toFixed(1)} MiB before`,
    },
  ]
}

/** Of this process, since it began. */
function peakOctets(): number {
  return 1_024 * process.resourceUsage().maxRSS
}

/** What a file costs whose checksum is taken as it comes, to one that is read back from a warm disk. */
function streamAgainstReadBack(): Figure {
  const took = (verify: RemoteEntity['verify']) =>
    median([1, 2, 3].map(() => onDisk({ segmentOctetsMax: 1_024, verify }).cpuMs))
  const readBack = took('read back')
  const stream = took('stream')
  return {
    what: 'cost of a file judged as it comes, to one that is read back',
    value: stream / readBack,
    unit: '',
    most: 1.2,
    beside: `${(OCTETS / stream / 1e3).toFixed(0)} and ${(OCTETS / readBack / 1e3).toFixed(0)} MB per second of CPU, 64 MiB, CRC-32, segments of 1024`,
  }
}

/** One file from one entity to another. @throws Error if it does not arrive */
function copy(from: Files, to: Files, choice: Omit<RemoteChoice, 'entity'>): Cost {
  const begun = performance.now()
  const cpuBegun = process.cpuUsage()
  const entities = [1, 2].map(entity => {
    const limits = { pdusPerSecondMax: 1e9 }
    const remote = remoteEntity({ entity: 3 - entity, limits, ...choice })
    return new CfdpEntity({ entity, remotes: [remote], firstSequence: 1 }, 0)
  }) as [CfdpEntity, CfdpEntity]
  const ends = [
    { entity: entities[0], files: from },
    { entity: entities[1], files: to },
  ] as const
  let isWhole = false
  const settle = ({ entity, files }: (typeof ends)[number]) => {
    for (let effects = entity.drain(); effects.length > 0; effects = entity.drain())
      for (const effect of effects) {
        const answer = perform(effect, files)
        if (answer !== undefined) entity.receive(answer, 0)
        if (effect.kind === 'deliver') isWhole = true
      }
  }
  const carry = (here: (typeof ends)[number], there: (typeof ends)[number]) => {
    const pdu = here.entity.next(65_000, 0)
    settle(here)
    if (pdu === undefined) return false
    there.entity.receive({ kind: 'pdu', octets: pdu.octets }, 0)
    settle(there)
    return true
  }
  entities[0].receive({ kind: 'put', token: 1, request: { destination: 2, file: 'a' } }, 0)
  settle(ends[0])
  for (let quiet = 0; quiet < 2; ) {
    const isMoved = carry(ends[0], ends[1])
    quiet = carry(ends[1], ends[0]) || isMoved ? 0 : quiet + 1
  }
  if (!isWhole) throw new Error('The file did not arrive')
  const { user, system } = process.cpuUsage(cpuBegun)
  return {
    ms: performance.now() - begun,
    cpuMs: (user + system) / 1e3,
    pdus: entities[0].counters.sent.pdu,
  }
}

/** Read into again when the entity has let it go: it keeps two stretches of a file at most. */
function stretch(octets: number): Uint8Array {
  const oldest = STRETCHES.shift()
  const one = oldest?.length === octets ? oldest : new Uint8Array(octets)
  STRETCHES.push(one)
  return one
}

function perform(effect: EntityEffect, files: Files): EntityInput | undefined {
  switch (effect.kind) {
    case 'reserve':
      return { kind: 'reserved', end: effect.end }
    case 'digest':
      return { kind: 'digested', id: effect.id, octets: files.octets, checksum: files.checksum() }
    case 'read': {
      const octets = stretch(effect.length)
      files.read(octets, effect.offset)
      return { kind: 'read', id: effect.id, offset: effect.offset, octets }
    }
    case 'write':
      files.write(effect.octets, effect.offset)
      break
    case 'verify':
      files.write(NOTHING, 0)
      return { kind: 'verified', id: effect.id, checksum: files.checksum() }
    case 'deliver':
      return { kind: 'delivered', id: effect.id, path: 'b' }
    case 'digest first':
    case 'follow':
    case 'perform':
    case 'discard':
    case 'indication':
      // The file is there from the start, and nothing is asked of the file store.
      break
  }
  return undefined
}
