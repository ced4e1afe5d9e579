/** `downpour plan check`: what a plan brings down at the overhead of a real link, and which files when. */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../../hal/config/config.ts'
import { loadPlan } from '../../hal/config/contacts.ts'
import { type ContactBudget, derive, transactionOctets } from '../../hal/config/derive.ts'
import {
  type Arrival,
  arrivals,
  type DayYield,
  type FileAhead,
  stretches,
  yieldByDay,
} from '../../protocol/plan/forecast.ts'
import { formatUtc } from '../../protocol/plan/utc.ts'
import { ask } from '../ask.ts'
import { configAt } from '../config-file.ts'
import { octetsText } from '../figures.ts'
import {
  type Command,
  flag,
  type Options,
  path,
  readCommandLine,
  size,
  UsageError,
  valued,
} from '../options.ts'
import type { Status } from '../statuses.ts'
import { moment } from './options.ts'
import { lasting } from './show.ts'
import { table } from './table.ts'

export async function check(args: readonly string[]): Promise<number> {
  const given = readCommandLine(COMMAND, args)
  if (given === undefined) return 0
  const { config: file, now: typed, json, ...sources } = given.values
  if (file === undefined)
    throw new UsageError('Cannot tell the overhead of the link: --config is needed')
  const config = await planned(file, given.operands[0])
  const now = typed?.(Date.now()) ?? Date.now()
  const files = await filesAhead(config, sources)
  const checked = assess(config, files, now)
  process.stdout.write(`${json ? JSON.stringify(checked, null, 2) : report(checked)}\n`)
  return checked.files.every(one => one.downAt !== undefined) ? 0 : DOES_NOT_FIT
}

/** The configuration with the contacts of that plan, or with those that it has. */
async function planned(file: string, plan: string | undefined): Promise<Config> {
  const config = await configAt(file)
  if (plan !== undefined) return { ...config, contacts: (await loadPlan(plan)).contacts }
  if (config.contacts === undefined)
    throw new UsageError(`Cannot check ${file}: it has no contacts, and no PLAN is named`)
  return config
}

interface Checked {
  readonly from: string
  /** File octets of 100 octets on the air. */
  readonly filePercent: number
  readonly contacts: readonly ContactBudget[]
  readonly days: readonly DayYield[]
  readonly fileOctets: number
  readonly files: readonly Arrival[]
}

/** What the plan is worth from `now` on. */
function assess(config: Config, files: readonly FileAhead[], now: number): Checked {
  const contacts = (config.contacts ?? []).filter(contact => contact.end > now)
  const derived = derive({ ...config, contacts })
  const link = { downBps: config.downlink.rateBps, upBps: config.uplink.rateBps }
  const share = 1 - derived.overheadPercent.onAir / 100
  const times = stretches({ issued: undefined, contacts }, { link, share }, now)
  const days = yieldByDay(times).map(day => ({ ...day, fileOctets: Math.floor(day.fileOctets) }))
  return {
    from: formatUtc(now),
    filePercent: 100 * share,
    contacts: derived.contacts,
    days,
    fileOctets: days.reduce((sum, day) => sum + day.fileOctets, 0),
    files: arrivals(files, times),
  }
}

interface Sources {
  readonly files: string | undefined
  readonly sizes: readonly number[] | undefined
  readonly socket: string | undefined
}

/** Files that wait, oldest first, each with what goes with it. */
async function filesAhead(config: Config, sources: Sources): Promise<FileAhead[]> {
  const whole = [
    ...(sources.files === undefined ? [] : filesIn(sources.files)),
    ...(sources.sizes ?? []).map((octets, i) => ({ name: `file ${i + 1}`, octets })),
  ]
  const aboard = sources.socket === undefined ? [] : await filesAboard(sources.socket)
  const begun = aboard.filter(file => file.octets > 0)
  const sent = aboard.filter(file => file.octets === 0)
  return [
    ...sent,
    ...[...begun, ...whole].map(({ name, octets }) => ({
      name,
      octets: octets + transactionOctets(config, name),
    })),
  ]
}

function filesIn(folder: string): FileAhead[] {
  return readdirSync(folder)
    .map(name => ({ name, stat: statSync(join(folder, name)) }))
    .filter(({ name, stat }) => stat.isFile() && !name.startsWith('.'))
    .toSorted((a, b) => a.stat.mtimeMs - b.stat.mtimeMs)
    .map(({ name, stat }) => ({ name, octets: stat.size }))
}

/** What a running spacecraft has not sent yet: 0 octets of a file that only waits for an answer. */
async function filesAboard(socket: string): Promise<FileAhead[]> {
  const status = await ask<Status>(socket, '/status')
  if (status.role !== 'onboard')
    throw new UsageError(`Cannot ask the ${status.role} at ${socket}: a spacecraft end is needed`)
  return status.files
    .filter(file => file.state !== 'done' && file.state !== 'failed')
    .map(({ name, octets, sentOctets, state }) => ({
      name,
      octets: state === 'awaiting' ? 0 : Math.max(1, octets - sentOctets),
    }))
}

function report(checked: Checked): string {
  const contacts = checked.contacts.map(({ start, seconds, station, role, fileOctets }) => [
    utc(start),
    lasting(1_000 * seconds),
    station ?? '',
    role,
    octetsText(fileOctets),
  ])
  const days = checked.days.map(({ dayMs, contactMs, fileOctets }) => [
    utc(dayMs).slice(0, 10),
    lasting(contactMs),
    octetsText(fileOctets),
  ])
  const files = checked.files.map(({ name, octets, downAt, safeAt }) => [
    name,
    octetsText(octets),
    downAt === undefined ? 'does not fit' : utc(downAt),
    safeAt === undefined ? 'not in this plan' : utc(safeAt),
  ])
  return [
    `from ${checked.from}: ${octetsText(checked.fileOctets)} of files in ${contacts.length} contacts, ` +
      `${checked.filePercent.toFixed(1)} % of the air`,
    '',
    ...table(['contact, UTC', 'lasts', 'station', 'role', 'files'], contacts),
    '',
    ...table(['day', 'in contact', 'files'], days),
    ...(files.length === 0 ? [] : ['', ...table(['file', 'octets', 'down', 'safe'], files)]),
  ].join('\n')
}

function utc(ms: number): string {
  return formatUtc(Math.round(ms / 1_000) * 1_000)
    .slice(0, 19)
    .replace('T', ' ')
}

const DOES_NOT_FIT = 1

const COMMAND = {
  synopsis: 'downpour plan check [PLAN] --config FILE [options]',
  about:
    'Says what a contact plan brings down, by contact and by day, and when files will be there.',
  options: {
    config: path('the link: its rates, its overhead, and its contacts if no PLAN is named'),
    files: path('folder of files that wait, the oldest first'),
    sizes: valued('OCTETS,...', typed => typed.split(',').map(one => size('', '0').read(one)))(
      'sizes of files that wait: 4M,10M',
    ),
    socket: path('control socket of a running spacecraft, whose files wait'),
    now: moment('from when on; a time, or +1d from now [now]'),
    json: flag('all of it as JSON'),
  },
  operands: [0, 1],
  notes: [
    'Octets that several stations hear at once count once in a day. A file is down when its last octet is on the',
    'ground, and safe when a main station can say so.',
    'Exit codes: 0 every file fits; 1 one does not, or the plan is wrong; 2 the command line is wrong; 3 nobody answers.',
  ].join('\n'),
} satisfies Command<Options>
