/** `downpour status`: asks a running end or line how it is. */
import { systemClock } from '../hal/system-clock.ts'
import { ask, NobodyAnswers } from './ask.ts'
import { controlSocket, SOCKET_OPTIONS } from './control-socket.ts'
import { inkFor, showsColour } from './ink.ts'
import { type Command, flag, type Options, readCommandLine } from './options.ts'
import { statusLines } from './status-lines.ts'
import type { Status } from './statuses.ts'

export async function status(args: readonly string[]): Promise<number> {
  const given = readCommandLine(COMMAND, args)
  if (given === undefined) return 0
  const { json, watch } = given.values
  const socket = await controlSocket(given.values)
  const never = new AbortController().signal
  try {
    for (;;) {
      const answer = await ask<Status>(socket, '/status')
      if (watch && !json && process.stdout.isTTY) process.stdout.write(CLEAR)
      process.stdout.write(json ? `${JSON.stringify(answer)}\n` : tableText(answer))
      if (!watch) return 0
      await systemClock.until(systemClock.now() + WATCH_MS, never)
    }
  } catch (error) {
    if (!(error instanceof NobodyAnswers)) throw error
    process.stderr.write(`downpour: ${error.message}\n`)
    return NOBODY
  }
}

function tableText(answer: Status): string {
  const ink = inkFor(showsColour(process.stdout, process.env))
  const width = process.stdout.isTTY ? process.stdout.columns : 100
  return `${statusLines(answer, { width, ink, filesMax: FILES_MAX }).join('\n')}\n`
}

const WATCH_MS = 1_000
const NOBODY = 3
const FILES_MAX = 40
const CLEAR = '\x1b[H\x1b[2J'

const COMMAND = {
  synopsis: 'downpour status (--socket PATH | --config FILE) [--json] [--watch]',
  about: 'Asks a running spacecraft end, ground end or line how it is.',
  options: {
    ...SOCKET_OPTIONS,
    json: flag('the answer as it came, one line of JSON'),
    watch: flag('asks again every second'),
  },
  notes: 'Exit codes: 0 it answered; 2 the command line is wrong; 3 nobody answers.',
} satisfies Command<Options>
