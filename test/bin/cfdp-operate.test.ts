import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { filestoreRequests } from '../../bin/cfdp/filestore-option.ts'
import { operate } from '../../bin/cfdp/operate.ts'
import { serve } from '../../bin/cfdp/receive.ts'
import { send } from '../../bin/cfdp/send.ts'
import { Random } from '../kit/random.ts'
import { listening, run, start } from './cfdp-process.ts'

const FILE = new Random(11).octets(20_000)
const EVERYTHING =
  'filestore,proxy-put,directory-listing,remote-status,remote-suspend,remote-resume'

t.test('downpour cfdp get brings a file of another entity here', async t => {
  t.testdir()
  const { to, state, folder } = await served(t, EVERYTHING)
  const here = join(folder, 'here')
  mkdirSync(here)
  const got = await run(start('get', '2', 'd/file.bin', '--dir', here, ...to, ...state))
  t.strictSame([got.code, got.err, got.out], [0, '', `${join(here, 'file.bin')}\n`])
  t.strictSame(readFileSync(join(here, 'file.bin')), Buffer.from(FILE))
  const named = ['--dir', here, '--name', 'other.bin', '--json']
  const again = await run(start('get', '2', 'd/file.bin', ...named, ...to, ...state))
  t.match(jsonOf(again.out, 'operation-answered'), [
    { operation: 'proxy put', condition: 'no error' },
  ])
  t.ok(existsSync(join(here, 'other.bin')))
  for (const name of ['none', '../file.bin']) {
    const none = await run(start('get', '2', name, '--dir', here, ...to, ...state))
    t.match(none, { code: 1, err: /not done: filestore rejection/ })
  }
})

t.test('downpour cfdp ls shows a folder, and nothing that is hidden', async t => {
  t.testdir()
  const { to, state } = await served(t, EVERYTHING)
  const root = await run(start('ls', '2', '.', ...to, ...state))
  t.match(root, {
    code: 0,
    err: '',
    out: /^folder\t-\t\d{4}-.*Z\td\nfile\t5000000\t.*\tlarge.bin\n$/,
  })
  const inside = await run(start('ls', '2', 'd', ...to, ...state))
  t.match(inside.out, /^file\t20000\t.*\tfile.bin\n$/)
  const none = await run(start('ls', '2', 'none', ...to, ...state))
  t.match(none, { code: 1, err: /not done: no answer about "none"/ })
})

t.test('downpour cfdp suspend, resume and status ask about a transaction', async t => {
  // A file that takes its time, more than all these commands may, is on its way to a third entity.
  t.testdir()
  const { to, state, folder } = await withThird(t, ['--rate', '50k'])
  const getting = start('get', '2', 'large.bin', '--for', '3', ...to, ...state)
  t.teardown(() => getting.kill('SIGKILL'))
  const ask = async (...args: string[]) => run(start(...args, ...to, ...state))
  while (!existsSync(join(folder, 'third', 'in', '.partial', '2-1.part')))
    await new Promise(setImmediate)
  const status = await ask('status', '2', '2-1')
  t.match(status.out, /^transaction=2-1\ndirection=sending\n/)
  t.match(await ask('suspend', '2', '2-1'), { code: 0, out: 'suspended, active\n' })
  t.match(await ask('status', '2', '2-1'), { out: /suspended=true/ })
  t.match(await ask('resume', '2', '2-1'), { code: 0, out: 'not suspended, active\n' })
  t.match(await ask('status', '2', '2-999'), { code: 1, err: /it is unrecognized/ })
  t.match(await ask('suspend', '2', '2-999'), { code: 1, out: 'not suspended, unrecognized\n' })
})

t.test('downpour cfdp serve allows nothing that it was not told to', async t => {
  t.testdir()
  const { to, state } = await served(t, 'remote-status')
  t.match(await run(start('ls', '2', '.', ...to, ...state)), { code: 1 })
  t.match(await run(start('get', '2', 'd/file.bin', ...to, ...state)), {
    code: 1,
    err: /not done: cancel request received/,
  })
  t.match(await run(start('suspend', '2', '1-1', ...to, ...state)), { code: 1 })
  const asked = ['--filestore-request', 'delete d/file.bin']
  t.match(await run(start('send', ...asked, ...to, ...state)), {
    code: 1,
    out: 'delete d/file.bin: not performed, requests are not executed here\n',
  })
})

