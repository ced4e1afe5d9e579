/** `downpour plan show`: a plan as a table and a timeline. */
import { loadPlan } from '../../hal/config/contacts.ts'
import { writePlan } from '../../protocol/plan/document.ts'
import {
  type ContactPlan,
  coverage,
  type PlannedContact,
  type RateStep,
} from '../../protocol/plan/plan.ts'
import { formatUtc } from '../../protocol/plan/utc.ts'
import { countText, lasting, rateText } from '../figures.ts'
import { type Command, flag, type Options, readCommandLine } from '../options.ts'
import { table } from './table.ts'
import { timeline } from './timeline.ts'

export async function show(args: readonly string[]): Promise<number> {
  const given = readCommandLine(COMMAND, args)
  if (given === undefined) return 0
  const plan = await loadPlan(given.operands[0] as string)
  const text = given.values.json
    ? JSON.stringify({ ...writePlan(plan), totals: totals(plan) }, null, 2)
    : [...summary(plan), '', ...contactTable(plan), '', ...timeline(plan)].join('\n')
  process.stdout.write(`${text}\n`)
  return 0
}

interface Totals {
  readonly contacts: number
  readonly stations: number
  /** Of the time in which anybody hears, and a main station. */
  readonly contactMs: number
  readonly mainMs: number
  readonly longestGapMs: number
}

export function totals(plan: ContactPlan): Totals {
  const spans = coverage(plan)
  const gaps = spans.slice(1).map((span, i) => span.start - (spans[i]?.end ?? span.start))
  return {
    contacts: plan.contacts.length,
    stations: new Set(plan.contacts.map(contact => contact.station)).size,
    contactMs: sum(spans),
    mainMs: sum(coverage(plan, 'main')),
    longestGapMs: Math.max(0, ...gaps),
  }
}

function summary(plan: ContactPlan): string[] {
  const { contacts, stations, contactMs, mainMs, longestGapMs } = totals(plan)
  const issued = plan.issued === undefined ? '' : `, issued ${formatUtc(plan.issued)}`
  return [
    `${countText(contacts)} contacts of ${stations} stations${issued}`,
    `in contact ${lasting(contactMs)}, with an uplink ${lasting(mainMs)}; longest gap ${lasting(longestGapMs)}`,
  ]
}

function contactTable(plan: ContactPlan): string[] {
  const rows = plan.contacts.map(contact => [
    formatUtc(contact.start).slice(0, 19).replace('T', ' '),
    lasting(contact.end - contact.start),
    contact.station ?? '',
    contact.role,
    contact.modem ?? '',
    ratesText(contact, ({ downBps }) => downBps),
    contact.role === 'main' ? ratesText(contact, ({ upBps }) => upBps) : '',
    contact.expectedFrameLoss === undefined ? '' : `${100 * contact.expectedFrameLoss} %`,
    peak(contact),
  ])
  return table(
    ['start, UTC', 'lasts', 'station', 'role', 'modem', 'down', 'up', 'loss', 'peak'],
    rows,
  )
}

/** Each rate as long as it lasts: `1.00 Mbit/s, at 2 min 0 s 4.00 Mbit/s`; nothing where the plan says none. */
function ratesText(
  { rates }: PlannedContact,
  bpsOf: (step: RateStep) => number | undefined,
): string {
  const all = rates.map(bpsOf)
  if (all.every(bps => bps === undefined)) return ''
  return rates
    .flatMap(({ fromMs }, i) => {
      if (i > 0 && all[i] === all[i - 1]) return []
      const rate = all[i] === undefined ? 'as configured' : rateText(all[i])
      return [i === 0 ? rate : `at ${lasting(fromMs)} ${rate}`]
    })
    .join(', ')
}

function peak({ elevation }: PlannedContact): string {
  if (elevation.length === 0) return ''
  return `${Math.max(...elevation.map(sample => sample.degrees)).toFixed(0)}°`
}

function sum(spans: readonly { readonly start: number; readonly end: number }[]): number {
  return spans.reduce((whole, span) => whole + span.end - span.start, 0)
}

const COMMAND = {
  synopsis: 'downpour plan show PLAN [--json]',
  about: 'Shows a contact plan: its contacts, and a timeline of every day and station.',
  options: { json: flag('the plan and its totals as JSON') },
  operands: [1, 1],
  notes: [
    'In the timeline a sign is 15 minutes: # a main station hears, - a secondary one, . nobody.',
    'Exit codes: 0 shown; 1 the plan is wrong, or cannot be read; 2 the command line is wrong.',
  ].join('\n'),
} satisfies Command<Options>
