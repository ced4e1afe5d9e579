import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { buffer } from '../../bin/buffer.ts'

const TEN = { contactMs: Date.UTC(2026, 0, 1, 10), lastContactMs: Date.UTC(2026, 0, 1, 10) }
const NOON = { contactMs: Date.UTC(2026, 0, 1, 12), lastContactMs: Date.UTC(2026, 0, 1, 14) }

const LISTING = {
  files: [
    {
      sequence: 7,
      name: 'urgent/a.dat',
      octets: 500,
      priority: 0,
      deadlineMs: Date.UTC(2026, 0, 1),
      ageMs: 600_000,
      pinned: true,
      state: 'awaiting',
      sentOctets: 500,
      groundOctets: 300,
      passages: [
        { ...TEN, stations: 'Kourou+Malindi', loss: 0.1, octets: 400, againOctets: 15 },
        { ...TEN, stations: '', loss: 0.01, octets: 20, againOctets: 0 },
        { ...NOON, stations: 'Kourou+Malindi', loss: 0.1, octets: 100, againOctets: 5 },
      ],
      releaseInMs: 120_000,
    },
    {
      ...{ sequence: 8, name: 'b', octets: 1, priority: 5, ageMs: 0, pinned: false },
      ...{ state: 'queued', sentOctets: 0, groundOctets: 0, passages: [] },
    },
  ],
  more: 3,
  history: [],
}

t.test('buffer ls shows every file in a line', async t => {
  const socket = await spacecraft(t, { 'GET /buffer': LISTING })
  const { code, said } = await run('ls', '--socket', socket)
  t.equal(code, 0)
  t.strictSame(said.trimEnd().split('\n'), [
    '       7  p0 pinned  awaiting  500/500 sent  300 on the ground  10 min 0 s old  ' +
      'due 2026-01-01T00:00:00.000Z  let go in 2 min 0 s  urgent/a.dat  sent to Kourou+Malindi 500 (20 asked for again), the ground 20',
    '       8  p5  queued  0/1 sent  0 on the ground  0 s old  let go not in the plan  b',
    'and 3 more',
  ])
  const json = await run('ls', '--socket', socket, '--json')
  t.strictSame(JSON.parse(json.said), LISTING)
  const few = await spacecraft(t, { 'GET /buffer': { ...LISTING, more: 0, files: [] } })
  t.strictSame(await run('ls', '--socket', few), { code: 0, said: '' })
})

t.test('buffer ls SEQUENCE shows what went out of one file, contact by contact', async t => {
  const spans = [
    { start: 0, end: 300 },
    { start: 400, end: 500 },
  ]
  const none = { spans: [], again: [], metadata: false, eof: false }
  const FILE = {
    ...{ sequence: 7, name: 'urgent/a.dat', octets: 500 },
    passages: [
      { ...TEN, stations: '', loss: 0.01, ...none, spans, metadata: true, eof: true },
      { ...NOON, stations: 'several', loss: 0.1, ...none, spans, again: [{ start: 0, end: 20 }] },
      { ...TEN, stations: 'Kourou', loss: 0.1, ...none, metadata: true },
    ],
    ground: [{ start: 20, end: 300 }],
  }
  const socket = await spacecraft(t, { 'POST /buffer/file': FILE })
  const { code, said } = await run('ls', '7', '--socket', socket)
  t.equal(code, 0)
  t.strictSame(said.trimEnd().split('\n'), [
    '7  urgent/a.dat  500 octets',
    '  2026-01-01T10:00:00.000Z  the ground, loss 0.01  0-300 400-500 Metadata EOF',
    '  2026-01-01T12:00:00.000Z to 2026-01-01T14:00:00.000Z  several, loss 0.1  0-300 400-500  asked for again: 0-20',
    '  2026-01-01T10:00:00.000Z  Kourou, loss 0.1  Metadata',
    '  on the ground: 20-300',
  ])
  t.strictSame(JSON.parse((await run('ls', '7', '--json', '--socket', socket)).said), FILE)
  const fresh = { 'POST /buffer/file': { ...FILE, passages: [], ground: [] } }
  t.match(await run('ls', '7', '--socket', await spacecraft(t, fresh)), {
    said: '7  urgent/a.dat  500 octets\n  on the ground: nothing\n',
  })
  t.match(await run('ls', '8', '--socket', await spacecraft(t, {})), { code: 1, said: '' })
  await t.rejects(run('ls', 'seven', '--socket', socket), /Cannot run buffer ls seven/)
  await t.rejects(run('gc', '7', '--socket', socket), /only ls takes a number of a file/)
})

t.test('buffer gc says how many went; buffer verify answers 1 if a file changed', async t => {
  const wrong = [{ sequence: 7, name: 'a', why: 'its checksum is another one' }]
  const answers = { 'POST /buffer/gc': { files: 2 }, 'POST /buffer/verify': { files: 9, wrong } }
  const socket = await spacecraft(t, answers)
  const gone = { code: 0, said: '2 files that failed were let go\n' }
  t.strictSame(await run('gc', '--socket', socket), gone)
  t.match(await run('gc', '--json', '--socket', socket), { said: '{"files":2}\n' })
  t.strictSame(await run('verify', '--socket', socket), {
    code: 1,
    said: '7  a: its checksum is another one\n9 files read, 1 are not what they were\n',
  })
  t.match(await run('verify', '--json', '--socket', socket), { code: 1, said: /"files":9/ })
  const sound = await spacecraft(t, { 'POST /buffer/verify': { files: 1, wrong: [] } })
  t.match(await run('verify', '--socket', sound), { code: 0 })
})

t.test('buffer refuses other verbs: 2, and says when nobody answers: 3', async t => {
  await t.rejects(buffer(['mv', '--socket', 'x']), /one of ls, gc, verify/)
  t.match(await run('--help'), { code: 0, said: /lets go of files that failed/ })
  t.match(await run('ls', '--socket', join(tmpdir(), 'no-such-socket')), { code: 3 })
  const ashore = await spacecraft(t, { 'GET /status': { role: 'station' } })
  await t.rejects(
    run('ls', '--socket', ashore),
    /buffer of the station .* a spacecraft end is needed/,
  )
})

async function spacecraft(t: Test, answers: Readonly<Record<string, unknown>>): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'buffer-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const socket = join(folder, 'control.sock')
  const server = createServer((request, response) => {
    const all: typeof answers = { 'GET /status': { role: 'onboard' }, ...answers }
    const answer = all[`${request.method} ${request.url}`]
    const status = answer === undefined ? 404 : 200
    response.writeHead(status, { 'Content-Type': 'application/json' })
    response.end(JSON.stringify(answer ?? { error: 'there is none' }))
  })
  await new Promise<void>(resolve => {
    server.listen(socket, resolve)
  })
  t.teardown(() => server.close())
  return socket
}

/** Runs the command; its code, and what it has written meanwhile. */
async function run(...args: readonly string[]): Promise<{ code: number; said: string }> {
  let said = ''
  const write = process.stdout.write.bind(process.stdout)
  process.stdout.write = (chunk: string | Uint8Array) => {
    said += String(chunk)
    return true
  }
  try {
    const code = await buffer(args)
    return { code, said }
  } finally {
    process.stdout.write = write
  }
}
