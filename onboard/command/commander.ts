/**
 * What is done about commands. Those off the uplink have counters, and each is taken once: one that comes again is
 * answered and not executed. The journal knows of a command before anything is done about it; one of which it is
 * not known how much was done is done again at the next start, where that changes nothing more.
 */
import { CONDITION } from '../../protocol/cfdp/condition.ts'
import { type Command, commandText, decodeCommand } from '../../protocol/command/command.ts'
import { valueFault } from '../../protocol/command/parameters.ts'
import { type Entry, isDelivered } from '../buffer/ack-buffer.ts'
import type { Custody } from '../buffer/custody.ts'
import type { Closing } from '../downlink/closing.ts'
import type { Holds } from '../downlink/holds.ts'
import type { Effects } from '../effects.ts'
import type { Parameters } from './parameters.ts'
import { type CommandRecord, commandRecord } from './record.ts'

export class Commander {
  readonly #custody: Custody
  readonly #effects: Effects
  readonly #closing: Closing
  readonly #holds: Holds
  readonly #parameters: Parameters
  readonly #isSafe: boolean
  #state: CommandRecord
  /** Commands that came once more, and octets that were none, since the start. */
  readonly counters = { repeated: 0, malformed: 0 }

  constructor(
    state: CommandRecord,
    ship: { readonly custody: Custody; readonly effects: Effects; readonly closing: Closing },
    means: { readonly holds: Holds; readonly parameters: Parameters; readonly isSafe: boolean },
  ) {
    this.#state = state
    this.#custody = ship.custody
    this.#effects = ship.effects
    this.#closing = ship.closing
    this.#holds = means.holds
    this.#parameters = means.parameters
    this.#isSafe = means.isSafe
    this.#finishLast()
  }

  /** The record from which it can be made again. */
  get state(): CommandRecord {
    return this.#state
  }

  /** A packet of commands came up. Answers whether there is something to answer. */
  hear(octets: Uint8Array): boolean {
    const received = decodeCommand(octets)
    if (received.kind === 'malformed') {
      this.counters.malformed += 1
      return false
    }
    const { counter, command } = received
    if (counter <= this.#state.counter) this.counters.repeated += 1
    else this.#take(command, counter)
    return true
  }

  /** A command given aboard. Answers why it is refused; undefined: it is executed. */
  order(command: Command): string | undefined {
    return this.#take(command, this.#state.counter)
  }

  #take(command: Command | undefined, counter: number): string | undefined {
    const refusal = command === undefined ? UNKNOWN : this.#objection(command)
    const { accepted, rejected, frozen, suspended, parameters } = this.#state
    const isDone = refusal === undefined
    const below = this.#custody.buffer.nextSequence
    this.#state = {
      ...{ kind: 'commanded', counter, below, frozen, suspended, parameters },
      accepted: accepted + (isDone ? 1 : 0),
      rejected: rejected + (isDone ? 0 : 1),
      ...(command === undefined ? {} : { last: command }),
      ...(isDone ? {} : { refusal }),
    }
    if (command !== undefined && isDone) this.#settle(command)
    this.#effects.push({ kind: 'journal', record: this.#state })
    if (command !== undefined && isDone) this.#execute(command)
    const said = command === undefined ? 'unknown' : commandText(command)
    this.#effects.log('command', { command: said, counter, refusal })
    return refusal
  }

  #objection(command: Command): string | undefined {
    if (command.verb === 'set')
      return this.#parameters.objection(command) ?? valueFault(command.parameter, command.value)
    if (command.verb === 'recover' && !this.#isSafe) return 'Cannot recover: this is no safe mode'
    if (command.verb === 'suspend' && this.#holds.suspended.size >= SUSPENDED_MAX)
      return `Cannot suspend more than ${SUSPENDED_MAX} files`
    return 'sequence' in command ? this.#fileObjection(command) : undefined
  }

  #fileObjection({ verb, sequence }: Command & { readonly sequence: number }) {
    const entry = this.#custody.buffer.entry(sequence)
    const isHere = entry !== undefined && !(entry.ended !== undefined && isDelivered(entry.ended))
    if (!isHere) return `Cannot ${verb} transaction ${sequence}: it is not in the buffer`
    if (verb === 'resume' && !this.#holds.suspended.has(sequence))
      return `Cannot resume transaction ${sequence}: it is not suspended`
    return undefined
  }

  /** What lasts of a command, in the record itself. */
  #settle(command: Command): void {
    if (command.verb === 'set') this.#parameters.set(command)
    else if (command.verb === 'freeze') this.#holds.isFrozen = true
    else if (command.verb === 'thaw') this.#holds.isFrozen = false
    else if (command.verb === 'suspend') this.#holds.suspend(command.sequence)
    else if ('sequence' in command) this.#holds.resume(command.sequence)
    this.#holds.repeats = this.#parameters.value('downlink.repeats') === 1
    for (const sequence of this.#holds.suspended)
      if (this.#custody.buffer.entry(sequence) === undefined) this.#holds.resume(sequence)
    this.#state = {
      ...this.#state,
      frozen: this.#holds.isFrozen,
      suspended: [...this.#holds.suspended],
      parameters: this.#parameters.changes,
    }
  }

  #execute(command: Command): void {
    if (command.verb === 'recover') this.#effects.push({ kind: 'recover' })
    else if (command.verb === 'purge') this.#purge(this.#state.below)
    else if (command.verb === 'cancel' || command.verb === 'abandon') {
      const entry = this.#custody.buffer.entry(command.sequence) as Entry
      // Once more for a file that failed: it is let go.
      if (entry.ended !== undefined) this.#closing.letGo(command.sequence)
      else this.#end(entry, command.verb)
    }
  }

  /** A stop between a command and what was done about it: what is not done is done. */
  #finishLast(): void {
    const { last, refusal, below } = this.#state
    if (last === undefined || refusal !== undefined) return
    if (last.verb === 'purge') this.#purge(below)
    else if (last.verb === 'cancel' || last.verb === 'abandon') {
      const entry = this.#custody.buffer.entry(last.sequence)
      if (entry !== undefined && entry.ended === undefined) this.#end(entry, last.verb)
    }
  }

  /** Files of which nothing has left. */
  #purge(below: number): void {
    const waiting = [...this.#custody.buffer.entries()].filter(
      ({ sequence, mark, ended }) => sequence < below && mark === 0 && ended === undefined,
    )
    for (const entry of waiting) this.#end(entry, 'purge')
  }

  #end(entry: Entry, verb: 'cancel' | 'abandon' | 'purge'): void {
    const condition = CONDITION.cancelRequestReceived
    const end = { condition, why: `${verb}: by command`, gone: false }
    this.#closing.abort(entry, verb === 'abandon' ? { ...end, silent: true } : end)
  }
}

/** The state in a journal, or that of a spacecraft that was never commanded. */
export function commandState(records: readonly unknown[]): CommandRecord {
  return records.reduce<CommandRecord>((state, value) => commandRecord(value) ?? state, UNCOMMANDED)
}

const UNCOMMANDED: CommandRecord = {
  kind: 'commanded',
  counter: 0,
  accepted: 0,
  rejected: 0,
  below: 0,
  frozen: false,
  suspended: [],
  parameters: {},
}
const SUSPENDED_MAX = 256
const UNKNOWN = 'The verb or its argument is not known here'
