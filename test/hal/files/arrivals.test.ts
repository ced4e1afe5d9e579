/** Files on their way in: what a disk is asked for in a step, and what is said when it fails. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { Archive, type FileId, WriteCut } from '../../../hal/files/archive.ts'
import { Arrivals } from '../../../hal/files/arrivals.ts'
import { Inbox } from '../../../hal/inbox.ts'
import { openLog } from '../../../hal/log.ts'
import { SimClock, settled } from '../../../hal/sim/clock.ts'
import { performStep } from '../../../hal/step.ts'
import { CHECKSUM } from '../../../protocol/cfdp/checksum.ts'
import { finishedFor } from '../../../protocol/cfdp/completion.ts'
import { newCounters } from '../../../protocol/cfdp/entity/counters.ts'
import type { ReceptionEffect, ReceptionInput } from '../../../protocol/cfdp/journaled/events.ts'
import { Receptions } from '../../../protocol/cfdp/journaled/receptions.ts'
import { headerOf } from '../../../protocol/cfdp/transmission.ts'
import { someTransmission } from '../../kit/transmission.ts'
import { settingsFor } from '../../sim/settings.ts'

const ID = '2-7'
const OTHER = '2-8'

t.test('Arrivals joins segments that follow each other in a step, and in no other', async t => {
  const { done, step } = await arrivalsFor(t)
  await step(write(ID, 0), write(ID, 10), write(ID, 30), write(OTHER, 40), write(ID, 20))
  await step(write(ID, 50))
  await step(write(ID, 60))
  t.strictSame(done, [
    'write 2-7 0+20',
    'write 2-7 30+10',
    'write 2-8 40+10',
    'write 2-7 20+10',
    'write 2-7 50+10',
    'write 2-7 60+10',
  ])
})

t.test('Arrivals writes before what comes behind a segment is done', async t => {
  const { done, step, archive } = await arrivalsFor(t)
  await step(write(ID, 0), write(ID, 10), { kind: 'sync', id: ID }, record(ID), write(ID, 20))
  t.strictSame(done, ['write 2-7 0+20', 'sync 2-7', 'journal 2-7', 'write 2-7 20+10'])
  t.strictSame(
    await archive.content({ source: 2, sequence: 7 }, 30),
    Uint8Array.from({ length: 30 }, (_, i) => 10 * Math.floor(i / 10)),
  )
})

t.test('Arrivals says which octets a disk did not take, and skips what builds on them', async t => {
  const { done, step, disk, inbox } = await arrivalsFor(t)
  disk.takes = 15
  await step(
    write(ID, 100),
    write(ID, 110),
    record(ID),
    write(ID, 120),
    { kind: 'sync', id: ID },
    write(OTHER, 0),
    record(OTHER),
  )
  t.strictSame(done, ['write 2-7 100+20', 'write 2-8 0+10', 'journal 2-8'])
  const lost = [
    { start: 115, end: 120 },
    { start: 120, end: 130 },
  ]
  t.match(inbox.take(), { kind: 'disk failed', id: ID, lost, why: /no room/ })
  t.equal(inbox.take(), undefined)
  await step(write(ID, 115), record(ID))
  t.strictSame(done.slice(-2), ['write 2-7 115+10', 'journal 2-7'], 'the next step begins anew')
})

t.test('Arrivals adds up what is lost of a file in pieces', async t => {
  const { step, disk, inbox } = await arrivalsFor(t)
  disk.takes = 0
  disk.failures = 2
  await step(write(ID, 0), write(ID, 50), write(ID, 60), write(ID, 90))
  const told = inbox.take() as ReceptionInput & { kind: 'disk failed' }
  t.strictSame(
    told.lost.toSorted((one, other) => one.start - other.start),
    [
      { start: 0, end: 10 },
      { start: 50, end: 60 },
      { start: 60, end: 70 },
      { start: 90, end: 100 },
    ],
  )
})

t.test('Arrivals passes on a fault that is no disk', async t => {
  const { step, disk } = await arrivalsFor(t)
  disk.fault = new TypeError('ours')
  await t.rejects(step(write(ID, 0)), disk.fault)
})

t.test('Archive.write() says how much was written before it failed', async t => {
  const { archive, folder } = await arrivalsFor(t)
  rmSync(join(folder, '.partial'), { recursive: true })
  await t.rejects(archive.write({ source: 1, sequence: 1 }, 0, new Uint8Array(3)), {
    name: 'WriteCut',
    message: /^Cannot write all of it: Error: ENOENT/,
    written: 0,
    cause: { code: 'ENOENT' },
  })
})

t.test(
  'clearLeftovers() discards what no reception will ask for again, and nothing else',
  async t => {
    const header = headerOf(someTransmission({ sequence: 7 }))
    const under = { kind: 'opened', id: '1-7', header }
    const told = { kind: 'finished', id: '1-8', finished: finishedFor(0, true), path: '/inbox/a' }
    const records = [under, { ...under, id: '1-8', header: { ...header, sequence: 8 } }, told]
    const { arrivals, archive } = await arrivalsFor(t, records)
    const files = [7, 8, 9].map(sequence => ({ source: 1, sequence }))
    for (const file of files) await archive.open(file)
    await arrivals.clearLeftovers()
    t.strictSame(await archive.leftovers(), files.slice(0, 1))
  },
)

t.test('Arrivals says nothing of a file that is discarded while it is read back', async t => {
  const { arrivals, archive, done, inbox } = await arrivalsFor(t)
  const octets = 1_000_000
  const verify = { kind: 'verify', id: ID, octets, checksumType: CHECKSUM.crc32 } as const
  for (const isDiscarded of [false, true]) {
    await archive.write({ source: 2, sequence: 7 }, 0, new Uint8Array(octets))
    await arrivals.perform(verify)
    if (isDiscarded) await arrivals.perform({ kind: 'discard', id: ID })
    while (done.at(-1) !== 'read back') await settled()
    done.length = 0
    t.match(inbox.take(), isDiscarded ? undefined : { kind: 'verified', id: ID })
  }
})

/** Ten octets that tell their place. */
function write(id: string, offset: number): ReceptionEffect {
  return { kind: 'write', id, offset, octets: new Uint8Array(10).fill(offset) }
}

