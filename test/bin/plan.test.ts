import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { UsageError } from '../../bin/options.ts'
import { plan } from '../../bin/plan.ts'
import { PLAN_SCHEMA } from '../../hal/config/plan-schema.ts'
import { ONBOARD } from './pass/statuses.ts'

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
const STATIONS = `stations:
  - { name: Kiruna, latitude: 67.857, longitude: 20.964, altitude: 400, downBps: 2000000, upBps: 64000 }
  - { name: Delft, latitude: 51.99, longitude: 4.37, role: secondary, mask: 10 }
`
const TLE = `0 ISS (ZARYA)
1 25544U 98067A   08264.51782528 -.00002182  00000-0 -11606-4 0  2927
2 25544  51.6416 247.4627 0006703 130.5360 325.0288 15.72125391563537
1 00005U 58002B   00179.78495062  .00000023  00000-0  28098-4 0  4753
2 00005  34.2682 348.7242 1859667 331.7664  19.3264 10.82419157413667
`
const OMM = `[{ "OBJECT_NAME": "ISS (ZARYA)", "NORAD_CAT_ID": 25544, "EPOCH": "2008-09-20T12:25:40.104192",
  "MEAN_MOTION": 15.72125391, "ECCENTRICITY": 0.0006703, "INCLINATION": 51.6416, "RA_OF_ASC_NODE": 247.4627,
  "ARG_OF_PERICENTER": 130.5360, "MEAN_ANOMALY": 325.0288, "BSTAR": -0.000011606 }]`

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

t.test('downpour plan check: the files of a running spacecraft', async t => {
  const { run, folder } = bench(t, { 'plan.yaml': PLAN, 'on.yaml': CONFIG })
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
  const other = await answering(t, { role: 'link' })
  await t.rejects(run('check', ...given, '--socket', other), /a spacecraft end is needed/)
})

