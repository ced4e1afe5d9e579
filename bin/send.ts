/** `downpour send`: hands files to a running spacecraft end. */
import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { Refusal } from '../hal/control.ts'
import { systemClock } from '../hal/system-clock.ts'
import { ask, NobodyAnswers } from './ask.ts'
import { controlSocket, SOCKET_OPTIONS } from './control-socket.ts'
import {
  type Command,
  count,
  flag,
  type Options,
  readCommandLine,
  UsageError,
  valued,
} from './options.ts'
import type { OnboardFile, Status } from './statuses.ts'

export async function send(args: readonly string[]): Promise<number> {
  const given = readCommandLine(COMMAND, args)
  if (given === undefined) return 0
  const socket = await controlSocket(given.values)
  const paths = given.operands.map(operand => existing(operand))
  try {
    const known = new Set((await files(socket)).map(file => file.sequence))
    const refused = await handOver(paths, socket, wishesOf(given.values))
    if (refused > 0) return REFUSED
    if (!given.values.wait) return 0
    return await allSafe(socket, { known, expected: paths.length })
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

/** @returns how many were refused; the reason of each is told */
async function handOver(paths: readonly string[], socket: string, wishes: Wishes): Promise<number> {
  let refused = 0
  for (const path of paths) {
    try {
      await ask(socket, '/send', { path, ...wishes })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      refused += 1
      process.stderr.write(`downpour: ${path} was refused: ${error.message}\n`)
    }
  }
  return refused
}

/** Waits until the files that were not `known` are done. */
async function allSafe(
  socket: string,
  { known, expected }: { known: ReadonlySet<number>; expected: number },
): Promise<number> {
  const never = new AbortController().signal
  for (;;) {
    const sent = (await files(socket)).filter(file => !known.has(file.sequence))
    const failed = sent.filter(file => file.state === 'failed')
    for (const file of failed)
      process.stderr.write(`downpour: ${file.name} failed: ${file.why ?? 'no reason given'}\n`)
    if (failed.length > 0) return REFUSED
    if (sent.length >= expected && sent.every(file => file.state === 'done')) return 0
    await systemClock.until(systemClock.now() + POLL_MS, never)
  }
}

async function files(socket: string): Promise<readonly OnboardFile[]> {
  const status = await ask<Status>(socket, '/status')
  if (status.role !== 'onboard')
    throw new UsageError(
      `Cannot send to the ${status.role} at ${socket}: a spacecraft end is needed`,
    )
  return status.files
}

function existing(path: string): string {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() === true) return resolve(path)
  throw new UsageError(`Cannot send ${path}: it is no file`)
}

const REFUSED = 1
const NOBODY = 3
const POLL_MS = 500

const utc = valued('UTC', typed => {
  const utcMs = Date.parse(typed)
  if (!Number.isNaN(utcMs)) return utcMs
  throw new UsageError(`"${typed}": a time such as 2026-01-01T00:00:00Z is needed`)
})

const COMMAND = {
  synopsis:
    'downpour send FILE... (--socket PATH | --config FILE) [--priority N] [--deadline TIME] [--pin] [--wait]',
  about: 'Hands files to a running spacecraft end.',
  options: {
    ...SOCKET_OPTIONS,
    priority: count('0 goes first, 9 last; 5 unless told'),
    deadline: utc('when it should be on the ground, such as 2026-01-01T00:00:00Z'),
    pin: flag('is never dropped to make room'),
    wait: flag('ends when all of them are safe on the ground'),
  },
  operands: [1, Number.MAX_SAFE_INTEGER],
  notes: [
    'Exit codes: 0 accepted, with --wait: safe on the ground; 1 refused or failed; 2 the command line is wrong;',
    '3 nobody answers.',
  ].join('\n'),
} satisfies Command<Options>
