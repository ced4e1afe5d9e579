/** `downpour plan import`: a plan of somebody else, checked, in our format. */
import { readFileSync } from 'node:fs'
import { ConfigFault } from '../../hal/config/fault.ts'
import { parseText, withLines } from '../../hal/config/text.ts'
import { readPlan, writePlan } from '../../protocol/plan/document.ts'
import { faultText, type PlanFault, type PlanReading } from '../../protocol/plan/fault.ts'
import { readHdtn } from '../../protocol/plan/hdtn.ts'
import { readIon } from '../../protocol/plan/ion.ts'
import type { Network } from '../../protocol/plan/lanes.ts'
import type { ContactPlan } from '../../protocol/plan/plan.ts'
import { type Command, count, type Options, readCommandLine, UsageError } from '../options.ts'
import { choice, moment, stationNames } from './options.ts'
import { OUTPUT_OPTIONS, putPlan } from './output.ts'

export async function importPlan(args: readonly string[]): Promise<number> {
  const given = readCommandLine(COMMAND, args)
  if (given === undefined) return 0
  const { from, spacecraft, reference, stations, ...output } = given.values
  if (from === undefined)
    throw new UsageError('Cannot tell the format: --from ion, hdtn or own is needed')
  if (from !== 'own' && spacecraft === undefined)
    throw new UsageError('Cannot tell which node is the spacecraft: --spacecraft is needed')
  const path = given.operands[0] as string
  const text = readFileSync(path, 'utf8')
  const now = Date.now()
  const network: Network = {
    spacecraft: spacecraft ?? 0,
    referenceMs: reference?.(now) ?? now,
    stations: stations ?? new Map(),
  }
  const read = await readAs(from, text, { path, network })
  const isText = from === 'ion'
  if (read.kind === 'refused') throw new ConfigFault(path, await told(text, read.faults, isText))
  for (const note of await told(text, read.notes, isText))
    process.stderr.write(`downpour: ${path}: ${note}\n`)
  const issued = from === 'own' ? read.plan.issued : now
  const plan = { ...read.plan, issued }
  if (from !== 'own') checkWritten(path, plan, network.spacecraft)
  await putPlan(plan, output)
  return 0
}

/** @throws ConfigFault if nobody could use what was made of it */
function checkWritten(path: string, plan: ContactPlan, spacecraft: number): void {
  if (plan.contacts.length === 0)
    throw new ConfigFault(path, [`it has no contact of node ${spacecraft}, the --spacecraft`])
  const written = readPlan(writePlan(plan))
  if (written.kind === 'refused') throw new ConfigFault(path, written.faults.map(faultText))
}

async function readAs(
  format: 'ion' | 'hdtn' | 'own',
  text: string,
  { path, network }: { path: string; network: Network },
): Promise<PlanReading> {
  if (format === 'ion') return readIon(text, network)
  const document = await parseText(text, path)
  return format === 'hdtn' ? readHdtn(document, network) : readPlan(document)
}

/** The places of a text are its lines already. */
async function told(
  text: string,
  faults: readonly PlanFault[],
  isText: boolean,
): Promise<readonly string[]> {
  if (isText || faults.length === 0) return faults.map(faultText)
  return withLines(text, faults)
}

const COMMAND = {
  synopsis: 'downpour plan import FILE --from ion|hdtn|own [options]',
  about: 'Checks a contact plan of ION, of HDTN or our own, and writes it in our format.',
  options: {
    from: choice(
      'ion',
      'hdtn',
      'own',
    )('what it is: ionrc commands, the JSON of HDTN, our own format'),
    spacecraft: count('ion, hdtn: the number of the node that is the spacecraft'),
    stations: stationNames('ion, hdtn: names of the other nodes'),
    reference: moment(
      'ion, hdtn: when relative times begin; 1970-01-01T00:00:00Z for Unix times [now]',
    ),
    ...OUTPUT_OPTIONS,
  },
  operands: [1, 1],
  notes: [
    'Rates of ION are octets per second, of HDTN bits per second. A station that the spacecraft hears is a main one.',
    'What has no place in our plan is told on standard error.',
    'Exit codes: 0 written; 1 the plan is wrong, with the line and the reason; 2 the command line is wrong.',
  ].join('\n'),
} satisfies Command<Options>
