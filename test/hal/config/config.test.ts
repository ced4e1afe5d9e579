import { writeFileSync } from 'node:fs'
import t from 'tap'
import { loadConfig, readConfig } from '../../../hal/config/config.ts'
import { faultsOf, GROUND, LEAST, type Refusal, refuses } from '../../kit/config.ts'
import { contact } from '../../protocol/plan/contacts.ts'

t.test('readConfig() fills in every default and makes every path absolute', async t => {
  const config = await readConfig(LEAST, '/etc/downpour/a.yaml', {})
  t.match(config, {
    role: 'onboard',
    outbox: '/etc/downpour/out',
    state: '/etc/downpour/state',
    control: { socket: '/etc/downpour/state/control.sock', http: undefined },
    modem: { kind: 'serial', path: '/dev/ttyUSB0', baudRate: 115_200, recordOctets: undefined },
    buffer: { filesMax: 10_000, octetsMax: 8_589_934_592 },
    downlink: { interleave: 5, frameOctets: 1115, apid: 2045, rateBps: 92_160 },
    uplink: { frameOctetsMax: 1024, rateBps: 64_000 },
    cfdp: { class: 2, checksum: 'crc32c', segmentOctets: 'auto', ackMs: 5000, nakMs: 3000 },
    contacts: undefined,
  })
})

t.test('readConfig() reads the other kinds of line, contacts and the null checksum', async t => {
  const more =
    'cfdp: { checksum: null }\ndownlink: { interleave: 0 }\ncontrol: { socket: ./c, http: 8080 }\n'
  const contacts =
    'contacts: [{ start: 2026-01-01T00:00:00Z, end: 1767226080000, station: S1 }, ' +
    '{ start: 1, end: 3, role: secondary, modem: uhf, rates: [{ downBps: 9600 }, { fromMs: 1, downBps: 19200, upBps: 1200 }] }]'
  const config = await readConfig(`${GROUND}${more}${contacts}`, '/etc/g.yaml', {})
  t.strictSame(config.modem, { kind: 'tcp', host: '127.0.0.1', listen: 4001 })
  t.equal(config.cfdp.checksum, 'null')
  t.equal(config.downlink.frameOctets, 1115)
  t.strictSame(config.control, { socket: '/etc/c', http: 8080 })
  t.strictSame(config.contacts, [
    contact(1, 3, {
      role: 'secondary',
      modem: 'uhf',
      rates: [
        { fromMs: 0, downBps: 9600, upBps: undefined },
        { fromMs: 1, downBps: 19200, upBps: 1200 },
      ],
    }),
    contact(1767225600000, 1767226080000, { station: 'S1' }),
  ])
  const connecting = GROUND.replace('listen: 4001', 'host: modem, port: 5')
  t.strictSame((await readConfig(connecting, 'g', {})).modem, {
    kind: 'tcp',
    host: 'modem',
    port: 5,
  })
})

t.test(
  'readConfig() reads JSON, without the library for YAML, and YAML that looks like it',
  async t => {
    const json = JSON.stringify({
      role: 'onboard',
      entity: 1,
      peer: 2,
      outbox: 'o',
      modem: { kind: 'serial', path: 'p' },
    })
    const flow =
      '{ role: onboard, entity: 1, peer: 2, outbox: o, modem: { kind: serial, path: p } }'
    t.strictSame(await readConfig(flow, '/a', {}), await readConfig(json, '/a', {}))
  },
)

t.test('readConfig() takes overrides from the environment', async t => {
  const env = {
    DOWNPOUR_MODEM__BAUD_RATE: '9600',
    DOWNPOUR_MODEM__PATH: '/dev/ttyS1',
    DOWNPOUR_CONTROL__HTTP: '8080',
    DOWNPOUR_DOWNLINK__FECF: 'false',
    HOME: '/root',
    DOWNPOUR_STATE: undefined,
  }
  const config = await readConfig(LEAST, '/a', env)
  t.match(config, {
    modem: { baudRate: 9600, path: '/dev/ttyS1' },
    control: { http: 8080 },
    downlink: { fecf: false },
  })
  const faults = await faultsOf(LEAST, { DOWNPOUR_MODM__PATH: 'x', DOWNPOUR_ENTITY__X: '1' })
  t.strictSame(faults, [
    'DOWNPOUR_MODM__PATH: there is no key modm.path to override',
    'DOWNPOUR_ENTITY__X: there is no key entity.x to override',
  ])
  t.match(await faultsOf('just text', { DOWNPOUR_ENTITY: '1' }), ['an object'])
  t.match(await faultsOf('modem: 5', { DOWNPOUR_MODEM__PATH: 'x' }), ['missing'])
})

