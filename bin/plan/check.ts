/** `downpour plan check`: what a plan brings down at the overhead of a real link, and which files when. */
import type { Config } from '../../hal/config/config.ts'
import { inconsistencies } from '../../hal/config/consistency.ts'
import { loadPlan } from '../../hal/config/contacts.ts'
import { type ContactBudget, derive, outletsOf } from '../../hal/config/derive.ts'
import { ConfigFault } from '../../hal/config/fault.ts'
import { writePlan } from '../../protocol/plan/document.ts'
import { faultText } from '../../protocol/plan/fault.ts'
import {
  type Arrival,
  arrivals,
  type DayYield,
  type FileAhead,
  stretches,
  yieldByDay,
} from '../../protocol/plan/forecast.ts'
import type { ContactPlan, PlannedContact } from '../../protocol/plan/plan.ts'
import { takeOver } from '../../protocol/plan/take-over.ts'
import { formatUtc } from '../../protocol/plan/utc.ts'
import { configAt } from '../config-file.ts'
import { lasting, octetsText } from '../figures.ts'
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
import { moment } from './options.ts'
import { table } from './table.ts'
import { filesAhead } from './waiting.ts'

export async function check(args: readonly string[]): Promise<number> {
  const given = readCommandLine(COMMAND, args)
  if (given === undefined) return 0
  const { config: file, now: typed, json, ...sources } = given.values
  if (file === undefined)
    throw new UsageError('Cannot tell the overhead of the link: --config is needed')
  const now = typed?.(Date.now()) ?? Date.now()
  const config = await planned(file, given.operands[0], now)
  const files = await filesAhead(config, sources, now)
  const checked = assess(config, files, now)
  process.stdout.write(`${json ? JSON.stringify(checked, null, 2) : report(checked)}\n`)
  return checked.files.every(one => one.downAt !== undefined) ? 0 : DOES_NOT_FIT
}

/** The configuration with the contacts of that plan, or with those that it has. @throws ConfigFault if they do not suit */
async function planned(file: string, named: string | undefined, now: number): Promise<Config> {
  const config = await configAt(file)
  if (named === undefined) {
    if (config.contacts !== undefined) return config
    throw new UsageError(`Cannot check ${file}: it has no contacts, and no PLAN is named`)
  }
  const plan = await loadPlan(named)
  const changed = { ...config, contacts: plan.contacts }
  const wrong = [...inconsistencies(changed), ...objections(config, plan, now)]
  if (wrong.length > 0) throw new ConfigFault(named, wrong)
  return changed
}

/** What the spacecraft would say if the plan came up now. */
function objections(
  { role, uploads, contacts, planIssued: issued }: Config,
  plan: ContactPlan,
  now: number,
): readonly string[] {
  if (role !== 'onboard' || uploads.plan === undefined) return []
  const outcome = takeOver(contacts && { issued, contacts }, writePlan(plan), now)
  return outcome.kind === 'taken' ? [] : outcome.faults.map(faultText)
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
  const contacts = (config.contacts ?? [])
    .filter(contact => contact.end > now)
    .map(contact => leftOf(contact, now))
  const derived = derive({ ...config, contacts })
  const { fileShare: share, overheadPercent } = derived
  const modems = outletsOf(config)
  const times = [...stretches({ issued: undefined, contacts }, { modems, share }, now)]
  const days = yieldByDay(times).map(day => ({ ...day, fileOctets: Math.floor(day.fileOctets) }))
  return {
    from: formatUtc(now),
    filePercent: 100 - overheadPercent.onAir,
    contacts: derived.contacts,
    days,
    fileOctets: days.reduce((sum, day) => sum + day.fileOctets, 0),
    files: arrivals(files, times),
  }
}

/** What is still to come of a contact. */
function leftOf(contact: PlannedContact, now: number): PlannedContact {
  const goneMs = now - contact.start
  if (goneMs <= 0) return contact
  const under = contact.rates.findLastIndex(step => step.fromMs <= goneMs)
  const rates = contact.rates
    .slice(Math.max(0, under))
    .map(step => ({ ...step, fromMs: Math.max(0, step.fromMs - goneMs) }))
  return { ...contact, start: now, rates, elevation: [] }
}

function report(checked: Checked): string {
  const contacts = checked.contacts.map(({ start, seconds, station, role, modem, fileOctets }) => [
    utc(start),
    lasting(1_000 * seconds),
    station ?? '',
    role,
    modem ?? '',
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
    ...table(['contact, UTC', 'lasts', 'station', 'role', 'modem', 'files'], contacts),
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
    files: path('folder of files that wait, as an outbox: by its rules, then the oldest first'),
    sizes: valued('OCTETS,...', typed => typed.split(',').map(one => size('', '0').read(one)))(
      'sizes of files that wait: 4M,10M',
    ),
    socket: path('control socket of a running spacecraft, whose files wait'),
    now: moment('from when on; a time, or +1d from now [now]'),
    json: flag('all of it as JSON'),
  },
  operands: [0, 1],
  notes: [
    'A PLAN that does not suit the modems is wrong; where the configuration has `uploads.plan`, so is one that the',
    'spacecraft would refuse if it came up now.',
    'Octets that several stations hear at once count once in a day. A file is down when its last octet is on the',
    'ground, and safe when a main station can say so.',
    'Exit codes: 0 every file fits; 1 one does not, or the plan is wrong; 2 the command line is wrong; 3 nobody answers.',
  ].join('\n'),
} satisfies Command<Options>
