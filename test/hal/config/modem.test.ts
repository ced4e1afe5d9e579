import t from 'tap'
import { readConfig } from '../../../hal/config/config.ts'
import { aboard, ashore, GROUND, LEAST, type Refusal, refuses } from '../../kit/config.ts'

t.test('readConfig() takes a receiver beside the modem, with the same keys', async t => {
  const text = aboard(
    'kind: endurosat-dvbs2, path: s',
    `receiver: { kind: kiss, path: u, baudRate: 9600 }
downlink: { rateBps: 1000000 }`,
  )
  t.match(await readConfig(text, '/a/b.yaml', {}), {
    modem: { kind: 'endurosat-dvbs2', path: '/a/s', baudRate: 1_500_000 },
    receiver: { kind: 'kiss', path: '/a/u', baudRate: 9_600, frameOctets: 256 },
  })
  t.notOk('receiver' in (await readConfig(LEAST, '/a/b.yaml', {})))
})

t.test('readConfig() fills in what a modem needs, and one rate by the other', async t => {
  const modem = async (keys: string, more = '', end = aboard) =>
    readConfig(end(keys, more), '/a/b.yaml', {})
  const slow = await modem('kind: kiss, path: ttyS0, baudRate: 9600')
  t.match(slow, {
    modem: { kind: 'kiss', path: '/a/ttyS0', baudRate: 9600, frameOctets: 256, rateBps: 7_680 },
    downlink: { rateBps: 7_680 },
  })
  const fast = await modem('kind: serial, path: ttyS0', 'downlink: { rateBps: 8000000 }')
  t.match(fast.modem, { baudRate: 10_000_000 })
  const quick = await modem('kind: serial, path: ttyS0', 'downlink: { rateBps: 1000000 }')
  t.match(quick.modem, { baudRate: 1_500_000 })
  const uhf = await modem('kind: endurosat-uhf, path: s', 'downlink: { rateBps: 9600 }')
  t.match(uhf.modem, { baudRate: 115_200 })
  const ground = await modem('kind: gse, listen: 0, codeRate: 3/4', '', ashore)
  t.match(ground.modem, { kind: 'gse', listen: 0, codeRate: '3/4', rateBps: 64_000 })
  const csp = await modem('kind: csp, host: h, port: 1, address: 1, peerAddress: 5, rateBps: 4800')
  t.match(csp.modem, { rateBps: 4_800, host: 'h', port: 1 })
  t.match(csp.downlink, { rateBps: 1_000_000 })
})

t.test('readConfig() takes the buses of a board', async t => {
  const modem = async (keys: string) => {
    return (await readConfig(aboard(keys, 'cfdp: { class: 1 }'), '/a/b.yaml', {})).modem
  }
  t.strictSame(await modem('kind: trxvu, i2c: /dev/i2c-1, rateBps: 9600'), {
    kind: 'trxvu',
    i2c: '/dev/i2c-1',
    rateBps: 9_600,
    frameOctets: 235,
  })
  t.match(await modem('kind: hstxc, i2c: /dev/i2c-2, spi: /dev/spidev1.0, powerDbm: 30'), {
    spi: '/dev/spidev1.0',
    powerDbm: 30,
    frameOctets: 4_096,
  })
})

const SEVERAL = `modems:
  uhf: { kind: csp, path: /dev/ttyS1, baudRate: 57600, address: 1, peerAddress: 2, rateBps: 9600 }
  s-band: { kind: hstxc, i2c: /dev/i2c-2, spi: /dev/spidev1.0, rateBps: 1024000 }
`

t.test('readConfig() takes several modems by name', async t => {
  const text = LEAST.replace(/modem: .*\n/, SEVERAL)
  const contacts = 'contacts: [{ start: 1, end: 2, modem: uhf }, { start: 2, end: 3 }]'
  const config = await readConfig(`${text}${contacts}`, '/a/b.yaml', {})
  t.match(config, {
    modem: { kind: 'csp' },
    modems: [
      { name: 'uhf', downlinkBps: 9_600, modem: { kind: 'csp', frameOctets: 215 } },
      { name: 's-band', downlinkBps: 1_024_000, modem: { kind: 'hstxc', spi: '/dev/spidev1.0' } },
    ],
    downlink: { rateBps: 9_600 },
  })
  const over = { DOWNPOUR_MODEMS__UHF__RATE_BPS: '4800' }
  t.match(await readConfig(`${text}downlink: { rateBps: 2000000 }`, '/a/b.yaml', over), {
    modems: [{ downlinkBps: 4_800 }, {}],
    downlink: { rateBps: 2_000_000 },
  })
  t.notOk('modems' in (await readConfig(LEAST, '/a/b.yaml', {})))
})

