import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { Refusal, type Routes, serveControl } from '../../hal/control.ts'
import { ask } from '../../hal/control-client.ts'

const ROUTES: Routes = {
  'GET /status': () => ({ role: 'station', sequence: 2n ** 60n }),
  'GET /metrics': () => 'frames_good 3\n',
  'POST /send': body => ({ took: body }),
  'POST /later': async () => {
    await new Promise(setImmediate)
    throw new Refusal(409, 'Cannot send now: the outbox is full')
  },
  'GET /broken': () => {
    throw new Error('a fault')
  },
  'GET /odd': () => {
    // oxlint-disable-next-line no-throw-literal
    throw 'odd'
  },
  'POST /nothing': () => undefined,
}

async function pathOf(t: Test): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'control-'))
  t.teardown(() => rm(folder, { recursive: true }))
  return join(folder, 'control.sock')
}

t.test('ask() gets what a route answers', async t => {
  const path = await pathOf(t)
  const control = await serveControl({ socketPath: path }, ROUTES)
  t.equal((await stat(path)).mode & 0o777, 0o600)
  t.strictSame(await ask(path, 'GET', '/status?x=1'), {
    role: 'station',
    sequence: (2n ** 60n).toString(),
  })
  t.equal(await ask(path, 'GET', '/metrics'), 'frames_good 3\n')
  t.strictSame(await ask(path, 'POST', '/send', { path: '/é' }), { took: { path: '/é' } })
  t.strictSame(await ask(path, 'POST', '/send'), {})
  t.equal(await ask(path, 'POST', '/nothing'), null)

  const refusals = [
    ['POST', '/later', 409, 'Cannot send now: the outbox is full'],
    ['GET', '/broken', 500, 'a fault'],
    ['GET', '/odd', 500, 'odd'],
    ['GET', '/none', 404, 'Cannot find /none'],
    ['GET', '/toString', 404, 'Cannot find /toString'],
    ['POST', '/status', 405, 'Cannot POST /status: GET is allowed'],
  ] as const
  for (const [method, route, status, message] of refusals)
    await t.rejects(ask(path, method, route), { name: 'Refusal', status, message })
  const long = 'x'.repeat(70_000)
  await t.rejects(ask(path, 'POST', '/send', long), { name: 'Refusal', status: 413 })
  t.equal(control.port, undefined)
  await control.close()
  await t.rejects(ask(path, 'GET', '/status'), {
    message: `Cannot ask ${path}: nothing runs there`,
  })
})

t.test(
  'CVE-2023-45884, CVE-2023-45885: serveControl() refuses browsers and strange hosts, and bodies that are not JSON',
  async t => {
    const control = await serveControl({ port: 0 }, ROUTES)
    const statusOf = async (headers: Record<string, string>, body?: string) => {
      const asking = request({
        port: control.port,
        host: '127.0.0.1',
        path: '/send',
        headers,
        method: 'POST',
      })
      asking.end(body)
      const [response] = await once(asking, 'response')
      response.resume()
      return response.statusCode
    }
    t.equal(await statusOf({}), 200)
    t.equal(await statusOf({ Host: 'localhost:80' }), 200)
    t.equal(await statusOf({}, '{"a":'), 400)
    t.equal(await statusOf({ Origin: 'http://127.0.0.1' }), 403)
    t.equal(await statusOf({ Host: 'evil.example' }), 403)
    const lonely = connect({ port: control.port as number, host: '127.0.0.1' })
    await once(lonely, 'connect')
    await control.close()
    await once(lonely, 'close')
  },
)

t.test('serveControl() replaces a stale socket and never a living one', async t => {
  const path = await pathOf(t)
  const child = spawn(process.execPath, [
    '-e',
    `require('net').createServer().listen(${JSON.stringify(path)}, () => console.log('up'))`,
  ])
  await once(child.stdout, 'data')
  await t.rejects(serveControl({ socketPath: path }, ROUTES), /another process answers/)
  child.kill('SIGKILL')
  await once(child, 'exit')
  t.ok((await stat(path)).isSocket(), 'left behind')
  const control = await serveControl({ socketPath: path }, ROUTES)
  t.match(await ask(path, 'GET', '/status'), { role: 'station' })

  const taken = await serveControl({ port: 0 }, {})
  const other = await pathOf(t)
  await t.rejects(serveControl({ socketPath: other, port: taken.port as number }, {}), {
    code: 'EADDRINUSE',
  })
  await t.rejects(ask(other, 'GET', '/'), /nothing runs/, 'and lets go of what it had')
  await taken.close()
  await control.close()
})

t.test('serveControl() keeps its hands off a file', async t => {
  const path = await pathOf(t)
  await writeFile(path, 'mine')
  await t.rejects(serveControl({ socketPath: path }, ROUTES))
  t.ok((await stat(path)).isFile())
})

t.test('ask() says what went wrong with the answer', async t => {
  const path = await pathOf(t)
  const { createServer } = await import('node:net')
  const server = createServer(socket => socket.destroy()).listen(path)
  await once(server, 'listening')
  await t.rejects(ask(path, 'GET', '/'), /^Error: Cannot ask|^Cannot ask/)
  server.close()
  const http = await import('node:http')
  const odd = http.createServer((_request, response) => {
    response.statusCode = 502
    response.end('no JSON')
  })
  odd.listen(path)
  await once(odd, 'listening')
  await t.rejects(ask(path, 'GET', '/'), { name: 'Refusal', status: 502, message: 'no JSON' })
  odd.close()
})
