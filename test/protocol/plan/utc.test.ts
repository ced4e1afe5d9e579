import fc from 'fast-check'
import t from 'tap'
import {
  calendarMs,
  formatUtc,
  formatUtcMs,
  parseUtc,
  UTC_MS_END,
} from '../../../protocol/plan/utc.ts'
import { DRAWN } from '../../kit/drawn.ts'

t.test('parseUtc() reads what Date reads, of the same form', async t => {
  for (const text of [
    '1970-01-01T00:00:00Z',
    '2026-01-01T00:00Z',
    '2024-02-29T23:59:59.25Z',
    '2000-02-29T12:00:00.123456Z',
    '2026-12-31T22:30:00-01:30',
    '2026-01-01T00:30:00+05:45',
    '9999-12-31T23:59:59.999Z',
    '1969-07-20T20:17:40Z',
  ])
    t.equal(parseUtc(text), Date.parse(text), text)
})

t.test('parseUtc() knows no time that is on no calendar', async t => {
  for (const text of [
    'soon',
    '2026-01-01',
    '2026-01-01T00:00:00',
    '2026-00-01T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-02-29T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '2026-01-00T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:60:00Z',
    '2026-01-01T00:00:60Z',
    '2026-01-01T00:00:00+24:00',
    '2026-01-01T00:00:00-00:60',
  ])
    t.equal(parseUtc(text), undefined, text)
})

t.test('formatUtc() writes what Date writes, without an empty fraction', async t => {
  t.equal(formatUtc(1767225600000), '2026-01-01T00:00:00Z')
  t.equal(formatUtc(1767225600120), '2026-01-01T00:00:00.120Z')
  t.equal(formatUtc(UTC_MS_END - 1), '9999-12-31T23:59:59.999Z')
  fc.assert(
    fc.property(fc.integer({ min: 0, max: UTC_MS_END - 1 }), ms => {
      const expected = new Date(ms).toISOString().replace('.000Z', 'Z')
      return formatUtc(ms) === expected && parseUtc(expected) === ms
    }),
    DRAWN,
  )
})

t.test('formatUtcMs() writes what Date writes', async t => {
  t.equal(formatUtcMs(1767225600000), '2026-01-01T00:00:00.000Z')
  t.equal(formatUtcMs(-0.5), '1969-12-31T23:59:59.999Z', 'what has begun is not over')
  fc.assert(
    fc.property(
      fc.integer({ min: Date.UTC(-1, 12), max: UTC_MS_END - 1 }),
      ms => formatUtcMs(ms) === new Date(ms).toISOString(),
    ),
    DRAWN,
  )
})

t.test('calendarMs() counts the last day of every month', async t => {
  for (let month = 1; month <= 12; month++) {
    const day = new Date(Date.UTC(2025, month, 0)).getUTCDate()
    const at = { year: 2025, month, day, hour: 1, minute: 2, second: 3.5 }
    t.equal(calendarMs(at), Date.UTC(2025, month - 1, day, 1, 2, 3, 500))
    t.equal(calendarMs({ ...at, day: day + 1 }), undefined)
  }
})
