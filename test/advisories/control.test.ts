/**
 * What went wrong where others are asked over HTTP and where they read configurations, done to ours. The ids of the
 * advisories begin the name of each test; docs/security.md lists them.
 */
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { fittingText, printable } from '../../bin/figures.ts'
import { readConfig } from '../../hal/config/config.ts'
import { SCHEMA } from '../../hal/config/schema.ts'
import { parseText } from '../../hal/config/text.ts'
import { type Routes, serveControl } from '../../hal/control.ts'

interface Asked {
  readonly path?: string
  readonly method?: string
  readonly headers?: Record<string, string>
  readonly body?: string
}

t.test(
  'CVE-2023-45277, CVE-2023-45278: no path leads to a file, and no method does what it is not for',
  async t => {
    const { ask } = await served(t)
    for (const path of [
      '/../../etc/passwd',
      '/status/../../etc/passwd',
      '/%2e%2e/%2e%2e/etc/passwd',
      '/..%2f..%2fetc%2fpasswd',
      '//etc/passwd',
      '/status/',
      '/__proto__',
      '/constructor',
      '/toString',
    ])
      for (const method of ['GET', 'POST', 'DELETE', 'PUT'])
        t.equal((await ask({ path, method })).status, 404, `${method} ${path}`)
    for (const method of ['DELETE', 'PUT', 'PATCH', 'POST', 'OPTIONS'])
      t.equal((await ask({ path: '/status', method })).status, 405, method)
  },
)

t.test(
  'CVE-2025-28380, CVE-2025-28381, CVE-2025-28382, CVE-2025-28383, CVE-2025-28384, CVE-2025-28385, CVE-2025-28386, CVE-2025-28387, CVE-2025-28388, CVE-2025-28389, GHSA-w757-4qv9-mghp: it listens to this computer alone, knows no password, and reads nothing of whom it refuses',
  async t => {
    const { ask, port, bodies } = await served(t)
    const strangers = [{ Origin: 'http://evil.example' }, { Host: 'evil.example' }] as const
    for (const headers of strangers)
      for (const body of ['{"a":', '{"a":1}', 'x'.repeat(100_000)])
        t.equal((await ask({ headers, body, method: 'POST', path: '/send' })).status, 403)
    t.strictSame(bodies, [], 'no route heard of it')
    const elsewhere = connect({ port, host: '127.0.0.2' })
    const [error] = (await once(elsewhere, 'error')) as [NodeJS.ErrnoException]
    t.equal(error.code, 'ECONNREFUSED', 'another address of this computer')
    const keys = JSON.stringify(SCHEMA).match(/"[^"]*(?:password|passwd|credential|token)[^"]*":/gi)
    t.equal(keys, null, 'there is no password to have a default')
  },
)

t.test(
  'CVE-2026-5473: what is read as JSON is data, and touches nothing that all objects share',
  async t => {
    const { ask, bodies } = await served(t)
    const body = '{"__proto__":{"isAdmin":true},"constructor":{"prototype":{"isAdmin":true}}}'
    t.equal((await ask({ body, method: 'POST', path: '/send' })).status, 200)
    t.equal(bodies.length, 1)
    t.equal(Reflect.get({}, 'isAdmin'), undefined)
    const poisoned = `{"role":"station","entity":2,"peer":1,${body.slice(1)}`
    await t.rejects(readConfig(poisoned, '/etc/downpour.json', {}), { name: 'ConfigFault' })
    await t.rejects(
      readConfig('{}', '/etc/downpour.json', { DOWNPOUR_CONSTRUCTOR__PROTOTYPE__IS_ADMIN: '1' }),
      { name: 'ConfigFault' },
    )
    t.equal(Reflect.get({}, 'isAdmin'), undefined)
  },
)

t.test(
  'CVE-2026-55545, CVE-2026-55547, CVE-2026-55548: YAML is data: no tag makes an object or runs code, and no alias makes more than was written',
  async t => {
    const touched = join(t.testdir({}), 'touched')
    for (const text of [
      `a: !!js/function 'function () { require("fs").writeFileSync("${touched}", "") }'`,
      `a: !!python/object/apply:os.system ["touch ${touched}"]`,
      `a: !!java.lang.ProcessBuilder [["touch", "${touched}"]]`,
    ])
      await t.rejects(parseText(text, 'c.yaml'), { name: 'ConfigFault', message: /Unresolved tag/ })
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as a template would have it.
    const text = '${7*7} {{7*7}} <%= 7*7 %> $(touch x) `touch x` ; touch x'
    t.strictSame(await parseText(`a: '${text}'`, 'c.yaml'), { a: text })
    t.throws(() => readFileSync(touched), { code: 'ENOENT' })
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x]']
    for (let n = 1; n < 12; n++) {
      const uses = Array.from({ length: 9 }, () => `*a${n - 1}`)
      lines.push(`a${n}: &a${n} [${uses.join(', ')}]`)
    }
    await t.rejects(parseText(lines.join('\n'), 'c.yaml'), {
      name: 'ConfigFault',
      message: /alias/,
    })
  },
)

t.test(
  'CVE-2026-55511, CVE-2026-55521, CVE-2026-55559, CVE-2026-55565, CVE-2026-55566: names from the air are data in answers, and letters on a terminal',
  async t => {
    const { ask } = await served(t)
    const { type, body } = await ask({ path: '/status' })
    t.equal(type, 'application/json', 'never HTML')
    t.strictSame(JSON.parse(body), { name: EVIL })
    // oxlint-disable-next-line no-control-regex
    t.notMatch(body, /[\x00-\x09\x0b-\x1f\x7f]/)
    for (const shown of [printable(EVIL), fittingText(EVIL, 20), fittingText(EVIL, 200)])
      t.notMatch(shown, /[\p{Cc}\p{Cf}]/u)
  },
)

const EVIL = '<script>x</script>\x1b]0;x\x07\x1b[2J\r\n\u202egpj\u2066\'";DROP TABLE files--'

async function served(t: Test) {
  const bodies: unknown[] = []
  const routes: Routes = {
    'GET /status': () => ({ name: EVIL }),
    'POST /send': body => {
      bodies.push(body)
      return null
    },
  }
  const control = await serveControl({ port: 0 }, routes)
  t.teardown(() => control.close())
  const port = control.port as number
  const ask = async ({ body, ...asked }: Asked) => {
    const asking = request({ port, host: '127.0.0.1', ...asked, agent: false })
    // Whoever is refused may be cut off before all of a long body was written.
    asking.on('error', () => undefined)
    asking.end(body)
    const [response] = await once(asking, 'response')
    const chunks: Buffer[] = []
    for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk)
    return {
      status: response.statusCode as number,
      type: response.headers['content-type'] as string,
      body: Buffer.concat(chunks).toString(),
    }
  }
  return { ask, port, bodies }
}
