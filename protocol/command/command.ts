/**
 * A command to the spacecraft, as the data of a telecommand packet of its own APID. docs/commands.md.
 *
 *        1        1        4       0, 8, 9 or 10    octets
 *     +---------+------+---------+---------------+
 *     | version | verb | counter |   argument    |      sequence: 8; set: 1 parameter, 8 value, 1 modem if any
 *     |    1    |      |         |               |
 *     +---------+------+---------+---------------+
 *
 * The counter ascends with every command and is never used twice: the spacecraft takes each number once. The verbs
 * are those of the application CF of cFS, where it has them.
 */
import { type Malformed, malformed } from '../frame/malformed.ts'
import { OctetReader } from '../octets/reader.ts'
import { OctetWriter } from '../octets/writer.ts'
import { isParameter, PARAMETERS, type ParameterName } from './parameters.ts'

export type Command =
  | { readonly verb: 'noop' | 'freeze' | 'thaw' | 'purge' | 'recover' }
  /** Of a file by its transaction sequence number. */
  | { readonly verb: FileVerb; readonly sequence: number }
  | {
      readonly verb: 'set'
      readonly parameter: ParameterName
      readonly value: number
      /** Of several the one meant: its place among them, from 1. */
      readonly modem?: number
    }

export type FileVerb = 'suspend' | 'resume' | 'cancel' | 'abandon'
export type Verb = Command['verb']

/** A command as it came. `command` is undefined: it has a verb or an argument that is not known here. */
export interface ReceivedCommand {
  readonly kind: 'command'
  readonly counter: number
  readonly command: Command | undefined
}

/** @throws RangeError if a number does not fit its field */
export function encodeCommand(counter: number, command: Command): Uint8Array {
  const out = new OctetWriter(LENGTH_MAX)
  out.octet(VERSION)
  out.octet(VERBS.indexOf(command.verb))
  out.uint(counter, 4)
  if ('sequence' in command) out.uint(command.sequence, 8)
  else if (command.verb === 'set') {
    out.octet(PARAMETERS.findIndex(({ name }) => name === command.parameter))
    out.uint(command.value, 8)
    if (command.modem !== undefined) out.octet(command.modem)
  }
  return out.written()
}

export function decodeCommand(octets: Uint8Array): ReceivedCommand | Malformed {
  if (octets.length < HEADER_OCTETS)
    return malformed(`Cannot read a command of ${octets.length} octets: it has 6 at least`, 0)
  const fields = new OctetReader(octets)
  const version = fields.octet()
  if (version !== VERSION)
    return malformed(`Cannot read a command of version ${version}: ${VERSION} is known`, 0)
  const verb = VERBS[fields.octet()]
  const counter = fields.uint(4)
  return { kind: 'command', counter, command: verb && decodeArgument(verb, fields) }
}

/** The command that a person or a program means, or why it is none. */
export function commandOf(said: unknown): Command | string {
  const { verb, sequence, parameter, value, modem } = Object(said) as Record<string, unknown>
  if (isFileVerb(verb)) {
    if (isCount(sequence)) return { verb, sequence }
    return `Cannot ${verb}: a transaction sequence number is needed`
  }
  if (verb === 'set') {
    if (isParameter(parameter) && isCount(value)) {
      if (modem === undefined) return { verb, parameter, value }
      if (parameter === 'downlink.rateBps' && isModem(modem))
        return { verb, parameter, value, modem }
      return `Cannot set ${parameter} of modem ${JSON.stringify(modem)}: downlink.rateBps of 1 to ${MODEM_MAX} is needed`
    }
    const names = PARAMETERS.map(({ name }) => name).join(', ')
    return `Cannot set ${String(parameter)} to ${String(value)}: a whole number for one of ${names} is needed`
  }
  if (isPlainVerb(verb)) {
    // Who names a file does not mean all of them.
    if (sequence === undefined) return { verb }
    return `Cannot ${verb} transaction ${JSON.stringify(sequence)}: ${verb} is not of one file`
  }
  return `Cannot command "${String(verb)}": one of ${VERBS.join(', ')} is needed`
}

/** As one would type it. */
export function commandText(command: Command): string {
  if ('sequence' in command) return `${command.verb} ${command.sequence}`
  if (command.verb !== 'set') return command.verb
  const { parameter, value, modem } = command
  return `set ${parameter} ${value}${modem === undefined ? '' : ` --modem ${modem}`}`
}

function decodeArgument(verb: Verb, fields: OctetReader): Command | undefined {
  const hasModem = verb === 'set' && fields.remaining === argumentOctets(verb) + 1
  if (fields.remaining !== argumentOctets(verb) && !hasModem) return undefined
  const parameter = verb === 'set' ? PARAMETERS[fields.octet()]?.name : undefined
  const number = fields.remaining === 0 ? undefined : fields.unsigned(8)
  const modem = hasModem ? fields.octet() : undefined
  const read = commandOf({ verb, sequence: number, parameter, value: number, modem })
  return typeof read === 'string' ? undefined : read
}

function argumentOctets(verb: Verb): number {
  if (verb === 'set') return 9
  return isFileVerb(verb) ? 8 : 0
}

function isFileVerb(verb: unknown): verb is FileVerb {
  return FILE_VERBS.has(verb)
}

function isPlainVerb(verb: unknown): verb is Exclude<Verb, FileVerb | 'set'> {
  return VERBS.some(one => one === verb)
}

function isModem(value: unknown): value is number {
  return isCount(value) && value >= 1 && value <= MODEM_MAX
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

/** On the wire a verb is its place in this list. */
export const VERBS = [
  'noop',
  'freeze',
  'thaw',
  'suspend',
  'resume',
  'cancel',
  'abandon',
  'purge',
  'set',
  'recover',
] as const satisfies readonly Verb[]
/** The last counter; the next command needs another spacecraft, or 4 thousand million commands fewer. */
export const COUNTER_MAX = 2 ** 32 - 1
const FILE_VERBS: ReadonlySet<unknown> = new Set(['suspend', 'resume', 'cancel', 'abandon'])
const VERSION = 1
const HEADER_OCTETS = 6
const LENGTH_MAX = HEADER_OCTETS + 10
/** Modems that a spacecraft may have. */
const MODEM_MAX = 16
