/** `downpour modem probe`: opens the modem of a configuration, asks it by its own protocol, and prints the answer. */
import { openDriven } from '../../hal/modem.ts'
import { systemClock } from '../../hal/system-clock.ts'
import { configAt } from '../config-file.ts'
import {
  type Command,
  duration,
  flag,
  type Options,
  readCommandLine,
  UsageError,
} from '../options.ts'

export async function probe(args: readonly string[]): Promise<number> {
  const given = readCommandLine(COMMAND, args)
  if (given === undefined) return 0
  const [file = ''] = given.operands
  const { modem: config } = await configAt(file)
  if (config.kind === 'serial' || config.kind === 'tcp')
    throw new UsageError(
      `Cannot probe a modem of kind ${config.kind}: it has no protocol of its own`,
    )
  const modem = await openDriven(config, QUEUE_OCTETS, systemClock)
  const patience = new AbortController()
  const timeUp = systemClock
    .until(systemClock.now() + given.values.timeout, patience.signal)
    .then(() => patience.abort())
  const fields = await modem.probe(patience.signal)
  patience.abort()
  await timeUp
  const { isOpen, lastError } = modem.counters
  await modem.close()
  if (given.values.json)
    process.stdout.write(
      `${JSON.stringify({ kind: config.kind, isOpen, fields: fields ?? null })}\n`,
    )
  else if (fields === undefined)
    process.stderr.write(
      isOpen
        ? `downpour: the line is there, but no ${config.kind} modem answers\n`
        : `downpour: the line is not there: ${lastError ?? 'not yet'}\n`,
    )
  else
    for (const [name, value] of Object.entries(fields)) process.stdout.write(`${name}: ${value}\n`)
  return fields === undefined ? 1 : 0
}

const QUEUE_OCTETS = 4_096
const COMMAND = {
  synopsis: 'downpour modem probe FILE [options]',
  about:
    'Asks the modem that a configuration names who and how it is, by the protocol of its kind.',
  options: {
    timeout: duration('waits so long for an answer', '3s'),
    json: flag('prints one JSON object'),
  },
  operands: [1, 1],
  notes:
    'Exit codes: 0 it answered; 1 it did not; 2 the command line is wrong. Kinds udp and gse have nobody to ask.',
} satisfies Command<Options>
