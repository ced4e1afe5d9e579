/**
 * A command to the spacecraft, as the data of a telecommand packet of its own APID. docs/commands.md.
 *
 *        1        1        4         0, 8 or 9      octets
 *     +---------+------+---------+---------------+
 *     | version | verb | counter |   argument    |      sequence: 8; set: 1 parameter, 8 value
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
  | { readonly verb: 'set'; readonly parameter: ParameterName; readonly value: number }

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
  const { verb, sequence, parameter, value } = Object(said) as Record<string, unknown>
  if (isFileVerb(verb)) {
    if (isCount(sequence)) return { verb, sequence }
    return `Cannot ${verb}: a transaction sequence number is needed`
  }
  if (verb === 'set') {
    if (isParameter(parameter) && isCount(value)) return { verb, parameter, value }
    const names = PARAMETERS.map(({ name }) => name).join(', ')
    return `Cannot set ${String(parameter)} to ${String(value)}: a whole number for one of ${names} is needed`
  }
  if (isPlainVerb(verb)) return { verb }
  return `Cannot command "${String(verb)}": one of ${VERBS.join(', ')} is needed`
}

/** As one would type it. */
export function commandText(command: Command): string {
  if ('sequence' in command) return `${command.verb} ${command.sequence}`
  return command.verb === 'set' ? `set ${command.parameter} ${command.value}` : command.verb
}

function decodeArgument(verb: Verb, fields: OctetReader): Command | undefined {
  if (fields.remaining !== argumentOctets(verb)) return undefined
  const parameter = verb === 'set' ? PARAMETERS[fields.octet()]?.name : undefined
  const number = fields.remaining === 0 ? undefined : fields.unsigned(8)
  const read = commandOf({ verb, sequence: number, parameter, value: number })
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
const LENGTH_MAX = HEADER_OCTETS + 9
