import { execFileSync, spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { isDiskFull } from '../../../hal/file-error.ts'
import { FileJournal } from '../../../hal/journal/file-journal.ts'
import { encodePayload } from '../../../hal/journal/payload.ts'
import { sealRecord } from '../../../hal/journal/record.ts'
import { SimDisk } from '../../../hal/sim/disk.ts'
import { SimJournal } from '../../../hal/sim/journal.ts'
import { Random } from '../../kit/random.ts'
import { journalPromise } from '../journal.promise.ts'

const PATH = '/state/journal'

t.test('FileJournal on a disk in memory', async t => {
  journalPromise(t, async () => {
    const disk = new SimDisk()
    return {
      open: () => FileJournal.open(PATH, 'test', { disk }),
      refuse(isRefusing) {
        disk.roomOctets = isRefusing ? 0 : Infinity
      },
    }
  })
})

t.test('SimJournal', async t => {
  journalPromise(t, async () => {
    let journal = new SimJournal()
    return {
      async open() {
        journal = journal.powered()
        return journal
      },
      refuse(isRefusing) {
        journal.isRefusing = isRefusing
      },
    }
  })
  t.test('powered() has what was flushed, and more only by luck', async t => {
    const journal = new SimJournal()
    journal.append(1)
    await journal.flush()
    journal.append(2)
    journal.append(3)
    t.strictSame(journal.powered().takeRecovered(), [1])
    t.strictSame(journal.powered(1).takeRecovered(), [1, 2])
  })
})

/** What a program does whose power may go: three flushes and a compaction. Answers what it knew to be safe. */
async function work(disk: SimDisk): Promise<{ safe: number; failed: boolean }> {
  let safe = 0
  try {
    const journal = await FileJournal.open(PATH, 'test', { disk, reserveOctets: 64 })
    for (let n = 1; n <= 6; n += 2) {
      journal.append(n)
      journal.append(n + 1)
      await journal.flush()
      safe = n + 1
      if (n === 3) await journal.compact([1, 2, 3, 4])
    }
    await journal.close()
    return { safe, failed: false }
  } catch {
    return { safe, failed: true }
  }
}

t.test('a power cut after any octet, rename or sync loses nothing that was flushed', async t => {
  const whole = new SimDisk()
  await work(whole)
  t.ok(whole.powerUsed > 300)
  for (let power = 0; power <= whole.powerUsed; power++) {
    const disk = new SimDisk()
    disk.powerLeft = power
    const { safe, failed } = await work(disk)
    if (failed !== power < whole.powerUsed) t.fail(`power ${power}: ${failed}`)
    for (let seed = 0; seed < 4; seed++) {
      const random = new Random(seed + 1_000 * power)
      const after = disk.powered(seed === 0 ? undefined : () => random.next() < 0.5)
      const journal = await FileJournal.open(PATH, 'test', { disk: after, reserveOctets: 64 })
      const records = journal.takeRecovered()
      const label = `power ${power} seed ${seed}: ${safe} were safe, found ${records.join()}`
      if (records.length < safe || records.some((record, i) => record !== i + 1)) t.fail(label)
      if (journal.damage.filesAside > 0) t.fail(`${label}: aside`)
      // It goes on as if nothing had been, and what was torn never comes back.
      journal.append('on')
      await journal.close()
      const again = await FileJournal.open(PATH, 'test', { disk: after, reserveOctets: 64 })
      const found = again.takeRecovered()
      if (found.at(-1) !== 'on' || found.length !== records.length + 1) t.fail(`${label}, again`)
      if (after.octetsOf(`${PATH}.new`) !== undefined) t.fail(`${label}: a leftover`)
    }
  }
})

t.test('a bit turned anywhere loses only from that record on', async t => {
  const disk = new SimDisk()
  await work(disk)
  const octets = disk.octetsOf(PATH) as Uint8Array
  const asides: boolean[] = []
  for (let at = 0; at < octets.length; at++) {
    const bad = octets.slice()
    bad[at] = (bad[at] as number) ^ 0x10
    const hit = new SimDisk()
    hit.put(PATH, bad)
    const journal = await FileJournal.open(PATH, 'test', { disk: hit, reserveOctets: 64 })
    const records = journal.takeRecovered()
    if (records.some((record, i) => record !== i + 1)) t.fail(`octet ${at}: ${records.join()}`)
    const { tornOctets, filesAside } = journal.damage
    if (records.length < 6 && tornOctets + filesAside === 0) t.fail(`octet ${at}: not counted`)
    if (records.length < 5 && filesAside === 0) t.fail(`octet ${at}: those behind it are lost`)
    if (records.length === 5 && filesAside > 0) t.fail(`octet ${at}: nothing lies behind it`)
    if (filesAside === 1) asides.push(hit.octetsOf(`${PATH}.damaged-1`)?.join() === bad.join())
  }
  t.ok(asides.length > 50 && asides.every(Boolean), 'kept aside as it was')

  const full = new SimDisk()
  const hollow = octets.slice()
  hollow[60] = (hollow[60] as number) ^ 1
  full.put(PATH, hollow)
  full.roomOctets = 0
  const journal = await FileJournal.open(PATH, 'test', { disk: full, reserveOctets: 64 })
  t.match(journal.damage, { filesAside: 0 }, 'a disk without room keeps no copy, and stops nothing')
  t.equal(full.octetsOf(`${PATH}.damaged-1`), undefined)
})

t.test('on a full disk records still fit in the reserve, to its last octet', async t => {
  const disk = new SimDisk()
  const journal = await FileJournal.open(PATH, 'test', { disk, reserveOctets: 1_000 })
  t.ok(journal.canGrow)
  t.ok(journal.reservedOctets >= 1_000)
  disk.roomOctets = 0
  const record = sealRecord(encodePayload('an acknowledgement')).length
  const fitting = Math.floor(journal.reservedOctets / record)
  for (let i = 0; i < fitting; i++) {
    journal.append('an acknowledgement')
    await journal.flush()
  }
  t.notOk(journal.canGrow)
  journal.append('too much')
  journal.append(new Uint8Array(record))
  const refused = await journal.flush().catch((error: unknown) => error)
  t.ok(isDiskFull(refused))
  t.notOk(isDiskFull(new Error('no')))
  t.notOk(isDiskFull('no'))

  const again = await FileJournal.open(PATH, 'test', { disk: disk.powered(), reserveOctets: 1_000 })
  t.ok(again.takeRecovered().length >= fitting, 'it opens while the disk is full')

  disk.roomOctets = Infinity
  await journal.flush()
  t.ok(journal.canGrow)
  t.ok(journal.reservedOctets >= 1_000)
  await journal.close()
  await journal.close()
  t.throws(() => journal.append(1), /closed/)
})

t.test('open() keeps an unreadable file aside and refuses a strange one', async t => {
  const disk = new SimDisk()
  disk.put(PATH, Uint8Array.of(1, 2, 3))
  disk.put(`${PATH}.damaged-1`, Uint8Array.of(9))
  const journal = await FileJournal.open(PATH, 'test', { disk })
  t.strictSame(journal.damage, { tornOctets: 0, filesAside: 1 })
  t.strictSame(disk.octetsOf(`${PATH}.damaged-2`), Uint8Array.of(1, 2, 3))
  await journal.close()

  disk.put(PATH, new Uint8Array(50))
  t.equal((await FileJournal.open(PATH, 'test', { disk })).damage.filesAside, 0, 'zeros are empty')

  for (const [header, message] of [
    [{ format: 'downpour journal', version: 2, kind: 'test' }, /version is 2, 1 is known/],
    [{ format: 'downpour journal', version: 1, kind: 'other' }, /journal of other, not of test/],
    [{ format: 'bread' }, /not a downpour journal/],
    [null, /not a downpour journal/],
  ] as const) {
    const strange = sealRecord(encodePayload(header))
    disk.put(PATH, strange)
    await t.rejects(FileJournal.open(PATH, 'test', { disk }), { name: 'JournalRefused', message })
    t.strictSame(disk.octetsOf(PATH), strange, 'left as it is')
  }

  disk.put(PATH, sealRecord(Uint8Array.of(0xff)))
  t.equal((await FileJournal.open(PATH, 'test', { disk })).damage.filesAside, 1, 'no CBOR inside')
})

t.test('FileJournal on a real disk', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'journal-'))
  t.teardown(() => rm(folder, { recursive: true }))
  const path = join(folder, 'journal')
  await t.rejects(FileJournal.open(join(folder, 'none', 'journal'), 'test'), { code: 'ENOENT' })
  await t.rejects(FileJournal.open(folder, 'test'), { code: 'EISDIR' })

  await writeFile(`${path}.new`, 'left over')
  const journal = await FileJournal.open(path, 'test')
  journal.append({ big: new Uint8Array(500_000).fill(5) })
  journal.append('small')
  await journal.flush()
  await journal.compact(['small'])
  journal.append('next')
  await journal.close()
  t.strictSame(await readdir(folder), ['journal'])
  const octets = await readFile(path)
  t.ok(octets.length >= 64 * 1024 && octets.length <= 130 * 1024 + 200, `${octets.length} octets`)
  await writeFile(path, octets.subarray(0, octets.lastIndexOf('next') + 2))
  const torn = await FileJournal.open(path, 'test')
  t.strictSame(torn.takeRecovered(), ['small'])
  t.ok(torn.damage.tornOctets > 0)
  await torn.close()
})

