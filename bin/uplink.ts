/** `downpour uplink`: hands a file for the spacecraft to a running station. */
import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { Refusal } from '../hal/control.ts'
import { systemClock } from '../hal/system-clock.ts'
import { ask, NobodyAnswers } from './ask.ts'
import { controlSocket, SOCKET_OPTIONS } from './control-socket.ts'
import { type Command, flag, type Options, readCommandLine, text, UsageError } from './options.ts'
import type { Status, UploadFile } from './statuses.ts'

export async function uplink(args: readonly string[]): Promise<number> {
  const given = readCommandLine(COMMAND, args)
  if (given === undefined) return 0
  const { name, json, wait } = given.values
  const path = existing(given.operands[0] as string)
  const socket = await controlSocket(given.values)
  try {
    const request = name === undefined ? { path } : { path, name }
    const taken = await ask<Outcome>(socket, '/uplink', request)
    const outcome = wait ? await outcomeOf(socket, taken) : taken
    process.stdout.write(json ? `${JSON.stringify(outcome)}\n` : `${outcomeText(outcome)}\n`)
    return outcome.state === 'failed' ? REFUSED : 0
  } catch (error) {
    if (!(error instanceof Refusal || error instanceof NobodyAnswers)) throw error
    process.stderr.write(`downpour: ${error.message}\n`)
    return error instanceof Refusal ? REFUSED : NOBODY
  }
}

type Outcome = Pick<UploadFile, 'sequence' | 'name' | 'octets' | 'state' | 'why'>

/** Asks the station until the spacecraft has the file, or will never have it. */
async function outcomeOf(socket: string, taken: Outcome): Promise<Outcome> {
  const never = new AbortController().signal
  const { sequence, name, octets } = taken
  for (let outcome: Outcome = taken; ; ) {
    if (outcome.state === 'delivered' || outcome.state === 'failed') return outcome
    await systemClock.until(systemClock.now() + POLL_MS, never)
    const status = await ask<Status>(socket, '/status').catch(absent)
    // A station that is away for a moment goes on when it is back.
    if (status === undefined) continue
    const uploads = status.role === 'station' ? status.uploads : []
    const found = uploads.find(one => one.sequence === sequence)
    const { state, why } = found ?? FORGOTTEN
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
const REFUSED = 1
const NOBODY = 3
const POLL_MS = 500

const COMMAND = {
  synopsis: 'downpour uplink FILE (--socket PATH | --config FILE) [--name NAME] [--wait] [--json]',
  about:
    'Hands a file for the spacecraft to a running station, which brings it up over its contacts.',
  options: {
    ...SOCKET_OPTIONS,
    name: text('what it is called aboard; its own name unless told'),
    wait: flag('ends when the spacecraft has the whole file'),
    json: flag('the answer as one line of JSON'),
  },
  operands: [1, 1],
  notes: [
    'The station copies the file before it answers: what becomes of FILE then does not matter.',
    'Exit codes: 0 taken by the station, with --wait: whole aboard; 1 refused or failed; 2 the command line is',
    'wrong; 3 nobody answers.',
  ].join('\n'),
} satisfies Command<Options>
