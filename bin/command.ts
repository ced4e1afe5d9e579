/** `downpour command`: commands a spacecraft, at its own control socket or through a station's uplink. */
import { Refusal } from '../hal/control.ts'
import { systemClock } from '../hal/system-clock.ts'
import { commandOf, type Command as Telecommand, VERBS } from '../protocol/command/command.ts'
import { PARAMETERS } from '../protocol/command/parameters.ts'
import { ask, NobodyAnswers } from './ask.ts'
import { controlSocket, SOCKET_OPTIONS } from './control-socket.ts'
import { type Command, count, flag, type Options, readCommandLine, UsageError } from './options.ts'
import type { OrderStatus, Status } from './statuses.ts'

export async function command(args: readonly string[]): Promise<number> {
  const given = readCommandLine(COMMAND, args)
  if (given === undefined) return 0
  const said = meant(given.operands, given.values)
  const socket = await controlSocket(given.values)
  const { json, wait } = given.values
  try {
    const answer = await ask<Partial<OrderStatus>>(socket, '/command', said)
    const outcome = wait ? await outcomeOf(socket, answer) : answer
    process.stdout.write(json ? `${JSON.stringify(outcome)}\n` : `${outcomeText(outcome)}\n`)
    return outcome.state === 'refused' ? REFUSED : 0
  } catch (error) {
    if (!(error instanceof Refusal || error instanceof NobodyAnswers)) throw error
    process.stderr.write(`downpour: ${error.message}\n`)
    return error instanceof Refusal ? REFUSED : NOBODY
  }
}

/** @throws UsageError */
function meant(
  [verb, parameter, value]: readonly string[],
  {
    sequence,
    modem,
  }: { readonly sequence: number | undefined; readonly modem: number | undefined },
): Telecommand {
  const argument = value === undefined ? {} : { value: Number(value) }
  if (verb === 'set' && sequence !== undefined)
    throw new UsageError('Cannot use --sequence with set: it is of no file')
  const stray =
    verb === 'set' ? undefined : (parameter ?? (modem === undefined ? undefined : '--modem'))
  if (stray !== undefined) throw new UsageError(`Cannot use ${stray} with ${verb}: set takes it`)
  const found = commandOf({ verb, sequence, parameter, modem, ...argument })
  if (typeof found === 'string') throw new UsageError(found)
  return found
}

/** Asks a station until the spacecraft has answered; what was done aboard is done at once. */
async function outcomeOf(
  socket: string,
  answer: Partial<OrderStatus>,
): Promise<Partial<OrderStatus>> {
  const never = new AbortController().signal
  const { counter = 0 } = answer
  for (let order: Partial<OrderStatus> = answer; ; ) {
    if (order.state !== 'waiting') return order
    await systemClock.until(systemClock.now() + POLL_MS, never)
    const status = await ask<Status>(socket, '/status')
    const orders = status.role === 'station' ? status.orders : []
    order = orders.find(one => one.counter === counter) ?? { counter, ...FORGOTTEN }
  }
}

function outcomeText({ counter, state, why }: Partial<OrderStatus>): string {
  const about = counter === undefined ? '' : `command ${counter} `
  return `${about}${state ?? ''}${why === undefined ? '' : `: ${why}`}`
}

const FORGOTTEN = { state: 'refused', why: 'the station knows no more of it' } as const
const REFUSED = 1
const NOBODY = 3
const POLL_MS = 200

const COMMAND = {
  synopsis:
    'downpour command VERB [PARAMETER VALUE [--modem N]] [--sequence N] (--socket PATH | --config FILE)',
  about:
    'Commands a spacecraft: at its own control socket, or at that of a station, over the uplink.',
  options: {
    ...SOCKET_OPTIONS,
    sequence: count(
      'suspend, resume, cancel, abandon: which file, by its transaction sequence number',
    ),
    modem: count('set downlink.rateBps: which of several modems, 1 for the first of `modems`'),
    wait: flag('at a station: ends when the spacecraft has answered'),
    json: flag('the answer as one line of JSON'),
  },
  operands: [1, 3],
  notes: [
    `Verbs: ${VERBS.join(', ')}. docs/commands.md says what they do.`,
    '`set` takes one of these, and a whole number:',
    ...PARAMETERS.map(({ name, about }) => `  ${name.padEnd(22)} ${about}`),
    'Exit codes: 0 executed aboard, or taken by the station to be sent; with --wait: executed; 1 refused;',
    '2 the command line is wrong; 3 nobody answers.',
  ].join('\n'),
} satisfies Command<Options>
