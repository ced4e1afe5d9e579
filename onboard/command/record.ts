/** The record by which commands outlive a restart: it is in the journal before anything is done that was asked for. */
import { type Command, commandOf, VERBS } from '../../protocol/command/command.ts'

/** All that commands have made of the spacecraft; the newest record counts. */
export interface CommandRecord {
  readonly kind: 'commanded'
  /** The counter of the newest command that came up; none below it is taken. */
  readonly counter: number
  readonly accepted: number
  readonly rejected: number
  /** The newest command, wherever it came from; absent: none was understood. */
  readonly last?: Command
  /** Why it was refused; absent: it was executed. */
  readonly refusal?: string
  /** Sequence numbers that were free then: what it says of files it says of those below. */
  readonly below: number
  readonly frozen: boolean
  readonly suspended: readonly number[]
  readonly parameters: Readonly<Record<string, number>>
}

/** A record as it came from the disk, or undefined: it is another one. */
export function commandRecord(value: unknown): CommandRecord | undefined {
  const { kind, ...fields } = Object(value) as Partial<CommandRecord>
  if (kind !== 'commanded' || typeof fields.frozen !== 'boolean') return undefined
  const { counter, accepted, rejected, below, last, refusal, suspended, parameters } = fields
  const isWhole =
    [counter, accepted, rejected, below].every(Number.isSafeInteger) &&
    (last === undefined || typeof commandOf(last) !== 'string') &&
    (refusal === undefined || typeof refusal === 'string') &&
    Array.isArray(suspended) &&
    suspended.every(Number.isSafeInteger) &&
    Object.values(Object(parameters)).every(one => typeof one === 'number')
  return isWhole ? (value as CommandRecord) : undefined
}

/** The place of a verb in its list, for telemetry. */
export function verbCode(command: Command | undefined): number {
  return command === undefined ? UNKNOWN_VERB : VERBS.indexOf(command.verb)
}

const UNKNOWN_VERB = 255
