/**
 * The user of a CFDP entity: stands above it, and does what users do for each other. CCSDS 727.0-B-5, clause 6.
 *
 *     operations, puts ->|      |-> what the entity asks of its owner, and files to find and to make
 *     answers of disk  ->| user |-> indications, and what became of operations
 *     PDUs             ->|entity|<- next(): the PDU to send now
 *
 * Whoever has a user tells it, and not the entity below, what happens, and hears all that the entity says. The user's
 * own puts have tokens below 0; those of the owner are 0 or more. What it knows lives in memory: a restart forgets operations that are under way.
 */
import { type Instant, type Machine, sooner } from '../../machine.ts'
import type { EntityEffect } from '../entity/events.ts'
import type { Indication } from '../entity/indications.ts'
import type { CfdpEntity, OutgoingPdu } from '../entity.ts'
import { answerOf } from './answer.ts'
import { type Ended, FollowedPuts, keyOf } from './followed-puts.ts'
import {
  type OperationRequest,
  USER_LIMITS,
  type UserEffect,
  type UserInput,
  type UserSettings,
} from './operations.ts'
import { Requesting } from './requesting.ts'
import { type ReservedMessage, readMessages } from './reserved-message.ts'
import { Serving } from './serving.ts'

export class CfdpUser implements Machine<UserInput, UserEffect> {
  readonly entity: CfdpEntity
  /** Operations asked for by others, and messages: `strays` are answers that nobody waits for. */
  readonly counters: {
    readonly served: number
    readonly refused: number
    readonly dropped: number
    answers: number
    strays: number
    malformed: number
  }
  readonly #puts: FollowedPuts
  readonly #requesting: Requesting
  readonly #serving: Serving
  /** Of transactions that are on their way in. */
  readonly #messages = new Map<string, readonly ReservedMessage[]>()
  #effects: UserEffect[] = []
  #now: Instant = 0

  constructor(entity: CfdpEntity, settings: UserSettings = {}) {
    const limits = { ...USER_LIMITS, ...settings.limits }
    this.entity = entity
    this.#puts = new FollowedPuts(input => entity.receive(input, this.#now))
    const ask = (effect: UserEffect) => void this.#effects.push(effect)
    this.#requesting = new Requesting(limits, this.#puts, indication =>
      ask({ kind: 'operation', indication }),
    )
    this.#serving = new Serving(settings.allowed, limits, {
      puts: this.#puts,
      transactions: entity,
      tell: input => entity.receive(input, this.#now),
      effect: ask,
    })
    this.counters = Object.assign(this.#serving.counters, { answers: 0, strays: 0, malformed: 0 })
  }

  get deadline(): Instant | undefined {
    return sooner(this.entity.deadline, this.#requesting.deadline)
  }

  /** Whether next() may have something. */
  get mayHaveNext(): boolean {
    return this.entity.mayHaveNext
  }

  /** Operations elsewhere whose answers are waited for. */
  get outstanding(): number {
    return this.#requesting.outstanding
  }

  receive(input: UserInput, now: Instant): void {
    this.#now = now
    if (isOperation(input)) this.#requesting.begin(input)
    else if (input.kind === 'file ready') this.#serving.fileReady(input.token, input.file)
    else if (input.kind === 'file refused') this.#serving.fileRefused(input.token, input.why)
    else this.entity.receive(input, now)
    this.#settle()
  }

  tick(now: Instant): void {
    this.#now = now
    this.#requesting.tick(now)
    this.entity.tick(now)
    this.#settle()
  }

  /** As the entity's. */
  next(roomOctets: number, now: Instant): OutgoingPdu | undefined {
    this.#now = now
    const pdu = this.entity.next(roomOctets, now)
    this.#settle()
    return pdu
  }

  drain(): readonly UserEffect[] {
    const effects = this.#effects
    if (effects.length > 0) this.#effects = []
    return effects
  }

  /** Hears what the entity has to say, and what comes of that. */
  #settle(): void {
    for (;;) {
      const effects: readonly EntityEffect[] = this.entity.drain()
      if (effects.length === 0) return
      for (const effect of effects) {
        this.#effects.push(effect)
        if (effect.kind === 'indication') this.#hear(effect.indication)
      }
    }
  }

  #hear(indication: Indication): void {
    this.#puts.hear(indication, this.#now)
    if (indication.kind === 'metadata-recv') {
      const { messages, malformed } = readMessages(indication.metadata.options)
      this.counters.malformed += malformed
      if (messages.length > 0) this.#messages.set(keyOf(indication.id), messages)
    } else if (indication.kind === 'transaction-finished') this.#arrived(indication)
  }

  #arrived(ended: Ended): void {
    const key = keyOf(ended.id)
    const messages = this.#messages.get(key)
    if (messages === undefined) return
    this.#messages.delete(key)
    const from = ended.id.source
    const answer = answerOf(messages, ended)
    const origin = messages.find(message => message.kind === 'originating transaction id')
    if (answer !== undefined) {
      const isAwaited =
        origin?.transaction.source === this.entity.entity &&
        this.#requesting.hear(from, origin.transaction, answer)
      this.counters[isAwaited ? 'answers' : 'strays'] += 1
    } else if (ended.complete === true) this.#serving.hear(from, ended.id, messages)
  }
}

function isOperation(input: UserInput): input is OperationRequest {
  return OPERATIONS.has(input.kind)
}

const OPERATIONS: ReadonlySet<UserInput['kind']> = new Set<OperationRequest['kind']>([
  'proxy put',
  'cancel proxy put',
  'list directory',
  'remote suspend',
  'remote resume',
  'remote status',
])