const FAULTS: readonly Refusal[] = [
  [
    'a role that is none',
    LEAST.replace('onboard', 'onbord'),
    'role: "onbord" will not do; it must be one of "onboard", "station"',
  ],
  ['no outbox', LEAST.replace('outbox: ./out', ''), 'outbox: is missing. onboard: folder'],
  ['an archive in orbit', `${LEAST}archive: a`, 'archive: has no meaning here ("a")'],
  [
    'a serial line without a path',
    LEAST.replace(', path: /dev/ttyUSB0', ''),
    'modem.path: is missing. The serial device',
  ],
  [
    'a serial line with a host',
    LEAST.replace('path', 'host: x, path'),
    'modem.host: has no meaning here ("x")',
  ],
  [
    'a key that is none',
    `${LEAST}downlink: { interleav: 5 }`,
    'downlink.interleav: there is no such key; there are spacecraftId,',
  ],
  [
    'text for a number',
    LEAST.replace('entity: 1', 'entity: one'),
    'entity: "one" will not do; it must be an integer',
  ],
  [
    'too little',
    LEAST.replace('entity: 1', 'entity: -1'),
    'entity: -1 will not do; it must be at least 0',
  ],
  ['too much', `${LEAST}downlink: { spacecraftId: 1024 }`, 'it must be at most 1023'],
  ['nothing', LEAST.replace('./out', '""'), 'outbox: "" will not do; it must be longer'],
  [
    'a certain loss',
    `${LEAST}contacts: [{ start: 1, end: 2, expectedFrameLoss: 1 }]`,
    'it must be less than 1',
  ],
  [
    'a contact that never ends',
    `${LEAST}contacts: [{ start: 1 }]`,
    'contacts.0.end: is missing. UTC as',
  ],
  [
    'no time',
    `${LEAST}contacts: [{ start: soon, end: 2 }]`,
    'contacts.0.start: "soon" will not do; it must be as described: UTC',
  ],
  [
    'no date',
    `${LEAST}contacts: [{ start: 2026-13-01T00:00:00Z, end: 2 }]`,
    'contacts.0.start: "2026-13-01T00:00:00Z" will not do; it must be a time such as',
  ],
  [
    'a contact that runs backwards',
    `${LEAST}contacts: [{ start: 2000, end: 1000 }]`,
    'it must end after it starts, 1970-01-01T00:00:02Z',
  ],
  [
    'contacts at the same time',
    `${LEAST}contacts: [{ start: 0, end: 9 }, { start: 8, end: 12 }]`,
    'contacts.1: starts at',
  ],
  [
    'a plan beside contacts',
    `${LEAST}contacts: []\nplan: p.yaml`,
    'contacts: has no meaning here ([])',
  ],
  [
    'a plan that is not there',
    `${LEAST}plan: none.yaml`,
    'plan: cannot read /etc/none.yaml: ENOENT',
  ],
  [
    'a name without end',
    `${LEAST}contacts: [{ start: 1, end: 2, station: ${'x'.repeat(121)} }]`,
    'it must be at most 120 characters',
  ],
  [
    'rates without end',
    `${LEAST}contacts: [{ start: 1, end: 2, rates: [${'{ downBps: 1 },'.repeat(65)}] }]`,
    'it must be at most 64 of them',
  ],
  [
    'a UART that is too slow',
    `${LEAST.replace('path', 'baudRate: 115200, path')}downlink: { rateBps: 92161 }`,
    'downlink.rateBps: 92161 does not go through a UART of 115200 baud, which carries 92160 bits',
  ],
  ['itself as peer', LEAST.replace('peer: 2', 'peer: 1'), 'peer: 1 is this end itself'],
  ['an id too wide', LEAST.replace('peer: 2', 'peer: 65536'), 'peer: 65536 does not fit 2 octets'],
  [
    'frames that no codeword fits',
    `${LEAST}downlink: { frameOctets: 1000 }`,
    'will not do with interleave 5; it is 1115',
  ],
  [
    'a channel that TM frames have not',
    `${LEAST}downlink: { virtualChannel: 7 }`,
    'downlink.virtualChannel: TM frames have no channel 7; 0 to 6 carry packets',
  ],
  [
    'an urgent channel that AOS has and TM has not',
    `${LEAST}downlink: { urgentChannel: 62 }`,
    'downlink.urgentChannel: TM frames have no channel 62',
  ],
  [
    'what only AOS frames have',
    `${LEAST}downlink: { insertOctets: 1 }`,
    'downlink.frame: tm has no fhec and no insertOctets; aos has',
  ],
  [
    'frames that an insert zone fills',
    `${LEAST}downlink: { frame: aos, interleave: 1, insertOctets: 209 }`,
    'downlink: Cannot use frames of 223 octets',
  ],
  [
    'a plan that comes up, and no way up',
    `${LEAST}uploads: { plan: plan.yaml }`,
    'uploads.plan: needs inbox',
  ],
  [
    'a plan that comes up to a station',
    `${LEAST.replace('onboard', 'station').replace('outbox', 'archive')}uploads: { plan: a }`,
    'uploads.plan: has no meaning at a station (a)',
  ],
  [
    'a socket too far away',
    `${LEAST}control: { socket: /${'x'.repeat(107)} }`,
    'a Unix socket takes 107',
  ],
  ['a very long value', LEAST.replace('entity: 1', `entity: ${'x'.repeat(99)}`), '...'],
  ['what is no YAML', 'role: [', 'at line'],
]
refuses(t, FAULTS)

