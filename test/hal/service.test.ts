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
  t.equal(readFileSync(told, 'utf8'), 'READY=1\nWATCHDOG=1\n')
  await service.close()
  t.equal(readFileSync(told, 'utf8'), 'READY=1\nWATCHDOG=1\nSTOPPING=1\n')
  t.equal(readFileSync(watchdog, 'latin1'), '\0V', 'the device is let go')
  t.equal(start.starts, 1)
  t.match(await countStart(folder, 1), { isSafe: false }, 'it survived')
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

async function opened(folder: string, env: Readonly<Record<string, string>>, watchdog?: string) {
  const start = await countStart(folder, 1)
  const clock = new SimClock()
  const log = openLog(join(folder, 'log'), clock)
  const config = { safeMode: { withinMs: 0 }, ...(watchdog === undefined ? {} : { watchdog }) }
  return { start, service: await Service.open(config, { log, clock, env }, start) }
}
