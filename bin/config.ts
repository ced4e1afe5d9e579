/**
 * `downpour config`: says before the pass what a configuration means, or what is wrong with it.
 * Exit codes: 0 it can be used, 1 it cannot, 2 the command line was wrong.
 */
import { parseArgs } from 'node:util'
import { type Config, loadConfig } from '../hal/config/config.ts'
import {
  type ContactBudget,
  type Derived,
  derive,
  framesBps,
  outletsOf,
} from '../hal/config/derive.ts'
import { ConfigFault } from '../hal/config/fault.ts'
import { SCHEMA } from '../hal/config/schema.ts'

const HELP = `usage: downpour config check FILE [--json]
       downpour config schema

check   reads a configuration, fills in what it does not say, and prints what it
        means: octets of frames and segments, overhead, time per file, the budget
        of every contact, and how much one NAK can ask for
schema  prints the JSON Schema of the file

  --json  the whole configuration and its numbers as JSON; the part under "config"
          is a configuration file itself, with every default said
  --help  this text

DOWNPOUR_MODEM__BAUD_RATE=9600 in the environment stands for modem.baudRate: 9600.
Exit codes: 0 it can be used, 1 it cannot, 2 the command line was wrong.`

export async function config(args: readonly string[]): Promise<number> {
  const typed = read(args)
  if (typeof typed === 'string') {
    process.stderr.write(`${typed}\n\n${HELP}\n`)
    return 2
  }
  const [action, file] = typed.positionals
  if (typed.values.help === true) process.stdout.write(`${HELP}\n`)
  else if (action === 'schema') process.stdout.write(`${JSON.stringify(SCHEMA, null, 2)}\n`)
  else return check(file ?? '', typed.values.json === true)
  return 0
}

/** What was typed, or what is wrong with it. */
function read(args: readonly string[]) {
  try {
    const typed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    })
    const [action, ...rest] = typed.positionals
    if (typed.values.help === true) return typed
    if (action === 'schema' && rest.length === 0) return typed
    if (action === 'check' && rest.length === 1) return typed
    return `Cannot run "config ${typed.positionals.join(' ')}": it is check FILE, or schema`
  } catch (error) {
    if (error instanceof TypeError) return error.message
    throw error
  }
}

async function check(file: string, json: boolean): Promise<number> {
  let checked: Config
  try {
    checked = await loadConfig(file)
  } catch (error) {
    if (!(error instanceof ConfigFault) && !isFromDisk(error)) throw error
    process.stderr.write(`${error.message}\n`)
    return 1
  }
  const derived = derive(checked)
  const text = json
    ? JSON.stringify({ config: checked, derived }, null, 2)
    : report(file, checked, derived)
  process.stdout.write(`${text}\n`)
  return 0
}

function isFromDisk(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && 'syscall' in error
}

