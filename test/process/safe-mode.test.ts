/** A spacecraft that dies at every start: it listens and tells, touches nothing, and is brought back by command. */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { Bench, run } from '../kit/bench.ts'
import { Random } from '../kit/random.ts'
import { type SmallDisk, smallDisk } from '../kit/small-disk.ts'

t.test('safe mode after deaths in a row; recover leaves it', async t => {
  const bench = await Bench.open(t, {
    rateBps: 2_000_000,
    onboard: { safeMode: { deaths: 3, withinMs: 60_000 } },
  })
  for (let i = 0; i < 2; i++) {
    await bench.kill('onboard')
    await bench.start('onboard')
  }
  await bench.kill('onboard')
  bench.drop('kept', new Random(1).octets(10_000))
  await bench.start('onboard')
  t.match(bench.events('onboard', 'safe mode'), [{ aside: /onboard\.journal\.aside-1$/ }])
  t.ok(existsSync(join(bench.folder, 'onboard', 'onboard.journal.aside-1')))
  await t.rejects(bench.ask('onboard', '/healthz'), /safe mode/)
  const [aboard, station] = [bench.socket('onboard'), bench.socket('station')]
  t.match(await run('command', 'noop', '--wait', '--socket', station), { code: 0 })
  t.match(await bench.status('station'), { housekeeping: { isSafe: true, starts: 4 } })
  t.match(await bench.status('onboard'), { buffer: { files: 0 } })
  t.strictSame(readdirSync(bench.outbox), ['kept'])

  await bench.kill('onboard')
  await bench.start('onboard')
  await t.rejects(bench.ask('onboard', '/healthz'), /safe mode/, 'a start is not the way out')
  t.match(await run('command', 'recover', '--socket', aboard), { code: 0 })
  t.equal(await bench.ended('onboard'), 0, 'to be started anew')
  await bench.start('onboard')
  t.match(await bench.ask('onboard', '/healthz'), { ok: true })
  await bench.until('the file is safe', async () => readdirSync(bench.outbox).length === 0)
})

t.test('a spacecraft comes up on a disk that takes nothing, and listens', async t => {
  for (const [what, spoil] of [
    ['full, with nothing on it', (disk: SmallDisk) => disk.fill(0)],
    ['read only', ({ folder }: SmallDisk) => mount('remount,ro', folder)],
  ] as const) {
    const bench = await Bench.prepare(t, { rateBps: 2_000_000 })
    const disk = smallDisk(t, join(bench.folder, 'onboard'), MIB)
    if (disk === undefined) return
    spoil(disk)
    await bench.startAll()
    bench.drop('kept', new Random(2).octets(1_000))
    await t.rejects(bench.ask('onboard', '/healthz'), /safe mode: the journal cannot be written/)
    const station = bench.socket('station')
    t.match(await run('command', 'noop', '--wait', '--socket', station), { code: 0 }, what)
    t.match(await bench.status('station'), { housekeeping: { isSafe: true } })
    const file = join(bench.outbox, 'kept')
    await t.rejects(
      bench.ask('onboard', '/send', { path: file }),
      /The disk of the journal is full/,
    )
    mount('remount,rw', disk.folder)
    disk.relieve()
    t.match(await run('command', 'recover', '--socket', station), { code: 0 })
    t.equal(await bench.ended('onboard'), 0, 'to be started anew')
    await bench.start('onboard')
    t.match(await bench.ask('onboard', '/healthz'), { ok: true })
    await bench.until('the file is safe', async () => readdirSync(bench.outbox).length === 0)
    t.equal(bench.events('onboard', 'fatal').length, 0)
  }
})

t.test('a full disk with a journal on it is no reason for the safe mode', async t => {
  const bench = await Bench.prepare(t, { rateBps: 2_000_000 })
  const disk = smallDisk(t, join(bench.folder, 'onboard'), MIB)
  if (disk === undefined) return
  await bench.startAll()
  // It is not on the ground before it is known to be taken.
  await bench.ask('link', '/pull', { end: 'station' })
  bench.drop('image.raw', new Random(3).octets(400_000))
  await bench.until('it is taken', async () => (await bench.status('onboard')).buffer.files > 0)
  await bench.kill('onboard')
  disk.fill(0)
  await bench.start('onboard')
  await bench.ask('link', '/plug', { end: 'station' })
  t.match(await bench.status('onboard'), { modes: { safe: false } })
  t.match(await bench.ask('onboard', '/healthz'), { ok: true })
  await bench.until('the file is safe', async () => readdirSync(bench.outbox).length === 0)
})

function mount(options: string, folder: string): void {
  execFileSync('mount', ['-o', options, folder])
}

const MIB = 1_048_576