t.test('SIGKILL at any time loses nothing that was flushed', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'journal-'))
  t.teardown(() => rm(folder, { recursive: true }))
  const path = join(folder, 'journal')
  const script = fileURLToPath(new URL('flush-forever.ts', import.meta.url))
  for (let round = 0; round < 3; round++) {
    const child = spawn(process.execPath, ['--import', 'tsx', script, path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let last = ''
    for await (const chunk of child.stdout) {
      last = `${last}${chunk}`.slice(-100)
      if (Number(last.trim().split('\n').at(-1)) % 1_000 >= 50 + 37 * round) break
    }
    child.kill('SIGKILL')
    const safe = Number(last.slice(0, last.lastIndexOf('\n')).split('\n').at(-1))
    const journal = await FileJournal.open(path, 'count')
    const records = journal.takeRecovered() as number[]
    await journal.close()
    t.ok((records.at(-1) as number) >= safe, `round ${round}: ${safe} were flushed`)
    const first = records[0] as number
    t.ok(
      records.every((record, i) => record === first + i),
      'none is missing',
    )
  }
})

t.test('a tmpfs that is really full', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'journal-'))
  t.teardown(() => rm(folder, { recursive: true }))
  const isMounted = await mounted(folder)
  if (!isMounted) return
  t.teardown(() => execFileSync('umount', [folder]))
  const path = join(folder, 'journal')
  const journal = await FileJournal.open(path, 'test')
  const filled = await writeFile(join(folder, 'fill'), new Uint8Array(500_000)).catch(isDiskFull)
  t.equal(filled, true)
  for (let i = 0; i < 60; i++) {
    journal.append(new Uint8Array(1_000).fill(1))
    await journal.flush()
  }
  t.ok(journal.reservedOctets > 0)
  await t.rejects(journal.compact([new Uint8Array(300_000)]), { code: 'ENOSPC' })
  t.strictSame(await readdir(folder), ['fill', 'journal'])
  await journal.close()
  const again = await FileJournal.open(path, 'test')
  t.equal(again.takeRecovered().length, 60)
  await again.close()
})

/** Only root may mount; elsewhere the disk in memory has to do. */
async function mounted(folder: string): Promise<boolean> {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=400k', 'none', folder], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
