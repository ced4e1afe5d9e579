/** `downpour uplink`: hands a file for the spacecraft to a running station, and says what is to become of it. */
import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { Refusal } from '../hal/control.ts'
import { systemClock } from '../hal/system-clock.ts'
import { ask, NobodyAnswers } from './ask.ts'
import { controlSocket, SOCKET_OPTIONS } from './control-socket.ts'
import { percentText } from './figures.ts'
import {
  type Command,
  flag,
  type Given,
  type Options,
  readCommandLine,
  text,
  UsageError,
} from './options.ts'
import type { Status, UploadFile } from './statuses.ts'
import { WaitingLine } from './waiting-line.ts'

export async function uplink(args: readonly string[]): Promise<number> {
  const given = readCommandLine(COMMAND, args)
  if (given === undefined) return 0
  const { json } = given.values
  const meant = given.operands.length === 2 ? changeOf(given) : undefined
  const path = meant === undefined ? existing(given.operands[0] as string) : ''
  const socket = await controlSocket(given.values)
  try {
    const answer =
      meant === undefined
        ? await sent(socket, path, given.values)
        : { outcome: await changed(socket, meant), text: `file ${meant.upload}: ${meant.verb}` }
    process.stdout.write(`${json ? JSON.stringify(answer.outcome) : answer.text}\n`)
    return answer.outcome.state === 'failed' ? REFUSED : 0
  } catch (error) {
    if (!(error instanceof Refusal || error instanceof NobodyAnswers)) throw error
    process.stderr.write(`downpour: ${error.message}\n`)
    return error instanceof Refusal ? REFUSED : NOBODY
  }
}

interface Answer {
  readonly outcome: { readonly state?: string }
  readonly text: string
}

interface Change {
  readonly verb: string
  readonly upload: number
}

/** @throws UsageError */
function changeOf({ operands, values: { name, wait } }: GivenUplink): Change {
  const [verb, number] = operands as readonly [string, string]
  if (!VERBS.includes(verb))
    throw new UsageError(`Cannot uplink "${verb}": FILE, or one of ${VERBS.join(', ')} is needed`)
  if (name !== undefined || wait)
    throw new UsageError(`Cannot ${verb} with --name or --wait: they are for a new file`)
  if (/^\d+$/.test(number) && Number.isSafeInteger(Number(number)))
    return { verb, upload: Number(number) }
  throw new UsageError(`Cannot ${verb} "${number}": the sequence number of a file is needed`)
}

function changed(socket: string, { verb, upload }: Change): Promise<Answer['outcome']> {
  return ask(socket, `/${verb}`, { upload })
}

async function sent(
  socket: string,
  path: string,
  { name, wait }: GivenUplink['values'],
): Promise<Answer> {
  const request = name === undefined ? { path } : { path, name }
  const taken = await ask<Outcome>(socket, '/uplink', request)
  const outcome = wait ? await outcomeOf(socket, taken) : taken
  return { outcome, text: outcomeText(outcome) }
}

type Outcome = Pick<UploadFile, 'sequence' | 'name' | 'octets' | 'state' | 'why'>

/** Asks the station until the spacecraft has the file, or will never have it. */
async function outcomeOf(socket: string, taken: Outcome): Promise<Outcome> {
  const never = new AbortController().signal
  const { sequence, name, octets } = taken
  const waiting = new WaitingLine()
  for (let outcome: Outcome = taken; ; ) {
    if (outcome.state === 'delivered' || outcome.state === 'failed') {
      waiting.end()
      return outcome
    }
    await systemClock.until(systemClock.now() + POLL_MS, never)
    const status = await ask<Status>(socket, '/status').catch(absent)
    // A station that is away for a moment goes on when it is back.
    if (status === undefined) continue
    const uploads = status.role === 'station' ? status.uploads : []
    const found = uploads.find(one => one.sequence === sequence)
    const { state, why } = found ?? FORGOTTEN
    waiting.show(`${name}: ${percentText(found?.sentOctets ?? 0, octets)} sent, ${state}`)
    outcome = { sequence, name, octets, state, ...(why === undefined ? {} : { why }) }
  }
}

function absent(error: unknown): undefined {
  if (!(error instanceof NobodyAnswers || error instanceof Refusal)) throw error
}

function outcomeText({ sequence, name, octets, state, why }: Outcome): string {
  return `file ${sequence} ${name}, ${octets} octets: ${state}${why === undefined ? '' : `: ${why}`}`
}

function existing(path: string): string {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() === true) return resolve(path)
  throw new UsageError(`Cannot uplink ${path}: it is no file`)
}

const FORGOTTEN: { readonly state: 'failed'; readonly why?: string } = {
  state: 'failed',
  why: 'the station knows no more of it',
}
const VERBS: readonly string[] = ['suspend', 'resume', 'cancel']
const REFUSED = 1
const NOBODY = 3
const POLL_MS = 500

const COMMAND = {
  synopsis:
    'downpour uplink FILE | suspend N | resume N | cancel N (--socket PATH | --config FILE) [--name NAME] [--wait] [--json]',
  about:
    'Hands a file for the spacecraft to a running station, which brings it up over its contacts; or has file N wait, go on, or end.',
  options: {
    ...SOCKET_OPTIONS,
    name: text('what it is called aboard; its own name unless told'),
    wait: flag('ends when the spacecraft has the whole file'),
    json: flag('the answer as one line of JSON'),
  },
  operands: [1, 2],
  notes: [
    'The station copies the file before it answers: what becomes of FILE then does not matter.',
    'N is the number that the station answered. What is suspended stays so, over restarts, too, until it is resumed.',
    'Exit codes: 0 taken by the station, with --wait: whole aboard; 1 refused or failed; 2 the command line is',
    'wrong; 3 nobody answers.',
  ].join('\n'),
} satisfies Command<Options>
type GivenUplink = Given<(typeof COMMAND)['options']>
