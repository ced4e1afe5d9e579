import { closeSync, openSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { openLog } from '../../hal/log.ts'
import { SimClock } from '../../hal/sim/clock.ts'

t.test('openLog() writes one JSON object a line, of its level and above', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'log-'))
  t.teardown(() => rm(folder, { recursive: true }))
  const path = join(folder, 'log')
  const log = openLog(path, new SimClock(12.34567, 1_000))
  log.debug('too small')
  log.info('delivered', { sequence: 2n ** 60n, octets: Uint8Array.of(0, 255), none: undefined })
  log.warn('disk', { error: new RangeError('no\nroom') })
  log.error('end')
  t.ok(log.writes('info'))
  t.notOk(log.writes('debug'))
  log.close()
  const head = { time: '1970-01-01T00:00:01.000Z', ms: 12.346 }
  t.strictSame(
    readFileSync(path, 'utf8')
      .trim()
      .split('\n')
      .map(line => JSON.parse(line)),
    [
      { ...head, level: 'info', event: 'delivered', sequence: `${2n ** 60n}`, octets: '00ff' },
      { ...head, level: 'warn', event: 'disk', error: 'RangeError: no\nroom' },
      { ...head, level: 'error', event: 'end' },
    ],
  )
})

t.test('openLog() drops what cannot be written, and says how much', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'log-'))
  t.teardown(() => rm(folder, { recursive: true }))
  const path = join(folder, 'log')
  const fd = openSync(path, 'a')
  const log = openLog(fd, new SimClock(), 'debug')
  closeSync(fd)
  log.debug('lost')
  log.info('lost')
  const again = openSync(path, 'a')
  t.equal(again, fd)
  log.info('found')
  log.info('next')
  log.close()
  closeSync(again)
  const lines = readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
  t.match(lines, [{ event: 'found', dropped: 2 }, { event: 'next' }])
  t.notOk('dropped' in lines[1])
})