t.test('readConfig() says everything that is wrong at once', async t => {
  const faults = await faultsOf(
    LEAST.replace('entity: 1', 'entity: -1').replace('peer: 2', 'peer: -2'),
  )
  t.equal(faults.length, 2)
})

t.test('loadConfig() reads a file, and leaves the errors of the disk alone', async t => {
  const folder = t.testdir()
  writeFileSync(`${folder}/a.yaml`, LEAST)
  const env = { DOWNPOUR_CONTROL__SOCKET: '/tmp/a.sock' }
  t.equal((await loadConfig(`${folder}/a.yaml`, env)).state, `${folder}/state`)
  await t.rejects(loadConfig(`${folder}/b.yaml`), { code: 'ENOENT' })
  writeFileSync(`${folder}/c.yaml`, 'role: 1')
  await t.rejects(loadConfig(`${folder}/c.yaml`, {}), /^Cannot use .*c\.yaml:\n {2}/)
})

t.test('readConfig() reads a plan file, and says where it is wrong', async t => {
  const folder = t.testdir({
    'plan.yaml': 'plan: 1\ncontacts:\n  - start: 1\n    end: 2\n    station: Kiruna\n',
    'bad.yaml':
      'plan: 1\ncontacts:\n  - { start: 1, end: 2 }\n  - start: 3\n    end: 1\n    roll: x\n',
    'bad.json': '{\n"contacts": [\n{ "start": 1 }]}',
    'none.yaml': '[',
  })
  const read = (plan: string) => readConfig(`${LEAST}plan: ${plan}`, `${folder}/a.yaml`, SHORT)
  t.strictSame((await read('plan.yaml')).contacts, [contact(1, 2, { station: 'Kiruna' })])
  t.notOk('plan' in (await read('plan.yaml')), 'what comes out is a configuration with contacts')
  const wrong = (plan: string) => faultsOf(`${LEAST}plan: ${plan}`, SHORT, `${folder}/a.yaml`)
  t.strictSame(await wrong('bad.yaml'), [
    `plan: ${folder}/bad.yaml: line 6: contacts.1.roll: there is no such key; there are start, end, station, role, modem, rates, expectedFrameLoss, elevation`,
    `plan: ${folder}/bad.yaml: line 4: contacts.1: ends at 1970-01-01T00:00:00.001Z; it must end after it starts, 1970-01-01T00:00:00.003Z`,
  ])
  t.strictSame(await wrong('bad.json'), [
    `plan: ${folder}/bad.json: line 1: plan: is missing`,
    `plan: ${folder}/bad.json: line 3: contacts.0.end: is missing`,
  ])
  t.match((await wrong('none.yaml'))[0], /none\.yaml: Flow sequence/)
})

/** A Unix socket takes few octets of path, and the folders of tests have long ones. */
const SHORT = { DOWNPOUR_CONTROL__SOCKET: '/tmp/a.sock' }

t.test('readConfig() refuses a rule of the outbox that another one hides', async t => {
  const rules =
    "rules: [{ match: 'a*', filesMax: 5 }, { match: b }, { match: 'a*', priority: 1 }]\n"
  t.strictSame(await faultsOf(`${LEAST}${rules}`), [
    'rules.2.match: "a*" is there twice; the first one counts',
  ])
})
