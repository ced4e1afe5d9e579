/** The `modem` of a configuration in JSON Schema: every key, and which kinds of modem have it. */
import type { Schema } from '@cfworker/json-schema'
import { CODE_RATES } from '../modems/gse/baseband.ts'
import { HSTXC_POWERS } from '../modems/hstxc/registers.ts'
import { KINDS, type Kind, type KindName } from '../modems/kinds.ts'
import { whole } from './keys.ts'

/** What the properties of a line are called, by what it can be. */
const BUS = ['i2c'] as const
const SERIAL = ['path', 'baudRate'] as const
const TCP = ['host', 'port', 'listen'] as const
const LINES: Readonly<Record<Kind['line'], readonly string[]>> = {
  serial: SERIAL,
  tcp: TCP,
  udp: TCP,
  'serial or tcp': [...SERIAL, ...TCP],
  i2c: [...BUS, ...SERIAL, ...TCP],
  'i2c and spi': [...BUS, 'spi', ...SERIAL, ...TCP],
}

/** Keys of each kind beside those of its line, and which of all it must have. */
const KEYS: Readonly<
  Record<KindName, { readonly own: readonly string[]; readonly must: readonly string[] }>
> = {
  serial: { own: ['recordOctets'], must: [] },
  tcp: { own: [], must: [] },
  kiss: { own: ['tncPort', 'callsign', 'peerCallsign', 'asksQueue'], must: [] },
  csp: {
    own: ['address', 'peerAddress', 'radioAddress', 'cspPort', 'cspVersion', 'crcOver'],
    must: ['address', 'peerAddress'],
  },
  openlst: { own: ['address', 'peerAddress'], must: ['address', 'peerAddress'] },
  'endurosat-uhf': { own: ['address', 'radioMode', 'gapMs'], must: [] },
  lithium: { own: [], must: [] },
  'endurosat-dvbs2': { own: ['moduleId', 'imageOctets', 'stageMs'], must: [] },
  trxvu: { own: ['sendAddress', 'receiveAddress'], must: [] },
  txs: {
    own: ['address', 'sendCommand', 'stateCommand', 'housekeepingCommand'],
    must: ['address', 'sendCommand', 'stateCommand', 'housekeepingCommand'],
  },
  hstxc: { own: ['address', 'encoder', 'channel', 'powerDbm'], must: [] },
  udp: { own: ['marker'], must: ['listen'] },
  gse: { own: ['codeRate', 'codeSize', 'protocolType'], must: ['listen'] },
}

const PROPERTIES: Readonly<Record<string, Schema>> = {
  kind: {
    description: Object.entries(KINDS)
      .map(([name, { about }]) => `${name}: ${about}.`)
      .join(' '),
    enum: Object.keys(KINDS),
  },
  path: {
    description: 'The serial device, such as /dev/ttyUSB0.',
    type: 'string',
    minLength: 1,
  },
  baudRate: {
    description:
      'Bits per second on the UART, start and stop bits counted. Unless told 115200, or what downlink.rateBps needs.',
    type: 'integer',
    minimum: 50,
    maximum: 20_000_000,
  },
  i2c: {
    description:
      'trxvu, txs, hstxc: the I2C bus, such as /dev/i2c-1. Without it they are behind a bridge, over a serial line or TCP.',
    type: 'string',
    pattern: '^/dev/i2c-\\d+$',
  },
  spi: {
    description: 'hstxc: the SPI device beside its I2C bus, such as /dev/spidev1.0.',
    type: 'string',
    pattern: '^/dev/spidev\\d+\\.\\d+$',
  },
  recordOctets: whole('serial: octets of the records in which the modem gives data.', 1, 65_536),
  host: {
    description: 'Where to connect or send to; with `listen` alone, the address to listen on.',
    type: 'string',
    minLength: 1,
  },
  port: whole('The port to connect or send to.', 1, 65_535),
  listen: whole(
    'The port to listen on; 0 takes a free one. Over TCP instead of `port`; over UDP beside it.',
    0,
    65_535,
  ),
  frameOctets: whole('Octets of ours that one frame of the modem carries.', 16, 65_000),
  rateBps: whole(
    'Bits per second on the air of what this end sends. Unless told downlink.rateBps aboard, uplink.rateBps at a station.',
    1,
    1e10,
  ),
  tncPort: whole('kiss: radio port of the TNC.', 0, 15),
  callsign: callsign('kiss: frames go in AX.25 from this callsign, such as N0CALL-1.'),
  peerCallsign: callsign('kiss: to this callsign.'),
  asksQueue: {
    description:
      'kiss: the TNC is asked how much waits in it, as direwolf can say; unless told, yes.',
    type: 'boolean',
  },
  address: whole(
    'csp, openlst: address of this end. endurosat-uhf, txs, hstxc: of the modem on its bus; unless told 34, 22 hexadecimal, of endurosat-uhf and 38, 26 hexadecimal, of hstxc.',
    0,
    65_535,
  ),
  peerAddress: whole('csp, openlst: address of the other end.', 0, 65_535),
  radioAddress: whole('csp: address of the radio at this end, for `modem probe`.', 0, 16_383),
  cspPort: whole('csp: port that our packets come from and go to; unless told 10.', 0, 63),
  cspVersion: { description: 'csp: version of the header; unless told 1.', enum: [1, 2] },
  crcOver: {
    description:
      'csp: what CRC-32C is over; unless told the payload, which every libcsp reads. packet: header, too, as CSP 2.1 sends; both are read.',
    enum: ['payload', 'packet'],
  },
  radioMode: whole('endurosat-uhf: mode of its radio; unless told 3, 9600 bit/s.', 0, 7),
  gapMs: whole(
    'endurosat-uhf: milliseconds of silence after each packet; unless told 10.',
    0,
    10_000,
  ),
  moduleId: whole(
    'endurosat-dvbs2: which transmitter; unless told 8194, S-band. X-band: 4099.',
    0,
    65_535,
  ),
  imageOctets: whole(
    'endurosat-dvbs2: octets of one file of frames; unless told 1000000.',
    1_472,
    4_000_000,
  ),
  stageMs: whole(
    'endurosat-dvbs2: milliseconds before a contact of the plan from which on its first file is written; unless told 30000.',
    0,
    3_600_000,
  ),
  sendAddress: whole(
    'trxvu: of its transmitter on the bus; unless told 96, 60 hexadecimal.',
    8,
    119,
  ),
  receiveAddress: whole(
    'trxvu: of its receiver on the bus; unless told 97, 61 hexadecimal.',
    8,
    119,
  ),
  sendCommand: whole('txs: number of its command that sends a frame.', 0, 255),
  stateCommand: whole('txs: number of its command that switches it on and off.', 0, 255),
  housekeepingCommand: whole('txs: number of its command that asks its housekeeping.', 0, 255),
  encoder: whole('hstxc: what its encoder register is set to; unless told it is left.', 0, 255),
  channel: whole(
    'hstxc: what its frequency register is set to, in steps of 0.5 MHz; unless told it is left.',
    0,
    255,
  ),
  powerDbm: {
    description: 'hstxc: power of its amplifier in dBm; unless told it is left.',
    enum: [...HSTXC_POWERS],
  },
  marker: {
    description: 'udp: datagrams begin with the marker 1ACFFC1D; unless told, yes.',
    type: 'boolean',
  },
  codeRate: { description: 'gse: rate of the code; unless told 1/2.', enum: [...CODE_RATES] },
  codeSize: {
    description: 'gse: size of the coded frames; unless told normal.',
    enum: ['normal', 'short'],
  },
  protocolType: whole('gse: type of what the packets carry; unless told 0x88B5.', 0, 65_535),
}

