/** `downpour send`: hands files to a running spacecraft end. */
import { statSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { Refusal } from '../hal/control.ts'
import { systemClock } from '../hal/system-clock.ts'
import { ask, NobodyAnswers, needSpacecraft } from './ask.ts'
import { instant } from './contacts.ts'
import { controlSocket, SOCKET_OPTIONS } from './control-socket.ts'
import { percentText, printable } from './figures.ts'
import {
  type Command,
  count,
  flag,
  type Options,
  readCommandLine,
  UsageError,
  valued,
} from './options.ts'
import type { OnboardFile } from './statuses.ts'
import { WaitingLine } from './waiting-line.ts'

export async function send(args: readonly string[]): Promise<number> {
  const given = readCommandLine(COMMAND, args)
  if (given === undefined) return 0
  const socket = await controlSocket(given.values)
  const paths = given.operands.map(operand => existing(operand))
  const { json, wait } = given.values
  const tell = json ? tellJson : tellText
  try {
    await needSpacecraft(socket, 'send to')
    const accepted = await handOver(paths, socket, wishesOf(given.values))
    if (!wait) for (const file of accepted) tell(file, 'accepted')
    if (accepted.length < paths.length) return REFUSED
    return wait ? await allSafe(socket, accepted, tell) : 0
  } catch (error) {
    if (!(error instanceof NobodyAnswers)) throw error
    process.stderr.write(`downpour: ${error.message}\n`)
    return NOBODY
  }
}

interface Wishes {
  readonly priority?: number
  readonly deadlineMs?: number
  readonly pinned?: true
}

function wishesOf(given: {
  readonly priority: number | undefined
  readonly deadline: number | undefined
  readonly pin: boolean
}): Wishes {
  const { priority, deadline: deadlineMs, pin } = given
  return {
    ...(priority === undefined ? {} : { priority }),
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
    ...(pin ? { pinned: true } : {}),
  }
}

interface Accepted {
  readonly path: string
  readonly sequence: number
}

/** Says what has become of a file, and why if it failed. */
type Tell = (file: Accepted, state: 'accepted' | 'safe' | 'failed', why?: string) => void

const tellText: Tell = ({ path, sequence }, state, why) => {
  if (state === 'failed') process.stderr.write(`downpour: ${path} failed: ${why}\n`)
  else process.stdout.write(`file ${sequence} ${basename(path)}: ${state}\n`)
}

const tellJson: Tell = ({ path, sequence }, state, why) => {
  process.stdout.write(`${JSON.stringify({ sequence, path, state, why })}\n`)
}

/** @returns those that were accepted; why any other was refused is told */
async function handOver(
  paths: readonly string[],
  socket: string,
  wishes: Wishes,
): Promise<readonly Accepted[]> {
  const accepted: Accepted[] = []
  for (const path of paths) {
    try {
      const { sequence } = await ask<{ sequence: number }>(socket, '/send', { path, ...wishes })
      accepted.push({ path, sequence })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      process.stderr.write(`downpour: ${path} was refused: ${error.message}\n`)
    }
  }
  return accepted
}

/** Waits until all are done, or one is not on its way any more. */
async function allSafe(socket: string, accepted: readonly Accepted[], tell: Tell): Promise<number> {
  const never = new AbortController().signal
  const waiting = new WaitingLine()
  for (let left = accepted; left.length > 0; ) {
    const sequences = left.slice(0, ASKED_MAX).map(({ sequence }) => sequence)
    const { files } = await ask<{ files: OnboardFile[] }>(socket, '/files', { sequences })
    const known = new Map(files.map(file => [file.sequence, file]))
    waiting.show(`${accepted.length - left.length} of ${accepted.length} safe${underWay(files)}`)
    const lost = left.slice(0, ASKED_MAX).filter(({ sequence }) => isLost(known.get(sequence)))
    if (lost.length > 0) waiting.end()
    for (const file of lost)
      tell(file, 'failed', known.get(file.sequence)?.why ?? 'the spacecraft knows no more of it')
    if (lost.length > 0) return REFUSED
    const safe = left.filter(({ sequence }) => known.get(sequence)?.state === 'done')
    if (safe.length > 0) waiting.end()
    for (const file of safe) tell(file, 'safe')
    left = left.filter(file => !safe.includes(file))
    if (safe.length === 0) await systemClock.until(systemClock.now() + POLL_MS, never)
  }
  return 0
}

/** Of the one that leaves now, or did last. */
function underWay(files: readonly OnboardFile[]): string {
  const file = files.findLast(({ sentOctets }) => sentOctets > 0)
  return file === undefined
    ? ''
    : `, ${printable(file.name)}: ${percentText(file.sentOctets, file.octets)} sent, ${file.state}`
}

function isLost(file: OnboardFile | undefined): boolean {
  return file === undefined || file.state === 'failed'
}

function existing(path: string): string {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() === true) return resolve(path)
  throw new UsageError(`Cannot send ${path}: it is no file`)
}

const REFUSED = 1
const NOBODY = 3
const POLL_MS = 500
/** Files in one question. */
const ASKED_MAX = 500

const utc = valued('UTC', typed => instant(typed, Date.now()))

const COMMAND = {
  synopsis:
    'downpour send FILE... (--socket PATH | --config FILE) [--priority N] [--deadline TIME] [--pin] [--wait] [--json]',
  about: 'Hands files to a running spacecraft end.',
  options: {
    ...SOCKET_OPTIONS,
    priority: count('0 goes first, 9 last; 5 unless told'),
    deadline: utc('when it should be on the ground: 2026-01-01T00:00:00Z, or +2h from now'),
    pin: flag('is never dropped to make room'),
    wait: flag('ends when all of them are safe on the ground'),
    json: flag('a line of JSON for each file: accepted, or with --wait safe or failed'),
  },
  operands: [1, Number.MAX_SAFE_INTEGER],
  notes: [
    'A file that is accepted has a number; `downpour command cancel --sequence N` and others take it.',
    'Exit codes: 0 accepted, with --wait: safe on the ground; 1 refused or failed; 2 the command line is wrong;',
    '3 nobody answers.',
  ].join('\n'),
} satisfies Command<Options>
