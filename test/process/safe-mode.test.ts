/** A spacecraft that dies at every start: it listens and tells, touches nothing, and is brought back by command. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { Bench, run } from '../kit/bench.ts'
import { Random } from '../kit/random.ts'

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
