/** `downpour buffer`: what waits aboard for its acknowledgement; lets go what may go; reads the files again. */
import { Refusal } from '../hal/control.ts'
import type { FilePassages } from '../onboard/buffer/listed-passages.ts'
import type { BufferListing } from '../onboard/buffer/listing.ts'
import { ask, NobodyAnswers, needSpacecraft } from './ask.ts'
import { fileLines, lineOf } from './buffer-lines.ts'
import { controlSocket, SOCKET_OPTIONS } from './control-socket.ts'
import { lasting } from './figures.ts'
import { type Command, flag, type Options, readCommandLine, UsageError } from './options.ts'
import { WaitingLine } from './waiting-line.ts'

export async function buffer(args: readonly string[]): Promise<number> {
  const given = readCommandLine(COMMAND, args)
  if (given === undefined) return 0
  const [verb, file] = given.operands as [string, string?]
  const { json } = given.values
  if (!Object.hasOwn(VERBS, verb))
    throw new UsageError(`Cannot run buffer ${verb}: one of ls, gc, verify is needed`)
  if (file !== undefined && (verb !== 'ls' || !NUMBER.test(file)))
    throw new UsageError(`Cannot run buffer ${verb} ${file}: only ls takes a number of a file`)
  const socket = await controlSocket(given.values)
  try {
    await needSpacecraft(socket, 'look into the buffer of')
    if (file !== undefined) return await show(socket, json, Number(file))
    return await (VERBS[verb] as Verb)(socket, json)
  } catch (error) {
    if (!(error instanceof Refusal || error instanceof NobodyAnswers)) throw error
    process.stderr.write(`downpour: ${error.message}\n`)
    return error instanceof Refusal ? REFUSED : NOBODY
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

async function show(socket: string, json: boolean, sequence: number): Promise<number> {
  const file = await ask<FilePassages>(socket, '/buffer/file', { sequence })
  if (json) return say(JSON.stringify(file))
  for (const line of fileLines(file)) say(line)
  return 0
}

async function collect(socket: string, json: boolean): Promise<number> {
  const answer = await ask<{ files: number }>(socket, '/buffer/gc', {})
  return say(json ? JSON.stringify(answer) : `${answer.files} files that failed were let go`)
}

async function verify(socket: string, json: boolean): Promise<number> {
  const answer = await meanwhile('the files are read again', () =>
    ask<{ files: number; wrong: Wrong[] }>(socket, '/buffer/verify', {}),
  )
  if (json) say(JSON.stringify(answer))
  else {
    for (const { sequence, name, why } of answer.wrong) say(`${sequence}  ${name}: ${why}`)
    say(`${answer.files} files read, ${answer.wrong.length} are not what they were`)
  }
  return answer.wrong.length === 0 ? 0 : WRONG
}

/** What is said on a terminal while an answer takes long: what happens, and since when. */
async function meanwhile<Answer>(what: string, answer: () => Promise<Answer>): Promise<Answer> {
  const waiting = new WaitingLine()
  const began = performance.now()
  const tell = () => waiting.show(`${what}: ${lasting(performance.now() - began)}`)
  const timer = setInterval(tell, SHOWN_MS)
  try {
    return await answer()
  } finally {
    clearInterval(timer)
    waiting.end()
  }
}

interface Wrong {
  readonly sequence: number
  readonly name: string
  readonly why: string
}

function say(line: string): 0 {
  process.stdout.write(`${line}\n`)
  return 0
}

const VERBS: Readonly<Record<string, Verb>> = { ls: list, gc: collect, verify }
const NUMBER = /^\d{1,15}$/
const SHOWN_MS = 500
const WRONG = 1
const REFUSED = 1
const NOBODY = 3

const COMMAND = {
  synopsis: 'downpour buffer ls [SEQUENCE]|gc|verify (--socket PATH | --config FILE) [--json]',
  about: 'Shows what waits aboard for its acknowledgement, in the order in which it goes.',
  options: { ...SOCKET_OPTIONS, json: flag('the answer as it came, one line of JSON') },
  operands: [1, 2],
  notes: [
    'ls: every file, what became of it, and when it may be let go. gc: lets go of files that failed.',
    'ls SEQUENCE: of one file, which octets went out in which contact and who heard, which of them the ground',
    'asked for again, and which it holds. A-B: from octet A up to B, B itself not.',
    'verify: reads the files again, and tells which are not what was accepted.',
    'Exit codes: 0 done; 1 a file is not what it was, or there is none of that number; 2 the command line is wrong; 3 nobody answers.',
  ].join('\n'),
} satisfies Command<Options>
