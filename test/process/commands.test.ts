/** Commands to real processes: over the uplink and aboard, through kills of both ends; none is executed twice. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { Bench, run } from '../kit/bench.ts'
import { Random } from '../kit/random.ts'

const random = new Random(2044)
t.jobs = 2

t.test('the verbs of operators, over a lossy uplink', async t => {
  const bench = await Bench.open(t, { rateBps: 2_000_000, link: ['--uplink-loss', '0.3'] })
  const [station, aboard] = [bench.socket('station'), bench.socket('onboard')]
  t.match(await run('command', 'freeze', '--wait', '--socket', station), { code: 0 })
  bench.drop('held', random.octets(20_000))
  await bench.until(
    'it is in the buffer',
    async () => (await bench.status('onboard')).buffer.files === 1,
  )
  t.match(await bench.status('station'), { housekeeping: { isFrozen: true, lastVerb: 1 } })
  const wrong = await run('command', 'cancel', '--sequence', '5', '--wait', '--socket', station)
  t.match(wrong, { code: 1, out: /refused: Cannot cancel transaction 5/ })
  t.match(await run('status', '--socket', station), { out: /aboard +frozen/ })
  t.match(await run('command', 'recover', '--socket', aboard), { code: 1, err: /no safe mode/ })
  t.match(await run('command', 'thaw', '--json', '--socket', aboard), { code: 0, out: /executed/ })
  await bench.until('it is safe', async () => (await bench.status('onboard')).buffer.files === 0)
  t.ok(readFileSync(join(bench.archive, 'held')).length === 20_000)
})

t.test('SIGKILL of either end in the middle of commands: all are executed, each once', async t => {
  const bench = await Bench.open(t, { rateBps: 2_000_000, link: ['--uplink-loss', '0.2'] })
  const values = Array.from({ length: 12 }, (_, i) => 1_000 + i)
  for (const [i, value] of values.entries()) {
    const set = { verb: 'set', parameter: 'cfdp.ackMs', value }
    await bench.ask('station', '/command', set)
    await bench.pause(random.below(200))
    const role = i % 2 === 0 ? 'station' : 'onboard'
    await bench.kill(role)
    await bench.start(role)
  }
  await bench.until('all are over', async () =>
    (await bench.status('station')).orders.every(({ state }) => state !== 'waiting'),
  )
  const { orders, housekeeping } = await bench.status('station')
  t.strictSame(
    orders.map(({ command, state }) => `${command} ${state}`),
    values.map(value => `set cfdp.ackMs ${value} executed`),
  )
  t.match(
    housekeeping,
    { commandsAccepted: 12, commandsRejected: 0 },
    'by the count of the spacecraft',
  )
})
