import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { send } from '../../bin/send.ts'
import { status } from '../../bin/status.ts'
import type { OnboardFile } from '../../bin/statuses.ts'
import { LINK, ONBOARD } from './pass/statuses.ts'

t.test('send() hands files over by their whole path: 0', async t => {
  const { socket, offered, file } = await spacecraft(t)
  t.equal(await send([file, '--socket', socket]), 0)
  t.strictSame(offered, [{ path: file }])
})

t.test('send() says how urgent the files are', async t => {
  const { socket, offered, file } = await spacecraft(t)
  const wishes = ['--priority', '0', '--deadline', '2026-01-01T00:00:00Z', '--pin']
  t.equal(await send([file, '--socket', socket, ...wishes]), 0)
  const deadlineMs = Date.UTC(2026, 0, 1)
  t.strictSame(offered, [{ path: file, priority: 0, deadlineMs, pinned: true }])
  await t.rejects(send([file, '--socket', socket, '--deadline', 'soon']), /"soon": a time such as/)
})

t.test('send() says which number a file has, and with --wait what became of it', async t => {
  const { socket, file } = await spacecraft(t, { becomes: ['sending', 'done'] })
  t.equal(await printed(t, [file, '--socket', socket]), 'file 9 a.raw: accepted\n')
  const json = await printed(t, [file, '--socket', socket, '--json'])
  t.strictSame(JSON.parse(json), { sequence: 9, path: file, state: 'accepted' })
  t.equal(await printed(t, [file, '--socket', socket, '--wait']), 'file 9 a.raw: safe\n')
  const failed = await spacecraft(t)
  const lost = await printed(t, [failed.file, '--socket', failed.socket, '--wait', '--json'])
  t.match(JSON.parse(lost), { sequence: 9, state: 'failed', why: /knows no more/ })
})

t.test('send() tells the reason of a refusal: 1', async t => {
  const { socket, file } = await spacecraft(t, { refusal: '{"error":"The buffer is full"}' })
  const said = heard(t)
  t.equal(await send([file, '--socket', socket]), 1)
  t.match(said(), /a\.raw was refused: The buffer is full/)
  const plain = await spacecraft(t, { refusal: 'full' })
  t.equal(await send([plain.file, '--socket', plain.socket]), 1)
  t.match(said(), /was refused: full/)
})

t.test('send() --wait ends when the file is done: 0, or has failed: 1', async t => {
  const done = await spacecraft(t, { becomes: ['sending', 'awaiting', 'done'] })
  t.equal(await send([done.file, '--wait', '--socket', done.socket]), 0)
  const said = heard(t)
  const failed = await spacecraft(t, { becomes: ['failed'] })
  t.equal(await send([failed.file, '--wait', '--socket', failed.socket]), 1)
  t.match(said(), /a\.raw failed/)
  const gone = await spacecraft(t)
  t.equal(await send([gone.file, '--wait', '--socket', gone.socket]), 1)
  t.match(said(), /a\.raw failed: the spacecraft knows no more of it/)
})

t.test('send() and status() say when nobody answers: 3', async t => {
  const folder = t.testdir({ 'a.raw': 'octets' })
  const said = heard(t)
  t.equal(await send([join(folder, 'a.raw'), '--socket', join(folder, 'none')]), 3)
  t.equal(await status(['--socket', join(folder, 'none')]), 3)
  t.match(said(), /Cannot ask .*none: nothing runs there/)
})

t.test('send() refuses a command line that is wrong', async t => {
  const { socket, file } = await spacecraft(t)
  await t.rejects(send(['--socket', socket]), /0 operands/)
  await t.rejects(send([`${file}.none`, '--socket', socket]), /it is no file/)
  await t.rejects(send([file]), /--socket or --config/)
  await t.rejects(send([file, '--socket', socket, '--config', 'x']), /both --socket and --config/)
  const line = await spacecraft(t, { answer: LINK })
  await t.rejects(send([file, '--socket', line.socket]), /Cannot send to the link/)
})

interface Manner {
  refusal?: string
  /** States of a file that was offered, one per question. */
  becomes?: OnboardFile['state'][]
  answer?: unknown
}

/** Something that answers as a spacecraft end does. */
async function spacecraft(t: Test, { refusal, becomes = [], answer }: Manner = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'spacecraft-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'a.raw'), 'octets')
  const socket = join(folder, 's')
  const offered: unknown[] = []
  const states = [...becomes]
  const fileNow = () => {
    const state = states.length > 1 ? states.shift() : states[0]
    return state === undefined ? [] : [{ ...ONBOARD.files[0], sequence: 9, name: 'a.raw', state }]
  }
  const server = createServer((question, response) => {
    let body = ''
    question.on('data', chunk => {
      body += String(chunk)
    })
    question.on('end', () => {
      if (question.url === '/status') {
        response.setHeader('content-type', 'application/json')
        return response.end(JSON.stringify(answer ?? ONBOARD))
      }
      if (refusal === undefined || refusal.startsWith('{'))
        response.setHeader('content-type', 'application/json')
      if (question.url === '/files') {
        t.strictSame(JSON.parse(body), { sequences: [9] })
        return response.end(JSON.stringify({ files: fileNow() }))
      }
      offered.push(JSON.parse(body))
      return response.writeHead(refusal === undefined ? 202 : 409).end(refusal ?? '{"sequence":9}')
    })
  })
  await new Promise<void>(resolve => server.listen(socket, resolve))
  t.teardown(() => {
    server.closeAllConnections()
    return new Promise(resolve => server.close(resolve))
  })
  return { socket, offered, file: join(folder, 'a.raw') }
}

/** What send() writes to standard output; what the test itself writes there goes on. */
async function printed(t: Test, args: readonly string[]): Promise<string> {
  const written: string[] = []
  const write = process.stdout.write.bind(process.stdout)
  const held = t.capture(process.stdout, 'write', (text: string) =>
    /^(file|\{)/.test(text) ? written.push(text) > 0 : write(text),
  )
  try {
    await send(args)
  } finally {
    held.restore()
  }
  return written.join('')
}

/** All that is written to standard error from now on. */
function heard(t: Test): () => string {
  const written = t.capture(process.stderr, 'write')
  let text = ''
  return () => {
    text += written()
      .map(({ args }) => String(args[0]))
      .join('')
    return text
  }
}