const FAULTS: readonly Refusal[] = [
  [
    'a contact by a modem that there is not',
    `${LEAST.replace(/modem: .*\n/, SEVERAL)}contacts: [{ start: 1, end: 2, modem: x-band }]`,
    'modems: a contact is by modem x-band; there are uhf, s-band',
  ],
  [
    'modems of which none hears',
    LEAST.replace(/modem: .*\n/, SEVERAL.replace(/ {2}uhf.*\n/, '')),
    'modems: all only send; say by which `receiver`',
  ],
  [
    'one of several that lacks something',
    LEAST.replace(/modem: .*\n/, SEVERAL.replace('address: 1, ', '')),
    'modems.uhf.address: is missing. csp, openlst: address of this end',
  ],
  [
    'one of several whose frames are too long',
    LEAST.replace(/modem: .*\n/, SEVERAL.replace('rateBps: 9600', 'frameOctets: 2001')),
    'modems.uhf.frameOctets: 2001 do not fit a frame of csp',
  ],
  [
    'one of several that is too slow',
    LEAST.replace(/modem: .*\n/, SEVERAL.replace('rateBps: 9600', 'rateBps: 96000')),
    'modems.uhf.baudRate must be 120000 or more',
  ],
  ['a modem beside several', `${LEAST}${SEVERAL}`, 'modem: has no meaning here'],
  ['no modem at all', LEAST.replace(/modem: .*\n/, ''), 'modem: is missing. The line to'],
  [
    'several modems of a station',
    GROUND.replace(/modem: .*\n/, SEVERAL),
    'modems: has no meaning here',
  ],
  ['a TNC nowhere', ashore('kind: kiss, host: h'), 'modem.port: is missing'],
  [
    'a TNC in two places',
    ashore('kind: kiss, path: /dev/ttyS0, listen: 4001'),
    'modem.listen: has no meaning here (4001)',
  ],
  [
    'a baud rate of TCP',
    ashore('kind: kiss, baudRate: 9600, listen: 4001'),
    'modem.baudRate: has no meaning here (9600)',
  ],
  [
    'a key of another kind',
    ashore('kind: kiss, cspVersion: 2, listen: 4001'),
    'modem.cspVersion: has no meaning here (2)',
  ],
  [
    'a frame that no radio has',
    ashore('kind: openlst, address: 1, peerAddress: 2, frameOctets: 246, listen: 4001'),
    'modem.frameOctets: 246 do not fit a frame of openlst; at most 245',
  ],
  [
    'a baud rate that no radio has',
    aboard('kind: endurosat-uhf, path: p, baudRate: 38400'),
    'modem.baudRate: 38400 is no rate of endurosat-uhf; one of 9600, 19200, 115200',
  ],
  [
    'a downlink that no UART of a radio carries',
    aboard('kind: endurosat-uhf, path: p', 'downlink: { rateBps: 100000 }'),
    'modem.baudRate must be 125000 or more',
  ],
  [
    'an address that does not fit',
    ashore('kind: csp, address: 1, peerAddress: 32, listen: 4001'),
    'modem.peerAddress: 32 is no address of csp; at most 31',
  ],
  [
    'a bus and a serial line',
    aboard('kind: trxvu, i2c: /dev/i2c-1, path: /dev/ttyUSB0'),
    'modem.path: has no meaning here ("/dev/ttyUSB0")',
  ],
  [
    'a FIFO without its SPI',
    aboard('kind: hstxc, i2c: /dev/i2c-1'),
    'modem.spi: is missing. hstxc: the SPI device',
  ],
  [
    'an SPI behind a bridge',
    aboard('kind: hstxc, path: p, spi: /dev/spidev1.0'),
    'modem.spi: has no meaning here ("/dev/spidev1.0")',
  ],
  [
    'a device that is no bus',
    aboard('kind: trxvu, i2c: /dev/ttyS1'),
    'modem.i2c: "/dev/ttyS1" will not do',
  ],
  [
    'a transmitter whose commands nobody knows',
    aboard('kind: txs, i2c: /dev/i2c-1, address: 17, stateCommand: 1, housekeepingCommand: 2'),
    'modem.sendCommand: is missing',
  ],
  [
    'an address that I2C has not',
    aboard('kind: hstxc, path: p, address: 120', 'cfdp: { class: 1 }'),
    'modem.address: 120 is no address of hstxc; at most 119',
  ],
  [
    'a transmitter that is to hear',
    ashore('kind: endurosat-dvbs2, listen: 4001'),
    'modem.kind: endurosat-dvbs2 only sends; say by which `receiver` this end hears',
  ],
  [
    'a receiver that only sends',
    `${GROUND}receiver: { kind: endurosat-dvbs2, listen: 0 }`,
    'receiver.kind: endurosat-dvbs2 only sends; it hears nothing',
  ],
  [
    'a receiver that is too slow for the downlink',
    `${GROUND}receiver: { kind: serial, path: p, baudRate: 9600 }\ndownlink: { rateBps: 9600 }`,
    'receiver.baudRate must be 12000 or more',
  ],
  [
    'a frame that no receiver has',
    `${GROUND}receiver: { kind: lithium, listen: 0, frameOctets: 256 }`,
    'receiver.frameOctets: 256 do not fit a frame of lithium; at most 255',
  ],
]
refuses(t, FAULTS)