t.test('downpour plan import: from ION, HDTN, and our own', async t => {
  const hdtn = {
    contacts: [{ source: 7, dest: 2, startTime: 0, endTime: 480, rateBitsPerSec: 1_000_000 }],
  }
  const { run, folder } = bench(t, {
    'ion.rc': 'a contact +0 +480 7 2 125000\na contact +0 +480 2 7 8000 0.5\n',
    'bad.rc': '\na contact +0\n',
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
  await t.rejects(run('import', `${folder}/ion.rc`, '--from', 'ion'), /--spacecraft is needed/)
  await t.rejects(run('import', `${folder}/ion.rc`), /--from ion, hdtn or own is needed/)
  await t.rejects(
    run('import', `${folder}/ion.rc`, '--from', 'stk'),
    /"stk": one of ion, hdtn, own is needed/,
  )
  await t.rejects(run('import', 'x', '--from', 'ion', '--stations', 'Kiruna'), /such as 2=Kiruna/)
})

t.test('downpour plan compute: the same passes from a TLE and from an OMM', async t => {
  const { run, folder } = bench(t, { 'iss.tle': TLE, 'iss.json': OMM, 's.yaml': STATIONS })
  const span = [
    '--stations',
    `${folder}/s.yaml`,
    '--from',
    '2008-09-20T12:00:00Z',
    '--until',
    '+1d',
    '--json',
  ]
  const computed = async (...orbit: string[]) =>
    JSON.parse((await run('compute', ...orbit, ...span)).out).contacts
  const tle = await computed('--tle', `${folder}/iss.tle`, '--satellite', 'ISS (ZARYA)')
  const omm = await computed('--omm', `${folder}/iss.json`)
  t.ok(tle.length > 3)
  t.equal(omm.length, tle.length)
  for (const [i, { start, end, station }] of tle.entries()) {
    t.equal(omm[i].station, station)
    t.ok(Math.abs(Date.parse(start) - Date.parse(omm[i].start)) < 100)
    t.ok(Math.abs(Date.parse(end) - Date.parse(omm[i].end)) < 100)
  }
  const number = await computed('--tle', `${folder}/iss.tle`, '--satellite', '00005')
  t.ok(number.length > 0)
  t.match(await run('compute', '--tle', `${folder}/iss.tle`, ...span), {
    code: 1,
    err: /2 spacecraft are in it; --satellite says which/,
  })
  t.match(await run('compute', '--tle', `${folder}/s.yaml`, ...span), {
    code: 1,
    err: /there are no elements in it/,
  })
  t.match(await run('compute', '--tle', `${folder}/iss.tle`, '--satellite', 'X', ...span), {
    code: 1,
    err: /"X" is not in it/,
  })
})

t.test('downpour plan compute: a circular orbit', async t => {
  const { run, folder } = bench(t, {
    's.yaml': STATIONS,
    'hurt.tle': TLE.replace('51.6416', '51.6417'),
    'bad.yaml':
      'stations:\n  - { name: K, latitude: 91, upBps: 5 }\n  - { name: K, latitude: 1, longitude: 1 }',
  })
  const stations = ['--stations', `${folder}/s.yaml`, '--from', '2026-01-01T00:00:00Z']
  const circle = ['compute', '--altitude', '500', '--inclination', '97.4']
  const day = await run(...circle, '--node', '30', ...stations, '--until', '+1d')
  t.match(day, {
    code: 0,
    err: /^\d+ contacts of 2 stations: .* in contact, .* with an uplink, of 24\.0 h/,
  })
  t.match(
    day.out,
    /station: Kiruna\n {4}role: main\n {4}rates:\n {6}- \{ fromMs: 0, downBps: 2000000, upBps: 64000 \}\n {4}elevation:\n {6}- \{ atMs: 0, degrees: 5 \}/,
  )
  const bare = await run(
    ...circle,
    '--raan',
    '130.46',
    ...stations,
    '--until',
    '+1d',
    '--profile',
    '0',
    '--output',
    `${folder}/p.json`,
  )
  t.match(bare, { code: 0, out: '' })
  const { contacts } = JSON.parse(readFileSync(`${folder}/p.json`, 'utf8'))
  // Greenwich was at 100.46 degrees at that moment: the node is at 30 again.
  t.equal(contacts.length, day.out.split('station:').length - 1)
  t.notOk('elevation' in contacts[0])
  t.match(await run(...circle, '--node', '30', '--stations', `${folder}/bad.yaml`), {
    code: 1,
    err: /line 2: stations\.0\.downBps: is missing, beside upBps[^]*line 2: stations\.0\.latitude: 91 [^]*line 2: stations\.0\.longitude: is missing[^]*line 3: stations\.1\.name: "K" is there twice/,
  })
  const refused: [string[], RegExp][] = [
    [['compute', ...stations], /one of --tle, --omm and --altitude is needed/],
    [['compute', '--altitude', '500', ...stations], /--inclination is needed/],
    [[...circle, ...stations], /one of --node and --raan is needed/],
    [[...circle, '--node', '1', '--raan', '1', ...stations], /one of --node and --raan is needed/],
    [
      ['compute', '--altitude', '5', '--inclination', '1', '--node', '1', ...stations],
      /100 to 50000 km/,
    ],
    [[...circle, '--node', 'x', ...stations], /degrees such as 51\.6 are needed/],
    [[...circle, '--node', '1', '--mask', '90', ...stations], /0 to 89 degrees are needed/],
    [[...circle, '--node', '1', ...stations, '--until', '+3000d'], /two years/],
    [[...circle, '--node', '1', ...stations, '--until', '2025-01-01T00:00:00Z'], /after --from/],
    [[...circle, '--node', '1'], /--stations is needed/],
  ]
  for (const [args, why] of refused) await t.rejects(run(...args), why)
  t.match(
    await run('compute', '--tle', `${folder}/hurt.tle`, '--satellite', '25544', ...stations),
    { code: 1, err: /line 2 of ISS \(ZARYA\): checksum 7 will not do; it is 8/ },
  )
})

t.test('downpour plan compute: says when the elements are old, or lead nowhere', async t => {
  const low = TLE.replace('15.72125391', '16.60000000')
    .replace('563537', '563534')
    .replace('-11606-4', ' 99999-1')
    .replace('2927', '2926')
  const { run, folder } = bench(t, { 'iss.tle': TLE, 'low.tle': fixed(low), 's.yaml': STATIONS })
  const span = [
    '--satellite',
    '25544',
    '--stations',
    `${folder}/s.yaml`,
    '--from',
    '2008-10-20T00:00:00Z',
    '--until',
    '+1h',
  ]
  t.match(await run('compute', '--tle', `${folder}/iss.tle`, ...span), {
    code: 0,
    err: /the elements are \d+\.\d h old/,
  })
  t.match(await run('compute', '--tle', `${folder}/low.tle`, ...span), {
    code: 1,
    err: /these elements lead into the ground/,
  })
})

t.test('downpour plan: help, schema, and what it is not', async t => {
  const { run } = bench(t, {})
  t.match(await run('--help'), { code: 0, out: /^usage: downpour plan/ })
  for (const action of ['show', 'check', 'import', 'compute'])
    t.match(await run(action, '--help'), { code: 0, out: /^usage: downpour plan/ })
  t.strictSame(JSON.parse((await run('schema')).out), JSON.parse(JSON.stringify(PLAN_SCHEMA)))
  await t.rejects(run('toString'), /one of show, check, import, compute, schema is needed/)
})

/** A folder of files, and the command with what it says. */
function bench(t: Test, content: Parameters<Test['testdir']>[0]) {
  const folder = t.testdir(content)
  const run = async (...args: string[]) => {
    const [out, err] = [
      t.capture(process.stdout, 'write', () => true),
      t.capture(process.stderr, 'write', () => true),
    ]
    try {
      const code = await plan(args)
      return { code, out: said(out()), err: said(err()) }
    } finally {
      out.restore()
      err.restore()
    }
  }
  return { folder, run }
}

function said(calls: readonly { readonly args: readonly unknown[] }[]): string {
  return calls.map(({ args }) => String(args[0])).join('')
}

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

/** The same lines with the checksums that they need. */
function fixed(tle: string): string {
  return tle
    .split('\n')
    .map(line => {
      if (!/^[12] /.test(line)) return line
      const body = line.slice(0, 68)
      const sum = body
        .replaceAll('-', '1')
        .replaceAll(/\D/g, '')
        .split('')
        .reduce((all, digit) => all + Number(digit), 0)
      return `${body}${sum % 10}`
    })
    .join('\n')
}