function report(file: string, checked: Config, derived: Derived): string {
  const { segment, overheadPercent, secondsPerFile, nak, contacts } = derived
  const how = segment.aligned ? 'one per frame' : 'packets span frames'
  const rows: [string, string][] = [
    [
      'frame',
      `${checked.downlink.frame.toUpperCase()}, ${count(derived.frameOctets)} octets, ${count(derived.fieldOctets)} of them for packets`,
    ],
    [
      'on the air',
      `${count(derived.caduOctets)} octets, ${fixed(derived.framesPerSecond)} frames/s`,
    ],
    [
      'segment',
      `${count(segment.octets)} octets of file, ${how}, ${derived.overheadOctets} octets around each`,
    ],
    [
      'overhead',
      `${fixed(overheadPercent.frames)} % of the frames, ${fixed(overheadPercent.onAir)} % of the air`,
    ],
    ['files', `${count(derived.fileOctetsPerSecond)} octets/s`],
    ...modemRows(checked, derived),
    ...Object.entries(secondsPerFile).map(([name, s]): [string, string] => [
      `  ${name}`,
      duration(s),
    ]),
    [
      'NAK',
      `${nak.gaps} gaps in one frame of ${nak.frameOctets} octets, ` +
        `${count(nak.cltuOctets)} on the air, ${fixed(nak.seconds)} s of uplink`,
    ],
    [
      'uplink',
      `${serviceText(checked)}, ` +
        `${derived.uplink.overheadOctets} octets around each packet` +
        `${checked.uplink.sdls === undefined ? '' : ` (SDLS, SPI ${checked.uplink.sdls.spi})`}, ` +
        `packets up to ${count(derived.uplink.packetOctetsMax)}, ` +
        `${count(derived.uplink.packetOctetsPerSecond)} octets/s`,
    ],
    ['contacts', checked.contacts === undefined ? 'always' : String(contacts.length)],
    ...contacts
      .slice(0, CONTACTS_SHOWN)
      .map((contact): [string, string] => [
        `  ${new Date(contact.start).toISOString()}`,
        `${duration(contact.seconds)}: ${count(contact.channelOctets)} octets of channel, ` +
          `${count(contact.fileOctets)} of files${heardBy(contact)}`,
      ]),
    ...(contacts.length > CONTACTS_SHOWN ? [MORE_CONTACTS] : []),
  ]
  const width = Math.max(...rows.map(([name]) => name.length))
  return [
    `${file}: good, ${checked.role} end, entity ${checked.entity}, peer ${checked.peer}`,
    ...rows.map(([name, text]) => `${name.padEnd(width)}  ${text}`),
    '',
    ...flat({ ...checked, contacts: undefined }).map(([key, value]) => `${key}: ${value}`),
  ].join('\n')
}

/** What each brings down, where there are several. */
function modemRows(checked: Config, { fileShare }: Derived): [string, string][] {
  return outletsOf(checked).flatMap((outlet): [string, string][] => {
    const { name, rateBps } = outlet
    const carried = framesBps(outlet)
    if (name === undefined && carried === rateBps) return []
    const share = ((100 * carried) / rateBps).toFixed(1)
    const ours = carried < rateBps ? `, of which the modem carries ${share} %` : ''
    const by = name === undefined ? '  by it' : `  by ${name}`
    return [[by, `${count((carried / 8) * fileShare)} octets/s at ${count(rateBps)} bit/s${ours}`]]
  })
}

function heardBy({ station, role, modem }: ContactBudget): string {
  const by = modem === undefined ? '' : ` by ${modem}`
  const where = `${by}${station === undefined ? '' : ` at ${station}`}`
  return role === 'main' ? where : `${where}, no uplink`
}

/** Every key and its value, defaults too: `modem.baudRate: 115200`. */
function flat(value: unknown, key = ''): [string, string][] {
  if (typeof value !== 'object' || value === null)
    return value === undefined ? [] : [[key, JSON.stringify(value)]]
  return Object.entries(value).flatMap(([name, inner]) =>
    flat(inner, key === '' ? name : `${key}.${name}`),
  )
}

function count(number: number): string {
  return Math.floor(number).toLocaleString('en')
}

function fixed(number: number): string {
  return number.toFixed(2)
}

function duration(seconds: number): string {
  if (seconds < 120) return `${seconds.toFixed(1)} s`
  return seconds < 7_200 ? `${(seconds / 60).toFixed(1)} min` : `${(seconds / 3_600).toFixed(1)} h`
}

function serviceText({ role, uplink: { service, cop1 }, uploads }: Config): string {
  if (service === 'none') return 'none: it only listens'
  const carrier = service === 'ad' ? `AD, ${cop1.window} frames under way` : 'BD'
  if (role === 'onboard') return carrier
  return `${carrier}, file data ${uploads.blind ? 'blind' : 'once the spacecraft is heard'}`
}

const CONTACTS_SHOWN = 20
const MORE_CONTACTS: [string, string] = ['  ...', '`downpour plan check` tells of all of them']
