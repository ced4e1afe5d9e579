import { chmodSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { openLog } from '../../hal/log.ts'
import { Service } from '../../hal/service.ts'
import { SimClock } from '../../hal/sim/clock.ts'
import { countStart } from '../../hal/starts.ts'

t.test('Service tells systemd by systemd-notify, and only while it is answered', async t => {
  const folder = t.testdir({ 'systemd-notify': '#!/bin/sh\necho "$@" >> "$TOLD"\n', watchdog: '' })
  chmodSync(join(folder, 'systemd-notify'), 0o755)
  const told = join(folder, 'told')
  const env = {
    NOTIFY_SOCKET: 'x',
    WATCHDOG_USEC: '1000000',
    PATH: `${folder}:/usr/bin:/bin`,
    TOLD: told,
  }
  const watchdog = join(folder, 'watchdog')
  const { service, start } = await opened(folder, env, watchdog)
  const end = new AbortController()
  let asked = 0
  await service.watch(async ({ memoryOctets }) => {
    asked += 1
    t.ok(memoryOctets > 1_000)
    end.abort()
  }, end.signal)
  t.equal(asked, 1)
  await service.close()
  const said = readFileSync(told, 'utf8').trim().split('\n')
  t.equal(said[0], 'READY=1')
  t.strictSame(said.slice(1).toSorted(), ['STOPPING=1', 'WATCHDOG=1'])
  t.equal(readFileSync(watchdog, 'latin1'), '\0V', 'the device is let go')
  t.equal(start.starts, 1)
  t.match(
    await countStart(folder, 1, refused => t.error(refused)),
    { isSafe: false },
    'it survived',
  )
})

t.test(
  'Service says once that systemd-notify is missing, and nothing where nobody asks',
  async t => {
    const folder = t.testdir()
    const { service } = await opened(folder, { NOTIFY_SOCKET: 'x', PATH: folder })
    const ended = AbortSignal.abort()
    await service.watch(async () => {}, ended)
    await service.close()
    const lines = readFileSync(join(folder, 'log'), 'utf8').trim().split('\n')
    t.equal(lines.length, 1)
    t.match(lines[0], /systemd is not told/)
    const quiet = await opened(folder, { PATH: folder })
    await quiet.service.watch(async () => {}, ended)
    await quiet.service.close()
    t.notOk(existsSync(join(folder, 'told')))
  },
)

t.test('Service goes on without a watchdog device that cannot be had, and says so', async t => {
  const folder = t.testdir()
  const missing = await opened(folder, {}, join(folder, 'no', 'watchdog'))
  t.match(missing.service.trouble, /the watchdog cannot be opened: .*ENOENT/)
  await missing.service.watch(async () => {}, AbortSignal.abort())
  await missing.service.close()
  const full = await opened(folder, {}, '/dev/full')
  t.equal(full.service.trouble, undefined)
  const end = new AbortController()
  await full.service.watch(async () => end.abort(), end.signal)
  t.match(full.service.trouble, /the watchdog cannot be written: .*ENOSPC/)
  await full.service.close()
  const events = readFileSync(join(folder, 'log'), 'utf8').trim().split('\n')
  t.match(
    events.map(line => JSON.parse(line).event),
    ['no watchdog', 'watchdog fails'],
  )
})

t.test('Service waits so long for an answer, and no longer', async t => {
  const folder = t.testdir()
  const { service, clock } = await opened(folder, {}, undefined, 10_000)
  const end = new AbortController()
  let answer = () => {}
  const ask = () => new Promise<void>(resolve => (answer = resolve))
  const watch = service.watch(ask, end.signal)
  let why: unknown
  watch.catch((error: unknown) => (why = error))
  await clock.advance(9_000)
  answer()
  await clock.advance(9_000)
  t.equal(why, undefined, 'it was answered in time')
  answer()
  await clock.advance(20_000)
  t.match(why, /Nothing was answered for 10000 ms/)
  end.abort()
})

async function opened(
  folder: string,
  env: Readonly<Record<string, string>>,
  watchdog?: string,
  stallMs?: number,
) {
  const start = await countStart(folder, 1, refused => t.error(refused))
  const clock = new SimClock()
  const log = openLog(join(folder, 'log'), clock)
  const config = {
    safeMode: { withinMs: stallMs === undefined ? 0 : Infinity },
    ...(watchdog !== undefined && { watchdog }),
    ...(stallMs !== undefined && { stallMs }),
  }
  return { start, clock, service: await Service.open(config, { log, clock, env }, start) }
}