t.test('downpour cfdp send has filestore requests executed', async t => {
  t.testdir()
  const { to, state, folder } = await served(t, EVERYTHING)
  const file = join(folder, 'new.bin')
  writeFileSync(file, 'new')
  const requests = [
    'mkdir e',
    'rename new.bin "e/a b"',
    'append "e/a b" d/file.bin',
    'delete none',
    'deny d/file.bin',
  ]
  const typed = requests.flatMap(request => ['--filestore-request', request])
  const sent = await run(start('send', file, ...typed, ...to, ...state))
  t.equal(sent.code, 1)
  t.strictSame(sent.out.split('\n'), [
    'mkdir e: successful',
    'rename new.bin e/a b: successful',
    'append e/a b d/file.bin: successful',
    'delete none: missing, there is no such file',
    'deny d/file.bin: not performed, a request before it failed',
    '',
  ])
  const made = readFileSync(join(folder, 'served', 'e', 'a b'))
  t.strictSame(made, Buffer.concat([Buffer.from('new'), FILE]))
  const alone = ['--filestore-request', 'delete "e/a b"', '--json']
  const deleted = await run(start('send', ...alone, ...to, ...state))
  t.equal(deleted.code, 0)
  t.match(jsonOf(deleted.out, 'transaction-finished'), [
    {
      filestoreResponses: [
        { action: 'delete', names: ['e/a b'], outcome: 'successful', message: '' },
      ],
    },
  ])
  t.strictSame(readdirSync(join(folder, 'served', 'e')), [])
})

t.test('downpour cfdp get has a file put to a third entity', async t => {
  t.testdir()
  const { to, state, third, folder } = await withThird(t)
  const got = await run(
    start('get', '2', 'd/file.bin', '--for', '3', '--name', 'x', ...to, ...state),
  )
  t.match(got, { code: 0, err: '', out: '' })
  t.match(await third.ended, { code: 0 })
  t.strictSame(readFileSync(join(folder, 'third', 'in', 'x')), Buffer.from(FILE))
  const nobody = await run(start('get', '2', 'd/file.bin', '--for', '4', ...to, ...state))
  t.match(nobody, { code: 1, err: /not done: cancel request received/ })
})

t.test('downpour cfdp says how operations were asked for wrongly', async t => {
  await t.rejects(operate('ls', ['2', '.']), /--to HOST:PORT is missing/)
  await t.rejects(operate('ls', ['two', '.', '--to', '9']), /entity "two": a number is needed/)
  await t.rejects(operate('get', ['2', '--to', '9']), /1 operands: downpour cfdp get ENTITY FILE/)
  for (const id of ['17', '1-', `1-${2n ** 64n}`])
    await t.rejects(
      operate('status', ['2', id, '--to', '9']),
      /a transaction such as 1-17 is needed/,
    )
  await t.rejects(operate('ls', ['2', '.', '--dir', 'x', '--to', '9']), /--dir/)
  await t.rejects(send(['--to', '9']), /neither a file nor a --filestore-request/)
  const dir = t.testdir({ a: 'a', b: 'b' })
  const two = [join(dir, 'a'), join(dir, 'b'), '--filestore-request', 'create a', '--to', '9']
  await t.rejects(send(two), /with several files/)
  for (const [typed, why] of [
    ['make a', /one of create, delete, rename, append, replace, mkdir, rmdir, deny, deny-dir/],
    ['create', /create takes one name/],
    ['create a b', /create takes one name/],
    ['rename a', /rename takes two names/],
    ['rename a b c', /rename takes two names/],
    [`create ${'x'.repeat(251)}`, /250 octets are possible/],
    ['', /one of create/],
  ] as const)
    t.throws(() => filestoreRequests('').read(typed), why)
  await t.rejects(serve(['--dir', dir, '--allow', 'all']), /any of filestore, proxy-put/)
  for (const other of ['3', 'x=1', '3=host:port'])
    await t.rejects(serve(['--dir', dir, '--other', other]), /such as/)
})

t.test('downpour cfdp asks nobody', async t => {
  const folder = t.testdir()
  const hasty = ['--ack-time', '50ms', '--tries', '2', '--state', join(folder, 'numbers')]
  t.match(await run(start('ls', '2', '.', '--to', '127.0.0.1:9', ...hasty)), {
    code: 3,
    err: /the request did not arrive: positive ACK limit reached\n.*nobody answers/,
  })
})

/** Entity 2 with a file d/file.bin, that allows this. */
async function served(t: Test, allow: string, more: readonly string[] = []) {
  const folder = t.testdirName
  const dir = join(folder, 'served')
  mkdirSync(join(dir, 'd'), { recursive: true })
  writeFileSync(join(dir, 'd', 'file.bin'), FILE)
  const state = ['--state', join(folder, 'numbers-1')]
  writeFileSync(join(dir, 'large.bin'), new Uint8Array(5_000_000))
  const { child, port } = await listening('serve', folder, '--dir', dir, '--allow', allow, ...more)
  t.teardown(() => child.kill('SIGKILL'))
  return { folder, to: ['--to', `127.0.0.1:${port}`], state }
}

/** Entity 2 knows entity 3, too, that waits for a file. */
async function withThird(t: Test, more: readonly string[] = []) {
  const folder = join(t.testdirName, 'third')
  mkdirSync(folder, { recursive: true })
  const third = await listening('receive', folder, '--entity', '3', '--peer', '2', '--count', '1')
  t.teardown(() => third.child.kill('SIGKILL'))
  const other = ['--other', `3=127.0.0.1:${third.port}`]
  return { ...(await served(t, EVERYTHING, [...other, ...more])), third }
}

function jsonOf(out: string, event: string): readonly object[] {
  return out
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as { event: string })
    .filter(line => line.event === event)
}
