import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { Bench } from '../kit/bench.ts'
import { auditLine } from '../kit/line-audit.ts'
import { Random } from '../kit/random.ts'
import { smallDisk } from '../kit/small-disk.ts'
import { stallingDisk } from '../kit/tampered.ts'
import { delivered, sha256 } from './kills.ts'

const random = new Random(31)
const MIB = 1_048_576
/** Four inputs and one that is handed over, of what the modem collects meanwhile: 64 KiB, and a last chunk of as much. */
const WAITING_MAX = 6 * 2 * 65_536

// Each has processes and folders of its own, and waits more than it works.
t.jobs = 2

t.test('the disk of archive and journal is full in the middle of a file', async t => {
  const bench = await Bench.prepare(t, { station: { state: 'archive/.state' } })
  const disk = smallDisk(t, bench.archive, 16 * MIB)
  if (disk === undefined) return
  await bench.startAll()
  const octets = random.octets(3_000_000)
  disk.fill(MIB)
  bench.drop('image.raw', octets)
  await bench.until('the disk is full', async () => !(await bench.status('station')).diskReady)
  await t.rejects(bench.ask('station', '/healthz'), /the archive cannot be written/)
  const { pid } = await bench.status('station')
  await bench.until('all was sent', async () => {
    const [file] = (await bench.status('onboard')).files
    return file?.sentOctets === octets.length
  })
  const [held] = (await bench.status('station')).files
  const [sent] = (await bench.status('onboard')).files
  t.ok(
    (held?.heldOctets ?? 0) <= MIB,
    `${held?.heldOctets} octets are held, and no more are claimed`,
  )
  t.ok(
    (sent?.acknowledgedOctets ?? 0) <= (held?.heldOctets ?? 0),
    'nothing is acknowledged that is not held',
  )
  t.ok(existsSync(join(bench.outbox, 'image.raw')), 'the spacecraft keeps the file')
  disk.relieve()
  await bench.until(
    'the file is safe',
    async () => (await bench.status('onboard')).buffer.files === 0,
  )
  t.strictSame(delivered(bench.archive), { 'image.raw': sha256(octets) })
  t.match(await bench.ask('station', '/healthz'), { ok: true })
  t.equal((await bench.status('station')).pid, pid, 'it never ended')
  t.strictSame((await auditLine(bench)).faults, [])
})

t.test('the archive is full, and the station is killed', async t => {
  const bench = await Bench.prepare(t)
  const disk = smallDisk(t, bench.archive, 16 * MIB)
  if (disk === undefined) return
  await bench.startAll()
  const octets = random.octets(3_000_000)
  disk.fill(MIB)
  bench.drop('image.raw', octets)
  await bench.until('the disk is full', async () => !(await bench.status('station')).diskReady)
  await bench.kill('station')
  await bench.start('station')
  await bench.pause(500)
  disk.relieve()
  await bench.until(
    'the file is safe',
    async () => (await bench.status('onboard')).buffer.files === 0,
  )
  t.strictSame(delivered(bench.archive), { 'image.raw': sha256(octets) })
  t.strictSame((await auditLine(bench)).faults, [])
})

t.test('the disk of the journal is full aboard', async t => {
  const bench = await Bench.prepare(t, { rateBps: 2_000_000 })
  const disk = smallDisk(t, join(bench.folder, 'onboard'), MIB)
  if (disk === undefined) return
  await bench.startAll()
  const octets = random.octets(1_000_000)
  bench.drop('image.raw', octets)
  await bench.until(
    'it is on its way',
    async () => (await bench.status('station')).files.length > 0,
  )
  disk.fill(0)
  const small = join(bench.folder, 'small.raw')
  writeFileSync(small, 'octets')
  let taken = 1
  const offers = async () => {
    for (; taken < 2_000; taken++) {
      const copy = `${small}.${taken}.${'x'.repeat(200)}`
      writeFileSync(copy, 'octets')
      await bench.ask('onboard', '/send', { path: copy })
    }
  }
  await t.rejects(offers(), /The disk of the journal is full/)
  await t.rejects(bench.ask('onboard', '/healthz'), /the disk of the journal is full/)
  await bench.until('all that was taken is safe', async () => {
    const { buffer } = await bench.status('onboard')
    return buffer.files === 0
  })
  const there = delivered(bench.archive)
  t.equal(there['image.raw'], sha256(octets))
  t.equal(Object.keys(there).length, taken, `${taken}: that of the outbox, and each that was taken`)
  t.notOk(existsSync(join(bench.outbox, 'image.raw')), 'it was released')
  disk.relieve()
  t.match(await bench.ask('onboard', '/send', { path: small }), { name: 'small.raw' })
  await bench.until(
    'it is safe, too',
    async () => (await bench.status('onboard')).buffer.files === 0,
  )
  t.equal(bench.events('onboard', 'fatal').length, 0)
})

t.test('the disk aboard stalls for seconds, and nothing holds the uplink back', async t => {
  const bench = await Bench.prepare(t, {
    rateBps: 2_000_000,
    uplinkRateBps: 8_000_000,
    both: { uplink: { rateBps: 8_000_000 } },
    onboard: { inbox: 'inbox' },
  })
  const disk = stallingDisk(bench)
  await Promise.all([bench.start('onboard', disk.nodeOptions), bench.start('station')])
  const up = random.octets(8_000_000)
  writeFileSync(join(bench.folder, 'up.raw'), up)
  await bench.ask('station', '/uplink', { path: join(bench.folder, 'up.raw') })
  const down = random.octets(400_000)
  bench.drop('down.raw', down)
  await bench.until('both are on their way', async () => {
    const { uploads, pdus } = await bench.status('onboard')
    return (uploads?.files[0]?.heldOctets ?? 0) > 200_000 && pdus.sent > 10
  })
  // What is still to come is more than what is waited for below.
  await bench.ask('link', '/trouble', { kind: 'stall' })
  const before = await bench.status('onboard')
  const octetsPerFrame = before.modem.octetsIn / before.uplink.frames

  disk.stall()
  await bench.ask('link', '/mend', { kind: 'stall' })
  const { up: line } = await bench.status('link')
  const sent = (octets: number) =>
    bench.until(
      `${octets} octets came up the line`,
      async () => (await bench.status('link')).up.octetsIn > line.octetsIn + octets,
    )
  await sent(2.5 * MIB)
  const full = await bench.status('onboard')
  await sent(4 * MIB)
  const later = await bench.status('onboard')
  const { dropped } = (await bench.status('link')).up
  t.ok(dropped > MIB, `${dropped} octets are lost, as nothing held them back`)
  t.equal(later.modem.octetsIn, full.modem.octetsIn, 'it has stopped to take octets off the line')
  t.equal(later.uplink.frames, full.uplink.frames, 'and does nothing with those that it has')
  const waiting = later.modem.octetsIn - later.uplink.frames * octetsPerFrame
  t.ok(waiting < WAITING_MAX, `${waiting} octets wait at most`)
  const grown = later.rssPeakOctets - full.rssPeakOctets
  t.ok(grown < MIB, `${grown} octets of memory more, while ${1.5 * MIB} came`)

  disk.goOn()
  await bench.until('both are safe', async () => {
    const { uploads, buffer } = await bench.status('onboard')
    return uploads?.whole === 1 && buffer.files === 0
  })
  t.ok(readFileSync(join(bench.folder, 'inbox/up.raw')).equals(up), 'what was lost is sent again')
  t.strictSame(delivered(bench.archive), { 'down.raw': sha256(down) })
  t.equal((await bench.status('onboard')).pid, before.pid, 'it never ended')
})
