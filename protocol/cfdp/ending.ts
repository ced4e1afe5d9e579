/**
 * How a reception ends, or is held up: faults and what is done about them, and the notices of cancellation, of
 * suspension and of completion. CCSDS 727.0-B-5, 4.8 and 4.11 at the receiving entity.
 */
import type { Instant } from '../machine.ts'
import type { Asking } from './asking.ts'
import type { Claims } from './claims.ts'
import { Completion, finishedFor } from './completion.ts'
import { CONDITION } from './condition.ts'
import { type FaultHandler, type FaultHandlers, overridden } from './fault-handlers.ts'
import { FilestoreExecution } from './filestore/execution.ts'
import type { FilestoreOutcome } from './filestore/outcome.ts'
import type { Ack, Directive, Finished, Header } from './pdu/pdu.ts'
import type { ReceivingEffect, ReceivingLimits, ReceivingStage } from './reception.ts'
import { Suspension } from './suspension.ts'
import { idOctets } from './transmission.ts'

/** What of a fault cannot be helped: it cannot be ignored; it can neither be ignored nor wait. */
export type Final = 'not ignored' | 'not put off'

export class Ending {
  readonly suspension = new Suspension()
  readonly completion: Completion
  readonly #header: Header
  readonly #limits: ReceivingLimits
  readonly #claims: Claims
  readonly #asking: Asking
  stage: ReceivingStage = 'receiving'
  ackDue: Ack | undefined
  #effects: ReceivingEffect[] = []
  #faultHandlers: FaultHandlers = {}
  /** What is to be said at the end, while filestore requests are being executed. */
  #executing: { readonly finished: Finished; readonly execution: FilestoreExecution } | undefined

  constructor(header: Header, limits: ReceivingLimits, claims: Claims, asking: Asking) {
    this.#header = header
    this.#limits = limits
    this.#claims = claims
    this.#asking = asking
    this.completion = new Completion(limits.ack)
    this.hearOverrides()
  }

  /** Nothing changes the outcome any more. */
  get isOver(): boolean {
    const isSaid = this.stage === 'finishing' || this.stage === 'closed'
    return isSaid || this.#executing !== undefined
  }

  /** The id of this end. */
  get here(): Uint8Array {
    return idOctets(this.#header.destination, this.#header.entityOctets)
  }

  /** What a delivery that was begun before a restart claims at most: a wrong checksum was perhaps ignored. */
  get leastCondition(): number {
    const { fileChecksumFailure } = CONDITION
    const mayBeWrong = this.#faultHandlers[fileChecksumFailure] === 'ignore'
    return mayBeWrong ? fileChecksumFailure : this.#claims.bestCondition
  }

  /** The Metadata has come, or was known. 4.6.1.2.3. */
  hearOverrides(): void {
    const { metadata } = this.#claims
    this.#faultHandlers = overridden(metadata?.options ?? [], this.#limits.faultHandlers)
  }

  effect(effect: ReceivingEffect): void {
    this.#effects.push(effect)
  }

  drain(): readonly ReceivingEffect[] {
    const effects = this.#effects
    if (effects.length > 0) this.#effects = []
    return effects
  }

  /** Declares a fault; does what is to be done about it, and says what that is. 4.8.2. */
  fault(condition: number, final?: Final): FaultHandler {
    const handler = this.#handlerOf(condition, final)
    this.effect({ kind: 'fault', condition, handler })
    if (handler === 'cancel') this.finish(condition)
    else if (handler === 'suspend') this.hold(condition)
    else if (handler === 'abandon') this.abandon(condition)
    return handler
  }

  /** Declares a fault. Answers whether the transaction goes on, now or when it is resumed. */
  outlives(condition: number, final?: Final): boolean {
    const handler = this.fault(condition, final)
    return handler === 'ignore' || handler === 'suspend'
  }

  #handlerOf(condition: number, final?: Final): FaultHandler {
    const isFinishing = this.stage === 'finishing'
    const handler = this.#faultHandlers[condition] ?? 'cancel'
    // 4.11.2.3.2: what was cancelled is not cancelled again, and neither is what was delivered.
    if (isFinishing && (handler === 'cancel' || this.#isIncomplete)) return 'abandon'
    if (handler === 'ignore') return final === undefined ? 'ignore' : 'cancel'
    if (handler !== 'suspend') return handler
    // 4.8.2 b: a receiver of class 1 cannot be suspended.
    return final === 'not put off' || !this.#header.acknowledged ? 'cancel' : 'suspend'
  }

  /** Notice of Suspension, 4.11.2.5: none for what is over, or was sent in class 1. */
  suspend(): void {
    if (!this.#header.acknowledged || this.stage === 'closed' || this.#isIncomplete) return
    this.hold(CONDITION.suspendRequestReceived)
  }

  hold(condition: number): void {
    if (this.suspension.begin()) this.effect({ kind: 'suspended', condition })
  }

  /** Notice of Completion, or of Cancellation where there is a reason for one. */
  finish(condition: number): void {
    const finished = finishedFor(condition, !this.#claims.isMetadataOnly, this.here)
    if (!finished.complete) {
      this.suspension.end()
      this.effect({ kind: 'discard' })
    }
    this.conclude(finished)
  }

  /** The outcome is known. Filestore requests are executed before it is said, if the file is right. 4.9. */
  conclude(finished: Finished): void {
    const { filestore } = this.#limits
    const options = filestore === undefined ? [] : (this.#claims.metadata?.options ?? [])
    const execution = new FilestoreExecution(options, filestore === 'performed')
    if (!finished.complete) execution.abandon()
    this.#proceed(finished, execution)
  }

  /** The owner executed a filestore request. */
  performed(outcome: FilestoreOutcome, message: string): void {
    if (this.#executing === undefined) return
    const { finished, execution } = this.#executing
    execution.performed(outcome, message)
    this.#proceed(finished, execution)
  }

  /** The sender is told of the end, if it wants to be. */
  announce(finished: Finished): void {
    this.#asking.stop()
    this.stage = 'finishing'
    this.completion.begin(finished, this.#claims.closure(this.#header.acknowledged))
    if (!this.completion.isDue) this.close(finished.condition)
  }

  takeFinished(now: Instant): Directive {
    const { finished, last } = this.completion.take(now)
    if (last) this.close(finished.condition)
    return finished
  }

  /** Ends at once; the sender is told nothing. 4.11.2.4. */
  abandon(condition: number): void {
    this.ackDue = undefined
    if (this.stage !== 'finishing') this.effect({ kind: 'discard' })
    this.effect({ kind: 'abandoned', condition })
    this.close(condition)
  }

  close(condition: number): void {
    this.stage = 'closed'
    this.#executing = undefined
    this.suspension.end()
    this.#asking.stop()
    this.completion.end()
    this.effect({ kind: 'closed', condition })
  }

  #proceed(finished: Finished, execution: FilestoreExecution): void {
    const request = execution.next
    if (request !== undefined) {
      this.stage = 'delivering'
      this.#executing = { finished, execution }
      this.effect({ kind: 'perform', request })
      return
    }
    this.#executing = undefined
    const said = { ...finished, filestoreResponses: execution.responses }
    this.effect({ kind: 'finished', finished: said })
    this.announce(said)
  }

  get #isIncomplete(): boolean {
    return this.completion.finished?.complete === false
  }
}
