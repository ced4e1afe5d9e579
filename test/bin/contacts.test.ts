import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { readContacts } from '../../bin/contacts.ts'

t.test('readContacts() reads spans of time, in every form of a time', async t => {
  t.strictSame(await readContacts('1970-01-01T00:00:10Z/20000,+5s/+8s', 1_000), [
    { startMs: 6_000, endMs: 9_000 },
    { startMs: 10_000, endMs: 20_000 },
  ])
})

t.test('readContacts() reads files, those of a configuration too', async t => {
  const folder = t.testdir()
  const list = join(folder, 'list.json')
  writeFileSync(list, JSON.stringify([{ start: 1_000, end: 2_000 }]))
  t.strictSame(await readContacts(list, 0), [{ startMs: 1_000, endMs: 2_000 }])
  const config = join(folder, 'config.yaml')
  writeFileSync(
    config,
    'contacts:\n  - { start: 1970-01-01T00:00:01Z, end: +1min, station: Kiruna }\n',
  )
  t.strictSame(await readContacts(config, 0), [{ startMs: 1_000, endMs: 60_000 }])
})

t.test('readContacts() refuses what makes no sense', async t => {
  const file = join(t.testdir(), 'contacts.yaml')
  const refusals: [string, RegExp][] = [
    ['10/5', /10\/5: it ends before it starts/],
    ['now/5', /"now"/],
    ['2026-01-01T00:00:00/+5s', /"2026-01-01T00:00:00": a time such as 2026-01-01T00:00:00Z/],
    ['5/May 5 2026', /"May 5 2026": a time such as/],
    ['5', /START\/END is needed, or a file that exists/],
    ['1/2/3', /START\/END/],
  ]
  for (const [typed, message] of refusals) await t.rejects(readContacts(typed, 0), message, typed)
  writeFileSync(file, 'start: 1')
  await t.rejects(readContacts(file, 0), /a list of/)
  writeFileSync(file, '[{ start: 1 }, 5]')
  await t.rejects(readContacts(file, 0), /a start and an end/)
})
