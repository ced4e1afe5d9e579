import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { UsageError } from '../../bin/options.ts'
import { PLAN_SCHEMA } from '../../hal/config/plan-schema.ts'
import { ONBOARD } from './pass/statuses.ts'
import { bench } from './plan/bench.ts'

const PLAN = `plan: 1
contacts:
  - { start: 2026-01-01T00:00:00Z, end: 2026-01-01T00:10:00Z, station: Kiruna, rates: [{ downBps: 1000000 }] }
  - { start: 2026-01-01T00:05:00Z, end: 2026-01-01T00:15:00Z, station: Delft, role: secondary,
      expectedFrameLoss: 0.5, elevation: [{ atMs: 0, degrees: 5 }, { atMs: 9, degrees: 33.3 }] }
  - { start: 2026-01-02T23:55:00Z, end: 2026-01-03T00:05:00Z, station: Kiruna, modem: uhf }
`
const CONFIG = `role: onboard
entity: 1
peer: 2
outbox: ./out
modem: { kind: tcp, listen: 4001 }
downlink: { rateBps: 1000000 }
control: { socket: /tmp/plan-test.sock }
`

t.test('downpour plan show: a table and a timeline', async t => {
  const { run, folder } = bench(t, {
    'plan.yaml': PLAN,
    'bad.yaml': 'plan: 1\ncontacts: [{ start: 5, end: 5 }]',
  })
  const shown = await run('show', `${folder}/plan.yaml`)
  t.equal(shown.code, 0)
  t.match(
    shown.out,
    /^3 contacts of 2 stations\nin contact 25 min 0 s, with an uplink 20 min 0 s; longest gap 47\.7 h/,
  )
  t.match(shown.out, /2026-01-01 00:05:00 {2}10 min 0 s {2}Delft {4}secondary +50 % +33°/)
  t.match(shown.out, /2026-01-01 00h[^\n]+\nKiruna {5}#\.{95}\nDelft {6}-\.{95}\n\n2026-01-02/)
  t.match(shown.out, /2026-01-02[^\n]+\nKiruna {5}\.{95}#\n/)
  const json = JSON.parse((await run('show', '--json', `${folder}/plan.yaml`)).out)
  t.match(json, {
    plan: 1,
    totals: { contacts: 3, contactMs: 1_500_000, longestGapMs: 171_600_000 },
  })
  t.match(await run('show', `${folder}/bad.yaml`), { code: 1, err: /line 2: contacts\.0: ends at/ })
  t.match(await run('show', `${folder}/none.yaml`), { code: 1, err: /ENOENT/ })
})

t.test('downpour plan show: rates of both ways, and when they change', async t => {
  const steps = (rates: string) => `{ start: 0, end: 600000, rates: [${rates}] }`
  const { run, folder } = bench(t, {
    'p.yaml': `plan: 1
contacts:
  - ${steps('{ downBps: 1000000, upBps: 64000 }, { fromMs: 120000, downBps: 4000000, upBps: 64000 }')}
  - ${steps('{ downBps: 1000000 }, { fromMs: 90000, downBps: 1000000, upBps: 0 }').replace('{', '{ station: A,')}
  - ${steps('{ downBps: 0 }').replace('{', '{ station: B, role: secondary,')}
  - ${steps('').replace('{', '{ station: C,')}
`,
  })
  const { out } = await run('show', `${folder}/p.yaml`)
  const rows = out.split('\n').map(row => row.replace(/ {2,}/g, ' | '))
  t.match(rows[3], 'down | up')
  t.match(rows[4], 'main | 1.00 Mbit/s, at 2 min 0 s 4.00 Mbit/s | 64.0 kbit/s')
  t.match(rows[5], 'A | main | 1.00 Mbit/s | as configured, at 1 min 30 s 0 bit/s')
  t.match(rows[6], /B \| secondary \| 0 bit\/s$/)
  t.match(rows[7], /C \| main$/)
})

t.test('downpour plan show: a plan without end is shown in part', async t => {
  const { run, folder } = bench(t, {
    'p.json': '{"plan":1,"contacts":[{"start":0,"end":253402300799999}]}',
  })
  t.match((await run('show', `${folder}/p.json`)).out, /\n1970-01-31 [^]*\nthe first 31 days\n$/)
})

t.test('downpour plan check: octets by contact and day, and files', async t => {
  const files = { a: 'x'.repeat(1000), '.hidden': 'y' }
  const { run, folder } = bench(t, {
    'plan.yaml': PLAN,
    'on.yaml': `${CONFIG}plan: plan.yaml\n`,
    'bare.yaml': CONFIG,
    files,
  })
  const given = ['--config', `${folder}/on.yaml`, '--now', '2026-01-01T00:00:00Z']
  const all = await run('check', ...given, '--files', `${folder}/files`, '--sizes', '100M,1k')
  t.equal(all.code, 0)
  t.match(all.out, /2026-01-01 00:05:00 {2}10 min 0 s {2}Delft {4}secondary/)
  t.match(all.out, /^2026-01-03 {2}5 min 0 s {3}\d/m)
  t.match(all.out, /^a +1\.\d+ kB +2026-01-01 00:00:00 +2026-01-01 00:00:00$/m)
  t.match(all.out, /^file 1 +100 MB +2026-01-02 23:5\d:\d\d +2026-01-02 23:5/m)
  const json = JSON.parse((await run('check', ...given, '--json')).out)
  const budget = json.contacts.reduce(
    (sum: number, one: { fileOctets: number }) => sum + one.fileOctets,
    0,
  )
  t.ok(json.fileOctets < budget, 'what two stations hear counts once')
  const named = ['check', `${folder}/plan.yaml`, '--config', `${folder}/bare.yaml`]
  t.match(await run(...named, '--now', '2026-01-01T00:00:00Z', '--sizes', '1G'), {
    code: 1,
    out: /does not fit +not in this plan/,
  })
  t.match(await run(...named, '--now', '2027-01-01T00:00:00Z'), {
    code: 0,
    out: /0 B of files in 0 contacts/,
  })
  await t.rejects(run('check', '--config', `${folder}/bare.yaml`), UsageError)
  await t.rejects(run('check', `${folder}/plan.yaml`), UsageError)
  t.match(await run(...named, '--socket', `${folder}/none`), { code: 3 })
})

t.test('downpour plan check: by which modem, and what the modem leaves', async t => {
  const contact = '{ start: 2026-01-01T00:00:00Z, end: 2026-01-01T00:10:00Z, station: Delft'
  const uhf = '{ kind: csp, host: a, port: 1, address: 1, peerAddress: 2, rateBps: 9600 }'
  const { run, folder } = bench(t, {
    'on.yaml': `role: onboard
entity: 1
peer: 2
outbox: o
control: { socket: /tmp/downpour-plan.sock }
modems: { uhf: ${uhf}, s-band: { kind: udp, listen: 1, rateBps: 100000 } }
contacts: [${contact}, modem: uhf }, ${contact}, modem: s-band }]
`,
  })
  const given = ['--config', `${folder}/on.yaml`, '--now', '2026-01-01T00:00:00Z']
  const { out } = await run('check', ...given)
  t.match(out, /Delft {4}main {2}uhf {5}\d{3} kB\n.*Delft {4}main {2}s-band {2}\d\.\d+ MB\n/)
  const { contacts } = JSON.parse((await run('check', ...given, '--json')).out)
  t.match(contacts, [{ modem: 'uhf' }, { modem: 's-band' }])
  t.ok(contacts[0].fileOctets < (600 * 9_600 * 0.81) / 8, 'a fifth of the air is headers of CSP')
})

t.test('downpour plan check: the files of a running spacecraft', async t => {
  const outbox = { new: 'x', gone: 'x', other: 'x' }
  const { run, folder } = bench(t, { 'plan.yaml': PLAN, 'on.yaml': CONFIG, outbox })
  const file = { sequence: 1, acknowledgedOctets: 0 }
  const socket = await answering(t, {
    ...ONBOARD,
    files: [
      { ...file, name: 'new', octets: 5e6, sentOctets: 0, state: 'queued' },
      { ...file, name: 'half', octets: 5e6, sentOctets: 4e6, state: 'sending' },
      { ...file, name: 'heard', octets: 5e6, sentOctets: 5e6, state: 'awaiting' },
      { ...file, name: 'gone', octets: 5e6, sentOctets: 5e6, state: 'done' },
    ],
  })
  const given = [
    `${folder}/plan.yaml`,
    '--config',
    `${folder}/on.yaml`,
    '--now',
    '2026-01-01T00:00:00Z',
  ]
  const { out } = await run('check', ...given, '--socket', socket, '--json')
  const { files } = JSON.parse(out)
  t.match(files, [
    { name: 'heard', octets: 0 },
    { name: 'new', octets: 5_000_060 },
    { name: 'half', octets: 1_000_062 },
  ])
  t.equal(files.length, 3)
  const waiting = ['--socket', socket, '--files', `${folder}/outbox`]
  const both = await run('check', ...given, ...waiting, '--json')
  const names = JSON.parse(both.out).files.map(({ name }: { name: string }) => name)
  t.strictSame(names, ['heard', 'new', 'half', 'other'], 'what is aboard does not come once more')
  const more = await answering(t, { ...ONBOARD, files: [], more: 7 })
  t.match(await run('check', ...given, '--socket', more), {
    err: /7 more files wait aboard; they are not counted/,
  })
  const other = await answering(t, { role: 'link' })
  await t.rejects(run('check', ...given, '--socket', other), /a spacecraft end is needed/)
})

t.test('downpour plan check: of a contact under way what is left of it', async t => {
  const rates =
    '[{ downBps: 1000000 }, { fromMs: 120000, downBps: 500000 }, { fromMs: 300000, downBps: 0 }]'
  const { run, folder } = bench(t, {
    'on.yaml': `${CONFIG}contacts: [{ start: 0, end: 600000, rates: ${rates} }, { start: 1000, end: 200000, station: K }]\n`,
  })
  const left = async (now: number) => {
    const { out } = await run('check', '--config', `${folder}/on.yaml`, '--now', `${now}`, '--json')
    return JSON.parse(out).contacts as { start: number; seconds: number; channelOctets: number }[]
  }
  const cadus = (bits: number) => Math.floor(bits / 8 / 1_279) * 1_279
  t.match(await left(180_000), [
    { start: 180_000, seconds: 420, channelOctets: cadus(0.5e6 * 120) },
    { start: 180_000, seconds: 20, channelOctets: cadus(1e6 * 20) },
  ])
  t.match((await left(0))[0], { seconds: 600, channelOctets: cadus(1e6 * 120 + 0.5e6 * 180) })
})

t.test('downpour plan check: files go in the order of the rules of the outbox', async t => {
  const { run, folder } = bench(t, {
    'on.yaml': `${CONFIG}plan: plan.yaml\nrules: [{ match: '**.log', priority: 1 }]\n`,
    'plan.yaml': PLAN,
    out: { a: 'x', 'b.part': 'y', '.c': 'z', deep: { 'd.log': 'w' } },
  })
  const given = ['--config', `${folder}/on.yaml`, '--now', '2026-01-01T00:00:00Z', '--json']
  const { out } = await run('check', ...given, '--files', `${folder}/out`, '--sizes', '1M,2')
  t.strictSame(
    JSON.parse(out).files.map(({ name }: { name: string }) => name),
    ['deep/d.log', 'a', 'file 2', 'file 1'],
    'by priority, then small ones before large ones',
  )
})

t.test('downpour plan check: a plan that the spacecraft would refuse', async t => {
  const modems = 'modems: { uhf: { kind: tcp, listen: 4001 }, s-band: { kind: tcp, listen: 4002 } }'
  const { run, folder } = bench(t, {
    'plan.yaml': PLAN,
    'other.yaml': PLAN.replace('modem: uhf', 'modem: x-band'),
    'on.yaml': CONFIG.replace(/modem: .*/, modems),
    'up.yaml': `${CONFIG}inbox: ./in\nuploads: { plan: plan.json }\n`,
  })
  const at = (now: string, plan: string, config: string) =>
    run('check', `${folder}/${plan}`, '--config', `${folder}/${config}`, '--now', now)
  t.match(await at('2026-01-01T00:00:00Z', 'plan.yaml', 'on.yaml'), { code: 0 })
  t.match(await at('2026-01-01T00:00:00Z', 'other.yaml', 'on.yaml'), {
    code: 1,
    err: /other\.yaml:\n {2}modems: a contact is by modem x-band; there are uhf, s-band/,
  })
  t.match(await at('2026-01-01T00:00:00Z', 'plan.yaml', 'up.yaml'), { code: 0 })
  t.match(await at('2026-02-01T00:00:00Z', 'plan.yaml', 'up.yaml'), {
    code: 1,
    err: /contacts: no main contact is left at 2026-02-01T00:00:00Z/,
  })
})

t.test('downpour plan import: from ION, HDTN, and our own', async t => {
  const hdtn = {
    contacts: [{ source: 7, dest: 2, startTime: 0, endTime: 480, rateBitsPerSec: 1_000_000 }],
  }
  const { run, folder } = bench(t, {
    'ion.rc': 'a contact +0 +480 7 2 125000\na contact +0 +480 2 7 8000 0.5\n',
    'bad.rc': '\na contact +0\n',
    'long.rc': 'a contact +0 +90000 7 2 125000\na contact +90000 +180000 7 2 1000\n',
    'hdtn.json': JSON.stringify(hdtn),
    'bad.json': '{"contacts":[\n{"source":7}]}',
    'own.yaml': PLAN,
  })
  const network = [
    '--spacecraft',
    '7',
    '--reference',
    '2026-01-01T00:00:00Z',
    '--stations',
    '2=Kiruna',
  ]
  const ion = await run('import', `${folder}/ion.rc`, '--from', 'ion', '--json', ...network)
  t.match(ion, { code: 0, err: /ion\.rc: line 2: confidence 0\.5 has no place/ })
  t.match(JSON.parse(ion.out), {
    plan: 1,
    issued: String,
    contacts: [
      {
        start: '2026-01-01T00:00:00Z',
        end: '2026-01-01T00:08:00Z',
        station: 'Kiruna',
        role: 'main',
        rates: [{ fromMs: 0, downBps: 1_000_000, upBps: 64_000 }],
      },
    ],
  })
  const fromHdtn = await run('import', `${folder}/hdtn.json`, '--from', 'hdtn', ...network)
  t.match(fromHdtn.out, /role: secondary\n {4}rates:\n {6}- \{ fromMs: 0, downBps: 1000000 \}/)
  const written = await run(
    'import',
    `${folder}/own.yaml`,
    '--from',
    'own',
    '--output',
    `${folder}/own.json`,
  )
  t.match(written, { code: 0, out: '' })
  t.equal(JSON.parse(readFileSync(`${folder}/own.json`, 'utf8')).contacts.length, 3)
  t.match(await run('import', `${folder}/bad.rc`, '--from', 'ion', '--spacecraft', '7'), {
    code: 1,
    err: / {2}line 2: a contact needs/,
  })
  t.match(await run('import', `${folder}/bad.json`, '--from', 'hdtn', '--spacecraft', '7'), {
    code: 1,
    err: / {2}line 2: contacts\.0\.dest: is missing/,
  })
  t.match(await run('import', `${folder}/ion.rc`, '--from', 'ion', '--spacecraft', '9'), {
    code: 1,
    out: '',
    err: /it has no contact of node 9, the --spacecraft/,
  })
  t.match(await run('import', `${folder}/long.rc`, '--from', 'ion', '--spacecraft', '7'), {
    code: 1,
    out: '',
    err: /contacts\.0\.rates\.1\.fromMs: 90000000 will not do/,
  })
  for (const names of ['2=Kiruna,3=Kiruna', '2=Kiruna,2=Troll'])
    await t.rejects(
      run('import', `${folder}/ion.rc`, '--from', 'ion', '--stations', names),
      /(Kiruna|2) is there twice/,
    )
  await t.rejects(run('import', `${folder}/ion.rc`, '--from', 'ion'), /--spacecraft is needed/)
  await t.rejects(run('import', `${folder}/ion.rc`), /--from ion, hdtn or own is needed/)
  await t.rejects(
    run('import', `${folder}/ion.rc`, '--from', 'stk'),
    /"stk": one of ion, hdtn, own is needed/,
  )
  await t.rejects(run('import', 'x', '--from', 'ion', '--stations', 'Kiruna'), /such as 2=Kiruna/)
})

t.test('downpour plan: help, schema, and what it is not', async t => {
  const { run } = bench(t, {})
  t.match(await run('--help'), { code: 0, out: /^usage: downpour plan/ })
  for (const action of ['show', 'check', 'import', 'compute'])
    t.match(await run(action, '--help'), { code: 0, out: /^usage: downpour plan/ })
  t.strictSame(JSON.parse((await run('schema')).out), JSON.parse(JSON.stringify(PLAN_SCHEMA)))
  await t.rejects(run('toString'), /one of show, check, import, compute, schema is needed/)
})

/** A process that answers every question with `status`. */
async function answering(t: Test, status: object): Promise<string> {
  // Sockets have short paths, shorter than those of the fixtures.
  const folder = mkdtempSync(join(tmpdir(), 'downpour-'))
  const socket = join(folder, 's')
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(status))
  })
  await new Promise<void>(resolve => server.listen(socket, resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
    rmSync(folder, { recursive: true })
  })
  return socket
}
