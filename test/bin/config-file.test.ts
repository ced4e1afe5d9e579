import t from 'tap'
import { configOf } from '../../bin/config-file.ts'
import { UsageError } from '../../bin/options.ts'

// A socket of its own: the path of a test's folder is too long for one.
const ABOARD =
  'role: onboard\nentity: 1\npeer: 2\noutbox: o\nmodem: { kind: tcp, listen: 1 }\ncontrol: { socket: /tmp/a.sock }\n'

t.test('configOf() answers the configuration of one end, or why it cannot start', async t => {
  const folder = t.testdir({ 'flight.yaml': ABOARD })
  const path = `${folder}/flight.yaml`
  t.equal((await configOf('onboard', path)).outbox, `${folder}/o`)
  await t.rejects(
    configOf('station', path),
    new UsageError(`Cannot start: ${path} has role onboard, not station`),
  )
  await t.rejects(
    configOf('onboard', undefined),
    new UsageError('Cannot start without --config FILE'),
  )
  await t.rejects(configOf('onboard', `${folder}/none.yaml`), {
    message: /Cannot read .*none\.yaml: ENOENT/,
  })
})
