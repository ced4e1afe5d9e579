import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import t from 'tap'
import { readConfig } from '../../hal/config/config.ts'
import { SCHEMA } from '../../hal/config/schema.ts'

const GOOD = 'role: onboard\nentity: 1\npeer: 2\noutbox: o\nmodem: { kind: tcp, listen: 1 }\n'
const CONTACT = 'contacts: [{ start: 2026-01-01T00:00:00Z, end: 2026-01-01T00:08:00Z }]\n'

t.test('downpour config', async t => {
  const folder = t.testdir({
    'good.yaml': GOOD + CONTACT,
    'bad.yaml': 'role: none',
    'long.yaml': GOOD,
  })
  writeFileSync(
    `${folder}/fine.yaml`,
    `${GOOD}downlink: { rateBps: 9600 }\ncfdp: { segmentOctets: 1081 }`,
  )

  const schema = await run('schema')
  t.strictSame(
    JSON.parse(schema.out),
    JSON.parse(JSON.stringify(SCHEMA)),
    'schema prints the schema',
  )
  const good = await run('check', `${folder}/good.yaml`)
  t.equal(good.code, 0)
  t.match(good.out, /TM, 1,115 octets, 1,103 of them for packets/)
  t.match(good.out, /28,440 octets of file, packets span frames/)
  t.match(good.out, /2026-01-01T00:00:00\.000Z {2}8\.0 min: 59,999,169 octets of channel/)
  t.match(good.out, /^cfdp\.nak: "immediate"$/m, 'defaults are shown')
  t.match((await run('check', `${folder}/fine.yaml`)).out, /one per frame/)
  const csp = '{ kind: csp, host: a, port: 1, address: 1, peerAddress: 2, rateBps: 9600 }'
  const named = CONTACT.replace(' }]', ', station: Delft, modem: uhf }]')
  const several = GOOD.replace(/modem: .*/, `modems: { uhf: ${csp} }`)
  writeFileSync(`${folder}/several.yaml`, several + named)
  t.match((await run('check', `${folder}/several.yaml`)).out, / of files by uhf at Delft$/m)
  writeFileSync(`${folder}/csp.yaml`, GOOD.replace(/modem: .*/, `modem: ${csp}`))
  const framed = await run('check', `${folder}/csp.yaml`)
  t.match(framed.out, /by it +\d+ octets\/s at 1,000,000 bit\/s, of which the modem carries 0\.8 %/)
  const json = await run('check', '--json', `${folder}/good.yaml`)
  const { config } = JSON.parse(json.out)
  const again = await readConfig(JSON.stringify(config), `${folder}/again.json`, {})
  t.strictSame(JSON.parse(JSON.stringify(again)), config, 'what it prints is a configuration file')

  writeFileSync(
    `${folder}/deaf.yaml`,
    `${GOOD.replace('onboard', 'station').replace('outbox', 'archive')}uplink: { service: none }`,
  )
  t.match((await run('check', `${folder}/deaf.yaml`)).out, /uplink +none: it only listens/)
  for (const [keys, said] of [
    ['uplink: { service: ad }', /AD, 10 frames under way, file data once the spacecraft is heard,/],
    ['uploads: { blind: true }', /BD, file data blind,.*^uploads\.blind: true$/ms],
  ] as const) {
    const station = GOOD.replace('onboard', 'station').replace('outbox', 'archive')
    writeFileSync(`${folder}/station.yaml`, station + keys)
    t.match((await run('check', `${folder}/station.yaml`)).out, said)
  }

  const bad = await run('check', `${folder}/bad.yaml`)
  t.equal(bad.code, 1)
  t.match(bad.err, /role: "none" will not do/)
  t.match(await run('check', `${folder}/none.yaml`), { code: 1, err: /ENOENT/ })
  t.match(await run('--help'), { code: 0, out: /^usage: downpour config/ })
  for (const args of [['frob'], ['check', '--no']])
    t.match(await run(...args), { code: 2, err: /usage: downpour config/ }, args.join(' '))
})

interface Ended {
  readonly code: number
  readonly out: string
  readonly err: string
}

function run(...args: string[]): Promise<Ended> {
  const script =
    "import('./bin/config.ts').then(m => m.config(process.argv.slice(1))).then(c => process.exit(c))"
  const tsx = ['--import', 'tsx', '--input-type=module', '-e', script, '--', ...args]
  // A Unix socket takes few octets of path, and the folders of tests have long ones.
  const env = { ...process.env, DOWNPOUR_CONTROL__SOCKET: '/tmp/downpour.sock' }
  return new Promise(resolve => {
    const child = execFile(process.execPath, tsx, { env }, (_, out, err) => {
      resolve({ code: child.exitCode ?? -1, out, err })
    })
  })
}
