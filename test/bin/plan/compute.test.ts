import { readFileSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { bench } from './bench.ts'

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
  const [message] = JSON.parse(OMM) as [Record<string, string | number>]
  const elements = Object.entries(message).map(([key, value]) => `<${key}>${value}</${key}>`)
  writeFileSync(`${folder}/iss.xml`, `<ndm><omm><data>${elements.join('')}</data></omm></ndm>`)
  const csv = `${Object.keys(message).join(',')}\n${Object.values(message).join(',')}\n`
  writeFileSync(`${folder}/iss.csv`, csv)
  for (const file of ['iss.xml', 'iss.csv'])
    t.strictSame(await computed('--omm', `${folder}/${file}`), omm, file)
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
    [
      ['compute', '--altitude', '500', '--inclination', '181', '--node', '1', ...stations],
      /Cannot use --inclination 181: 0 to 180 degrees/,
    ],
    [
      [...circle, '--node', '1', '--satellite', 'X', ...stations],
      /Cannot use --satellite with --altitude/,
    ],
    [
      ['compute', '--tle', `${folder}/hurt.tle`, '--inclination', '5', ...stations],
      /Cannot use --inclination with --tle/,
    ],
    [
      ['compute', '--omm', `${folder}/hurt.tle`, '--phase', '5', ...stations],
      /Cannot use --phase with --omm/,
    ],
    [
      [...circle, '--node', '1', ...stations, '--until', '2027-01-01'],
      /--until "2027-01-01": a time such as/,
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
    err: /the elements are \d+\.\d d old/,
  })
  const far = await run(
    'compute',
    '--altitude',
    '500',
    '--inclination',
    '98',
    '--node',
    '0',
    '--epoch',
    '2008-01-01T00:00:00Z',
    ...span.slice(2),
  )
  t.match(far, { code: 0, err: /^\d+ contacts/ })
  t.match(await run('compute', '--tle', `${folder}/low.tle`, ...span), {
    code: 1,
    err: /these elements lead into the ground/,
  })
})

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
