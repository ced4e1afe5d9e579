import { mkdirSync, readdirSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import t from 'tap'
import { Bench, run } from '../kit/bench.ts'
import { Random } from '../kit/random.ts'
import { delivered, sha256 } from './kills.ts'

const random = new Random(41)
const RATE_BPS = 4_000_000

// Each has processes and folders of its own, and waits more than it works.
t.jobs = 2

t.test('a file of the outbox that changes while it is sent arrives as it is now', async t => {
  const bench = await Bench.open(t, { rateBps: RATE_BPS })
  const changes = {
    'written-over.raw': (path: string, octets: Uint8Array) => writeFileSync(path, octets),
    'replaced.raw': (path: string, octets: Uint8Array) => bench.drop(basename(path), octets),
    'shorter.raw': (path: string, octets: Uint8Array) =>
      writeFileSync(path, octets.subarray(0, 400_000)),
  }
  const wanted: Record<string, string> = {}
  for (const [name, change] of Object.entries(changes)) {
    const path = await underWay(bench, name)
    change(path, random.octets(1_000_000))
    wanted[name] = sha256(readFileSync(path))
    await bench.setRate(RATE_BPS)
    await isSafe(bench)
    t.strictSame(delivered(bench.archive), wanted, `${name}: no mixture, and not what it was`)
    const accepted = bench
      .events('onboard', 'file accepted')
      .filter(event => event['name'] === name)
    t.equal(accepted.length, 2)
    t.not(accepted[0]?.['sequence'], accepted[1]?.['sequence'], 'a new sequence number')
  }
  t.strictSame(readdirSync(bench.outbox), [])
})

t.test('a file that disappears while it is sent is given up, and so is its outbox', async t => {
  const bench = await Bench.open(t, { rateBps: RATE_BPS })
  const pid = (await bench.status('onboard')).pid
  unlinkSync(bench.drop('gone.raw', random.octets(1_000_000)))
  unlinkSync(await underWay(bench, 'lost.raw'))
  await bench.setRate(RATE_BPS)
  await isSafe(bench)
  await bench.until('the ground has given it up', async () => {
    const { files } = await bench.status('station')
    return files.every(file => file.state === 'failed')
  })
  t.strictSame(delivered(bench.archive), {})
  t.strictSame(readdirSync(join(bench.archive, '.partial')), [], 'nothing of it is left')

  await underWay(bench, 'with-folder.raw')
  rmSync(bench.outbox, { recursive: true })
  await bench.until('the outbox is missed', () =>
    bench.ask('onboard', '/healthz').then(
      () => false,
      error => String(error).includes('the outbox cannot be read'),
    ),
  )
  await bench.setRate(RATE_BPS)
  const octets = random.octets(10_000)
  mkdirSync(bench.outbox)
  bench.drop('after.raw', octets)
  await bench.until('what is there now is safe', () => 'after.raw' in delivered(bench.archive))
  await isSafe(bench)
  t.strictSame(delivered(bench.archive), { 'after.raw': sha256(octets) })
  t.match(await bench.ask('onboard', '/healthz'), { ok: true })
  t.equal((await bench.status('onboard')).pid, pid, 'it never ended')
})

t.test('files of no octet and of one arrive, and folders are made', async t => {
  const bench = await Bench.open(t)
  bench.drop('none.raw', new Uint8Array())
  bench.drop('one.raw', Uint8Array.of(7))
  const path = join(bench.folder, 'source')
  writeFileSync(path, 'octets')
  const named = { path, name: 'camera/2026/é.raw' }
  t.match(await bench.ask('onboard', '/send', named), { name: named.name, octets: 6 })
  await bench.until('all are there', () => readdirSync(bench.archive).length === 4)
  await isSafe(bench)
  t.equal(readFileSync(join(bench.archive, 'none.raw')).length, 0)
  t.strictSame([...readFileSync(join(bench.archive, 'one.raw'))], [7])
  t.equal(readFileSync(join(bench.archive, 'camera/2026/é.raw')).toString(), 'octets')
})

t.test(
  'a name that is not safe is refused by the station, and the spacecraft knows why',
  async t => {
    const bench = await Bench.open(t)
    const path = join(bench.folder, 'source')
    writeFileSync(path, 'octets')
    const names = [
      '../out.raw',
      '..',
      'a/../../../out.raw',
      '/tmp/out.raw',
      'nul\0.raw',
      'bell\u0007.raw',
      'line\n.raw',
      '.hidden',
      'C:\\out.raw',
      'a//b',
      'd/',
    ]
    const before = readdirSync(bench.folder)
    for (const [index, name] of names.entries()) {
      const copy = `${path}.${index}`
      writeFileSync(copy, 'octets')
      await bench.ask('onboard', '/send', { path: copy, name })
    }
    await bench.until('all have ended', async () => {
      const { files } = await bench.status('onboard')
      return files.length === names.length && files.every(file => file.state === 'failed')
    })
    for (const file of (await bench.status('onboard')).files)
      t.match(file.why, /filestore/i, JSON.stringify(file.name))
    const refused = (await bench.status('station')).files
    t.equal(refused.length, names.length)
    for (const file of refused) t.match(file, { state: 'failed', why: /name/ })
    const grown = readdirSync(bench.folder).filter(name => !before.includes(name))
    t.ok(
      grown.every(name => name.startsWith('source.') || name === 'archive'),
      `nothing appears outside the archive: ${grown.join()}`,
    )
    t.strictSame(readdirSync(bench.archive), ['.partial'])
    for (const name of ['', 'x'.repeat(300), 'é'.repeat(128)])
      await t.rejects(bench.ask('onboard', '/send', { path, name }), /1 to 255 are carried/)
    t.equal(bench.events('station', 'fatal').length, 0)
  },
)

t.test('an AOS downlink brings files down, and `downpour decode` reads it', async t => {
  const downlink = { frame: 'aos', interleave: 4, fhec: true, insertOctets: 6, urgentChannel: 62 }
  const rateBps = RATE_BPS
  const bench = await Bench.open(t, { rateBps, both: { downlink: { ...downlink, rateBps } } })
  const path = bench.drop('aos.raw', random.octets(300_000))
  const wanted = { 'aos.raw': sha256(readFileSync(path)) }
  await isSafe(bench)
  t.strictSame(delivered(bench.archive), wanted)
  t.match((await bench.status('station')).frames, { lost: 0, bad: 0 })

  const files = join(bench.folder, 'decoded')
  const about = ['--interleave', '4', '--ocf', '--fhec', '--insert-octets', '6']
  const told = await run(
    'decode',
    bench.tap,
    '--json',
    ...about,
    '--expect',
    'aos',
    '--files',
    files,
  )
  const report = JSON.parse(told.out) as { frames: object; channels: { virtualChannel: number }[] }
  t.match(report.frames, { bad: 0, foreign: 0 })
  const channels = new Set(report.channels.map(({ virtualChannel }) => virtualChannel))
  for (const channel of [0, 62, 63]) t.ok(channels.has(channel), `channel ${channel}`)
  t.equal(sha256(readFileSync(join(files, 'aos.raw'))), wanted['aos.raw'])
})

/** A file of which a part was sent, and a part of that was heard. The rest takes more than a minute, unless it is told. */
async function underWay(bench: Bench, name: string): Promise<string> {
  await bench.setRate(RATE_BPS / 40)
  const path = bench.drop(name, random.octets(1_000_000))
  await bench.until(`${name} is on its way`, async () => {
    const { files } = await bench.status('onboard')
    return files.some(file => file.name === name && file.sentOctets > 20_000)
  })
  await bench.until(`${name} is heard`, async () => {
    const { files } = await bench.status('station')
    return files.some(file => file.name === name && file.heldOctets > 5_000)
  })
  return path
}

/** Nothing waits aboard. */
async function isSafe(bench: Bench): Promise<void> {
  await bench.until(
    'nothing waits aboard',
    async () =>
      (await bench.status('onboard')).buffer.files === 0 && readdirSync(bench.outbox).length === 0,
  )
}
