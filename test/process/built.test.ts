/** What only shows once it is built: packages that are bundled, and loaded when they are needed. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { run } from '../kit/bench.ts'

t.test('configurations and plans in YAML are read by what is built', async t => {
  const modem = '{ kind: serial, path: /dev/ttyS1 }'
  const ends = `role: onboard\nentity: 1\npeer: 2\noutbox: o\nmodem: ${modem}\n`
  const config = `${ends}control: { socket: /tmp/control.sock }\n`
  const contact = '{ start: 2026-01-01T00:00:00Z, end: 2026-01-01T00:08:00Z, station: Malindi }'
  const folder = t.testdir({
    'good.yaml': config,
    'bad.yaml': `${config}peer: [`,
    'plan.yaml': `plan: 1\ncontacts: [${contact}]\n`,
  })
  const [good, bad, plan] = await Promise.all([
    run('config', 'check', join(folder, 'good.yaml')),
    run('config', 'check', join(folder, 'bad.yaml')),
    run('plan', 'show', join(folder, 'plan.yaml')),
  ])
  t.match(good, { code: 0, err: '' })
  t.match(bad, { code: 1, err: /at line 7/ })
  t.match(plan, { code: 0, out: /Malindi/ })
})

t.test('an end that cannot start says why in a line, and shows no code', async t => {
  const folder = t.testdir()
  for (const [role, missing] of [
    ['onboard', 'outbox'],
    ['station', 'archive'],
  ] as const) {
    const path = join(folder, `${role}.yaml`)
    writeFileSync(path, `role: ${role}\nentity: 1\npeer: 2\nmodem: { kind: tcp, port: 1 }\n`)
    const { code, err } = await run(role, '--config', path)
    t.equal(code, 2)
    t.match(err, new RegExp(`^downpour: Cannot use .*:\\n  ${missing}: is missing`))
    t.notMatch(err, /\n {4}at /)
  }
})
