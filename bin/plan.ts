/** `downpour plan`: contact plans, from others or from an orbit, and what they bring down. */

import { ConfigFault } from '../hal/config/fault.ts'
import { PLAN_SCHEMA } from '../hal/config/plan-schema.ts'
import { NobodyAnswers } from './ask.ts'
import { UsageError } from './options.ts'
import { check } from './plan/check.ts'
import { compute } from './plan/compute.ts'
import { importPlan } from './plan/import.ts'
import { show } from './plan/show.ts'

export async function plan(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args
  if (name === '--help' || name === '-h') {
    process.stdout.write(`${HELP}\n`)
    return 0
  }
  if (name === 'schema' && rest.length === 0) {
    process.stdout.write(`${JSON.stringify(PLAN_SCHEMA, null, 2)}\n`)
    return 0
  }
  const action = Object.hasOwn(ACTIONS, name ?? '')
    ? ACTIONS[name as keyof typeof ACTIONS]
    : undefined
  if (action === undefined)
    throw new UsageError(
      `Cannot run "plan ${args.join(' ')}": one of ${Object.keys(ACTIONS).join(', ')}, schema is needed`,
    )
  try {
    return await action(rest)
  } catch (error) {
    if (error instanceof ConfigFault) return told(error, NOT_DONE)
    if (error instanceof NobodyAnswers) return told(error, NOBODY)
    if (error instanceof Error && 'syscall' in error) return told(error, NOT_DONE)
    throw error
  }
}

function told(error: Error, code: number): number {
  process.stderr.write(`downpour: ${error.message}\n`)
  return code
}

const NOT_DONE = 1
const NOBODY = 3
const ACTIONS = { show, check, import: importPlan, compute }

const HELP = [
  'usage: downpour plan (show | check | import | compute | schema) [options]',
  '',
  'The contact plan: who hears the spacecraft, when, how fast. docs/plan.md has the format.',
  '',
  '  show     a plan as a table and a timeline',
  '  check    what a plan brings down, each contact and each day, and which files when',
  '  import   a plan of ION or HDTN, or our own, checked and written again',
  '  compute  a plan from a TLE, an OMM or a circular orbit, for a list of stations',
  '  schema   the JSON Schema of a plan',
  '',
  '`downpour plan show --help` tells the rest.',
].join('\n')