function record(id: string): ReceptionEffect {
  return { kind: 'journal', id, record: { kind: 'delivering', id } }
}

async function arrivalsFor(t: Test, records: readonly unknown[] = []) {
  const folder = mkdtempSync(join(tmpdir(), 'arrivals-'))
  const archive = await Archive.open(folder)
  t.teardown(async () => {
    await archive.close()
    rmSync(folder, { recursive: true })
  })
  const done: string[] = []
  /** Octets of the next write that it takes, for so many writes; a fault that it throws. */
  const disk = { takes: Infinity, failures: 1, fault: undefined as Error | undefined }
  const failing: Pick<Archive, 'write' | 'sync' | 'checksum' | 'leftovers' | 'discard'> = {
    async write(id: FileId, offset: number, octets: Uint8Array) {
      done.push(`write ${id.source}-${id.sequence} ${offset}+${octets.length}`)
      if (disk.fault !== undefined) throw disk.fault
      await archive.write(id, offset, octets)
      if (octets.length <= disk.takes) return
      const { takes } = disk
      disk.failures -= 1
      if (disk.failures === 0) disk.takes = Infinity
      throw new WriteCut(takes, new Error('no room'))
    },
    async sync(id: FileId) {
      done.push(`sync ${id.source}-${id.sequence}`)
      await archive.sync(id)
    },
    checksum: (...of) => archive.checksum(...of).finally(() => void done.push('read back')),
    leftovers: () => archive.leftovers(),
    discard: id => archive.discard(id),
  }
  const { limits } = settingsFor().station
  const bounds = { limits, transactionsMax: 9, spansMax: 9, closedMax: 9 }
  const inbox = new Inbox<ReceptionInput>()
  const arrivals = new Arrivals({
    folder,
    archive: Object.assign(Object.create(archive) as Archive, failing),
    receptions: new Receptions(bounds, newCounters(), () => {}, records),
    inbox,
    log: openLog(1, new SimClock(), 'error'),
    signal: new AbortController().signal,
  })
  const notebook = {
    isDirty: false,
    write: (value: unknown) => void done.push(`journal ${(value as { id: string }).id}`),
    flush: async () => {},
    compact: async () => {},
  }
  const step = (...effects: ReceptionEffect[]) =>
    performStep(effects, {
      notebook,
      arrivals,
      perform: async effect => {
        if (effect.kind !== 'log' && effect.kind !== 'journal') await arrivals.perform(effect)
      },
    })
  return { folder, archive, arrivals, disk, done, inbox, step }
}
