/** `downpour buffer`: what waits aboard for its acknowledgement; lets go what may go; reads the files again. */
import type { BufferListing, ListedFile } from '../onboard/buffer/listing.ts'
import { ask, NobodyAnswers } from './ask.ts'
import { controlSocket, SOCKET_OPTIONS } from './control-socket.ts'
import { type Command, flag, type Options, readCommandLine, UsageError } from './options.ts'

export async function buffer(args: readonly string[]): Promise<number> {
  const given = readCommandLine(COMMAND, args)
  if (given === undefined) return 0
  const [verb] = given.operands as [string]
  const { json } = given.values
  if (!Object.hasOwn(VERBS, verb))
    throw new UsageError(`Cannot run buffer ${verb}: one of ls, gc, verify is needed`)
  const socket = await controlSocket(given.values)
  try {
    return await (VERBS[verb] as Verb)(socket, json)
  } catch (error) {
    if (!(error instanceof NobodyAnswers)) throw error
    process.stderr.write(`downpour: ${error.message}\n`)
    return NOBODY
  }
}

type Verb = (socket: string, json: boolean) => Promise<number>

async function list(socket: string, json: boolean): Promise<number> {
  const listing = await ask<BufferListing>(socket, '/buffer')
  if (json) return say(JSON.stringify(listing))
  for (const file of listing.files) say(lineOf(file))
  if (listing.more > 0) say(`and ${listing.more} more`)
  return 0
}

async function collect(socket: string, json: boolean): Promise<number> {
  const answer = await ask<{ files: number }>(socket, '/buffer/gc', {})
  return say(json ? JSON.stringify(answer) : `${answer.files} files that failed were let go`)
}

async function verify(socket: string, json: boolean): Promise<number> {
  const answer = await ask<{ files: number; wrong: Wrong[] }>(socket, '/buffer/verify', {})
  if (json) say(JSON.stringify(answer))
  else {
    for (const { sequence, name, why } of answer.wrong) say(`${sequence}  ${name}: ${why}`)
    say(`${answer.files} files read, ${answer.wrong.length} are not what they were`)
  }
  return answer.wrong.length === 0 ? 0 : WRONG
}

interface Wrong {
  readonly sequence: number
  readonly name: string
  readonly why: string
}

function lineOf(file: ListedFile): string {
  const { sequence, priority, pinned, state, octets, sentOctets, groundOctets, name } = file
  const heard = file.passages
    .map(({ stations, octets: sent }) => `${stations === '' ? 'the ground' : stations} ${sent}`)
    .join(', ')
  const release =
    file.releaseInMs === undefined ? 'not in the plan' : `in ${minutes(file.releaseInMs)}`
  return [
    `${sequence}`.padStart(8),
    `p${priority}${pinned ? ' pinned' : ''}`,
    state,
    `${sentOctets}/${octets} sent`,
    `${groundOctets} on the ground`,
    `${minutes(file.ageMs)} old`,
    ...(file.deadlineMs === undefined ? [] : [`due ${new Date(file.deadlineMs).toISOString()}`]),
    `let go ${release}`,
    name,
    ...(heard === '' ? [] : [`heard by ${heard}`]),
  ].join('  ')
}

function minutes(ms: number): string {
  return `${Math.round(ms / 60_000)} min`
}

function say(line: string): 0 {
  process.stdout.write(`${line}\n`)
  return 0
}

const VERBS: Readonly<Record<string, Verb>> = { ls: list, gc: collect, verify }
const WRONG = 1
const NOBODY = 3

const COMMAND = {
  synopsis: 'downpour buffer ls|gc|verify (--socket PATH | --config FILE) [--json]',
  about: 'Shows what waits aboard for its acknowledgement, in the order in which it goes.',
  options: { ...SOCKET_OPTIONS, json: flag('the answer as it came, one line of JSON') },
  operands: [1, 1],
  notes: [
    'ls: every file, what became of it, and when it may be let go. gc: lets go of files that failed.',
    'verify: reads the files again, and tells which are not what was accepted.',
    'Exit codes: 0 done; 1 a file is not what it was; 2 the command line is wrong; 3 nobody answers.',
  ].join('\n'),
} satisfies Command<Options>
