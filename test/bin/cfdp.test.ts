import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { listeningPlace } from '../../bin/cfdp/options.ts'
import { send } from '../../bin/cfdp/send.ts'
import { UsageError } from '../../bin/options.ts'
import { Random } from '../kit/random.ts'
import { listening, run, start } from './cfdp-process.ts'

t.test('downpour cfdp send and receive move files, and end by themselves', async t => {
  const folder = t.testdir()
  const files = ['one.bin', 'two.bin'].map(name => {
    const path = join(folder, name)
    writeFileSync(path, new Random(name.length).octets(60_000))
    return path
  })
  const { child, port, ended } = await listening('receive', folder, '--count', '2')
  t.teardown(() => child.kill('SIGKILL'))
  const sent = await run(start('send', ...files, '--to', `127.0.0.1:${port}`, ...state(folder)))
  t.match(sent, { code: 0, err: '' })
  t.match(
    sent.out
      .split('\n')
      .filter(line => line.includes('transaction-finished'))
      .map(line => JSON.parse(line)),
    [
      { condition: 'no error', complete: true },
      { condition: 'no error', complete: true },
    ],
  )
  const received = await ended
  t.equal(received.code, 0)
  for (const [n, name] of ['one.bin', 'two.bin'].entries())
    t.strictSame(readFileSync(join(folder, 'in', name)), readFileSync(files[n] as string))
})

t.test('downpour cfdp send - sends standard input as it comes', async t => {
  const folder = t.testdir()
  const octets = new Random(9).octets(200_000)
  const { child, port, ended } = await listening(
    'receive',
    folder,
    '--count',
    '1',
    '--verify',
    'stream',
  )
  t.teardown(() => child.kill('SIGKILL'))
  const there = ['--to', `127.0.0.1:${port}`, ...state(folder)]
  const options = ['--name', 'log', '--records', '300', '--message', 'good morning']
  const sender = start('send', '-', ...there, ...options)
  const sent = run(sender)
  sender.stdin.write(octets.subarray(0, 150_000))
  // The rest follows when the first octets have begun to leave.
  await new Promise(resolve => sender.stdout.once('data', resolve))
  sender.stdin.end(octets.subarray(150_000))
  t.match(await sent, { code: 0, err: '' })
  const received = await ended
  t.match(received, { code: 0, out: /"messages":\["good morning"\]/ })
  t.strictSame(readFileSync(join(folder, 'in', 'log')), Buffer.from(octets))

  const unnamed = await run(start('send', '-', ...there))
  t.match(unnamed, { code: 2, err: /--name TEXT is missing/ })
})

