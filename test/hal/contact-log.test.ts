import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { contactLog } from '../../hal/contact-log.ts'
import { openLog } from '../../hal/log.ts'
import { SimClock } from '../../hal/sim/clock.ts'

t.test('contactLog() says which transaction and which contact a line is about', async t => {
  const path = join(t.testdir(), 'log')
  const plain = openLog(path, new SimClock(), 'debug')
  let contactMs: number | undefined
  const log = contactLog(plain, () => ({ entity: 1n, contactMs }))
  log.info('behind the Earth', { sequence: 5, name: 'a' })
  contactMs = Date.UTC(2026, 10, 22, 10)
  log.warn('in contact', { sequence: 5 })
  log.debug('a file from the ground', { transaction: '2-7', sequence: 7 })
  contactMs = undefined
  log.error('contact ends', { contactMs: Date.UTC(2026, 10, 22, 9) })
  log.info('nothing else')
  t.equal(log.writes('debug'), true)
  log.close()
  const lines = readFileSync(path, 'utf8').trim().split('\n')
  const about = lines.map(line => {
    const { time: _, ms: __, level: ___, ...rest } = JSON.parse(line)
    return rest
  })
  t.strictSame(about, [
    { event: 'behind the Earth', transaction: '1-5', sequence: 5, name: 'a' },
    {
      event: 'in contact',
      transaction: '1-5',
      contact: '2026-11-22T10:00:00.000Z',
      sequence: 5,
    },
    {
      event: 'a file from the ground',
      contact: '2026-11-22T10:00:00.000Z',
      transaction: '2-7',
      sequence: 7,
    },
    { event: 'contact ends', contact: '2026-11-22T09:00:00.000Z' },
    { event: 'nothing else' },
  ])
})