export const MODEM: Schema = {
  description: 'A modem, and the line to it.',
  type: 'object',
  additionalProperties: false,
  required: ['kind'],
  properties: PROPERTIES,
  allOf: [...Object.entries(KINDS).map(rulesOf), ...lineRules()],
}

/** Of one kind: the keys that it must have, and those that have no meaning. */
function rulesOf([name, kind]: [string, (typeof KINDS)[KindName]]): Schema {
  const { own, must } = KEYS[name as KindName]
  const framed = kind.frameOctets === undefined ? [] : ['frameOctets', 'rateBps']
  const line = LINES[kind.line]
  const has = new Set<string>(['kind', ...line, ...framed, ...own])
  const foreign = Object.keys(PROPERTIES).filter(key => !has.has(key))
  return {
    if: { properties: { kind: { const: name } } },
    then: {
      required: [...must, ...(kind.line === 'serial' ? ['path'] : [])],
      properties: Object.fromEntries(foreign.map(key => [key, false])),
    },
  }
}

/** TCP connects or listens; where there may be a device or a bus instead, it is one of them. */
function lineRules(): Schema[] {
  const either = { kind: { enum: kinds('serial or tcp', 'i2c', 'i2c and spi') } }
  const overTcp = { kind: { enum: [...kinds('tcp'), ...either.kind.enum] } }
  const onBoth = { kind: { enum: kinds('i2c and spi') } }
  return [
    {
      if: { properties: overTcp, required: ['listen'] },
      then: { properties: { port: false } },
    },
    {
      if: { properties: { kind: { enum: kinds('tcp') }, listen: false } },
      then: { required: ['host', 'port'] },
    },
    {
      if: { properties: either, required: ['path'] },
      then: { properties: { host: false, port: false, listen: false } },
    },
    {
      if: { properties: either, required: ['i2c'] },
      then: { properties: { path: false, host: false, port: false, listen: false } },
    },
    {
      if: { properties: onBoth, required: ['i2c'] },
      then: { required: ['spi'] },
      else: { properties: { spi: false } },
    },
    {
      if: { properties: { ...either, i2c: false, path: false, listen: false } },
      then: { required: ['host', 'port'] },
    },
    {
      if: { properties: { ...either, path: false } },
      then: { properties: { baudRate: false } },
    },
  ]
}

function kinds(...lines: readonly Kind['line'][]): string[] {
  return Object.entries(KINDS)
    .filter(([, kind]) => lines.includes(kind.line))
    .map(([name]) => name)
}

function callsign(description: string): Schema {
  return { description, type: 'string', pattern: '^[A-Z0-9]{1,6}(-(\\d|1[0-5]))?$' }
}