t.test('downpour cfdp serve receives, sends its outbox, and ends on SIGTERM', async t => {
  const folder = t.testdir()
  const file = join(folder, 'up.bin')
  writeFileSync(file, new Random(5).octets(3_000))
  const outbox = join(folder, 'outbox')
  mkdirSync(outbox)
  const far = await listening('receive', folder, '--count', '1')
  t.teardown(() => far.child.kill('SIGKILL'))
  const down = join(outbox, 'down.bin')
  writeFileSync(down, new Random(6).octets(5_000))
  const args = ['--to', `127.0.0.1:${far.port}`, '--outbox', outbox, '--remove']
  const near = await listening(
    'serve',
    join(folder, 'near'),
    '--entity',
    '1',
    '--peer',
    '2',
    ...args,
  )
  t.teardown(() => near.child.kill('SIGKILL'))
  t.match(await far.ended, { code: 0 })
  t.ok(existsSync(join(folder, 'in', 'down.bin')))
  const sent = await run(
    start(
      'send',
      file,
      '--to',
      `127.0.0.1:${near.port}`,
      '--class',
      '1',
      ...state(folder),
      '--entity',
      '2',
      '--peer',
      '1',
    ),
  )
  t.match(sent, { code: 0 })
  // Its answers go where its own files go; this one wants none.
  await near.said(/"event":"transaction-finished".*"transaction":"2-/)
  t.ok(existsSync(join(folder, 'near', 'in', 'up.bin')))
  near.child.kill('SIGTERM')
  const ended = await near.ended
  t.match(ended, { code: 0 })
  const counted = ended.out.split('\n').find(line => line.includes('counters')) ?? ''
  t.match(JSON.parse(counted), {
    recv: { file_data_bytes: 3_000, error: 0 },
    sent: { file_data_bytes: 5_000 },
    fault: { ack_limit: 0 },
    q_size: { pend: 0, txa: 0, txw: 0, rx: 0 },
  })
  t.notOk(existsSync(down), 'the other end has it, and said so')
})

t.test('downpour cfdp send sends folders, the most urgent files first', async t => {
  const folder = t.testdir()
  const images = join(folder, 'images', 'deep')
  mkdirSync(images, { recursive: true })
  for (let n = 0; n < 100; n++) writeFileSync(join(images, `${n}.raw`), new Uint8Array(n))
  writeFileSync(join(folder, 'images', '.hidden'), 'x')
  const alarm = join(folder, 'alarm.txt')
  writeFileSync(alarm, 'hot')
  const { child, port, ended } = await listening('receive', folder, '--count', '101')
  t.teardown(() => child.kill('SIGKILL'))
  const way = ['--to', `127.0.0.1:${port}`, ...state(folder)]
  const order = ['--priority', '9?.raw=7,9*.raw=5,alarm*=0']
  const sent = await run(start('send', join(folder, 'images'), alarm, ...order, ...way))
  t.match(sent, { code: 0 })
  const { out } = await ended
  const lines = out.split('\n').filter(line => line.includes('metadata-recv'))
  const names = lines.map(line => (JSON.parse(line) as { sourceName: string }).sourceName)
  t.equal(names.length, 101)
  t.strictSame(names.slice(0, 3), ['alarm.txt', 'images/deep/9.raw', 'images/deep/90.raw'])
  t.ok(existsSync(join(folder, 'in', 'images', 'deep', '42.raw')))
  const wrong = await run(start('send', alarm, ...way, '--priority', '*.raw=256'))
  t.match(wrong, { code: 2, err: /such as 5 or \*.raw=200, up to 255/ })
})

t.test('downpour cfdp send tells why it failed', async t => {
  const folder = t.testdir()
  const file = join(folder, 'a.bin')
  writeFileSync(file, new Uint8Array(10))
  const hasty = ['--ack-time', '50ms', '--tries', '2', ...state(folder)]
  const nobody = await run(start('send', file, '--to', '127.0.0.1:9', ...hasty))
  t.match(nobody, { code: 3, err: /positive ACK limit reached\n.*nobody answers at 127.0.0.1:9/ })
  const { child, port, ended } = await listening('receive', folder, '--count', '1')
  t.teardown(() => child.kill('SIGKILL'))
  const refused = await run(
    start('send', file, '--name', '../up.bin', '--to', `127.0.0.1:${port}`, ...state(folder)),
  )
  t.match(refused, { code: 1, err: /not delivered: filestore rejection/ })
  t.match(await ended, { code: 1 })
})

t.test('downpour cfdp says how it was used wrongly', async t => {
  const folder = t.testdir({ 'a.bin': 'x', 'b.bin': 'y' })
  const [a, b] = [join(folder, 'a.bin'), join(folder, 'b.bin')]
  await t.rejects(send([a]), new UsageError('Cannot send: --to HOST:PORT is missing'))
  await t.rejects(send([a, b, '--to', '9', '--name', 'c']), /several files under one --name/)
  await t.rejects(send([join(folder, 'c.bin'), '--to', '9']), /it is no file/)
  for (const [option, value, why] of [
    ['--class', '3', /1 \(unacknowledged\) or 2/],
    ['--checksum', 'md5', /one of crc32c, crc32, modular, null/],
    ['--segment', '0', /1 to 65000/],
    ['--quirks', 'ion', /one of none, cfsCf, yamcs/],
    ['--entity-octets', '9', /1 to 8/],
    ['--to', 'host:port', /192.0.2.7:4556/],
    ['--udp', '70000', /192.0.2.7:4556/],
  ] as const)
    await t.rejects(send([a, '--to', '9', option, value]), why)
  await t.rejects(
    send([a, '--to', '9', '--quirks', 'cfsCf', '--checksum', 'crc32']),
    /checksum type 3 to entity 2: it knows 0/,
  )
  await t.rejects(send([a, '--to', '9', '--peer', '300', '--entity-octets', '1']), /in 1 octets/)
})

t.test('listeningPlace() lets other computers in only where they are spoken to', async t => {
  const anywhere = { host: undefined, port: 0 }
  t.equal(listeningPlace(anywhere, undefined), '127.0.0.1')
  t.equal(listeningPlace(anywhere, { host: '127.0.0.2' }), '127.0.0.1')
  t.equal(listeningPlace(anywhere, { host: '192.0.2.7' }), '0.0.0.0')
  t.equal(listeningPlace(anywhere, { host: '::1' }), '::1')
  t.equal(listeningPlace(anywhere, { host: '2001:db8::7' }), '::')
  t.equal(listeningPlace({ host: '10.0.0.1', port: 0 }, { host: '192.0.2.7' }), '10.0.0.1')
})

function state(folder: string): string[] {
  return ['--state', join(folder, 'numbers'), '--json']
}
