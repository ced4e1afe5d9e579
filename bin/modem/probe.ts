/** `downpour modem probe`: opens the modem of a configuration, asks it by its own protocol, and prints the answer. */
import type { Config } from '../../hal/config/config.ts'
import type { FramedConfig, ModemConfig } from '../../hal/config/modem.ts'
import { openDriven } from '../../hal/modem.ts'
import type { Telemetry } from '../../hal/modems/driver.ts'
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
  const named = modemsOf(await configAt(file))
  const asked = named.filter(({ config }) => !SILENT.has(config.kind))
  if (asked.length === 0)
    throw new UsageError(
      `Cannot probe a modem of kind ${named[0]?.config.kind}: it has no protocol of its own`,
    )
  for (const { name, config } of named)
    if (SILENT.has(config.kind))
      process.stderr.write(`downpour: ${name}: is not asked, for ${config.kind} answers nothing\n`)
  const answers = await Promise.all(
    asked.map(async ({ name, config }) => {
      // One name is enough for one.
      const place = named.length > 1 ? name : undefined
      return tell(await ask(config as FramedConfig, given.values.timeout), place, given.values.json)
    }),
  )
  return answers.every(isAnswer => isAnswer) ? 0 : 1
}

/** All that a configuration names, as it calls them. */
function modemsOf(config: Config): { readonly name: string; readonly config: ModemConfig }[] {
  const several = config.role === 'onboard' ? config.modems : undefined
  const modems = several?.map(({ name, modem }) => ({ name: `modems.${name}`, config: modem }))
  return [
    ...(modems ?? [{ name: 'modem', config: config.modem }]),
    ...(config.receiver === undefined ? [] : [{ name: 'receiver', config: config.receiver }]),
  ]
}

interface Found {
  readonly kind: string
  readonly isOpen: boolean
  readonly lastError: string | undefined
  /** Undefined: it did not answer. */
  readonly fields: Telemetry | undefined
}

async function ask(config: FramedConfig, timeoutMs: number): Promise<Found> {
  const modem = await openDriven(config, QUEUE_OCTETS, systemClock)
  const patience = new AbortController()
  const timeUp = systemClock
    .until(systemClock.now() + timeoutMs, patience.signal)
    .then(() => patience.abort())
  const fields = await modem.probe(patience.signal)
  patience.abort()
  await timeUp
  const { isOpen, lastError } = modem.counters
  await modem.close()
  return { kind: config.kind, isOpen, lastError, fields }
}

/** Answers whether the modem did. */
function tell(found: Found, place: string | undefined, isJson: boolean): boolean {
  const { kind, isOpen, lastError, fields } = found
  const prefix = place === undefined ? '' : `${place}: `
  if (isJson) {
    const name = place === undefined ? {} : { modem: place }
    process.stdout.write(`${JSON.stringify({ ...name, kind, isOpen, fields: fields ?? null })}\n`)
  } else if (fields === undefined)
    process.stderr.write(
      isOpen
        ? `downpour: ${prefix}the line is there, but no ${kind} modem answers\n`
        : `downpour: ${prefix}the line is not there: ${lastError ?? 'not yet'}\n`,
    )
  else
    for (const [name, value] of Object.entries(fields))
      process.stdout.write(`${prefix}${name}: ${value}\n`)
  return fields !== undefined
}

const QUEUE_OCTETS = 4_096
/** There is a line, and nobody to ask. */
const SILENT: ReadonlySet<string> = new Set(['serial', 'tcp', 'udp', 'gse'])
const COMMAND = {
  synopsis: 'downpour modem probe FILE [options]',
  about:
    'Asks the modems that a configuration names, its receiver too, who and how they are, by the protocol of each kind.',
  options: {
    timeout: duration('waits so long for an answer', '3s'),
    json: flag('prints one JSON object a modem'),
  },
  operands: [1, 1],
  notes:
    'Exit codes: 0 all answered; 1 one did not; 2 the command line is wrong. Of kinds serial, tcp, udp and gse nobody is asked.',
} satisfies Command<Options>
