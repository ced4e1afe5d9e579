/**
 * How files end: by the word of the ground, by a decision aboard, or because their source is gone. What ends aboard
 * the ground is told of, if it may know of the file.
 */
import { CONDITION, conditionName } from '../../protocol/cfdp/condition.ts'
import { countFault, type EntityCounters } from '../../protocol/cfdp/entity/counters.ts'
import type { Finished, Header, Pdu } from '../../protocol/cfdp/pdu/pdu.ts'
import type { SendingTransaction } from '../../protocol/cfdp/sending.ts'
import { idOctets } from '../../protocol/cfdp/transmission.ts'
import type { Instant } from '../../protocol/machine.ts'
import { type Ended, type Entry, isDelivered } from '../buffer/ack-buffer.ts'
import type { Custody } from '../buffer/custody.ts'
import type { Effects } from '../effects.ts'
import type { Downlink } from './downlink.ts'
import type { Transfers } from './transfers.ts'

export class Closing {
  readonly #custody: Custody
  readonly #effects: Effects
  readonly #downlink: Downlink
  readonly #transfers: Transfers
  readonly #counters: EntityCounters
  /** Of files with a sequence number below it an earlier run may have spoken. */
  readonly #firstOfRun: number

  constructor(
    custody: Custody,
    effects: Effects,
    line: {
      readonly downlink: Downlink
      readonly transfers: Transfers
      readonly counters: EntityCounters
    },
  ) {
    this.#custody = custody
    this.#effects = effects
    this.#downlink = line.downlink
    this.#transfers = line.transfers
    this.#counters = line.counters
    this.#firstOfRun = custody.buffer.nextSequence
  }

  /** A PDU of the ground, for us. `time` is that of the transactions. */
  receive(pdu: Pdu, time: Instant): void {
    const { header, body } = pdu
    const transaction = this.#transfers.resume(Number(header.sequence))
    if (transaction === undefined) {
      this.#counters.recv.spurious += 1
      if (body.kind === 'finished') this.#acknowledgeAgain(pdu, body)
      else if (body.kind === 'nak') this.#disown(header)
      return
    }
    const { againOctets } = transaction
    transaction.receive(body, time)
    this.#downlink.segments.asked(transaction.againOctets - againOctets)
    this.#transfers.heard(transaction, body)
    this.settle(transaction)
  }

  cancel(token: number, sequence: number): void {
    const entry = this.#custody.buffer.entry(sequence)
    if (entry === undefined || (entry.ended !== undefined && isDelivered(entry.ended))) {
      const why = `Cannot cancel transaction ${sequence}: it is not in the buffer`
      this.#effects.push({ kind: 'answer', token, sequence: undefined, why })
      return
    }
    // Once more for a file that failed: it is let go.
    if (entry.ended !== undefined) this.letGo(sequence)
    else {
      const condition = CONDITION.cancelRequestReceived
      this.abort(entry, { condition, why: 'cancelled aboard', gone: false })
    }
    this.#effects.push({ kind: 'answer', token, sequence, why: undefined })
  }

  /** The disk says against a file. */
  sourceFailed(entry: Entry, why: string): void {
    const isOpen = this.#downlink.transaction(entry.sequence) !== undefined
    this.#counters.fault[isOpen ? 'file_read' : 'file_open'] += 1
    this.#effects.log('file lost aboard', { sequence: entry.sequence, name: entry.name, why })
    this.#custody.remember(entry, 'failed', why)
    this.abort(entry, { condition: CONDITION.filestoreRejection, why, gone: true })
  }

  /** Lets a file go that is not on the ground: it is named in the log, and removed as one that is. */
  drop(entry: Entry, why: string): void {
    const { sequence, name, path, identity, remove } = entry
    this.#custody.counters.dropped += 1
    this.#effects.log('file dropped', { sequence, name, octets: identity.octets, why })
    this.#custody.remember(entry, 'failed', why)
    this.abort(entry, { condition: CONDITION.cancelRequestReceived, why, gone: true })
    this.#effects.push({ kind: 'release', sequence, path, identity, remove })
  }

  /** Lets all go that failed. Answers how many. */
  collect(): number {
    const failed = [...this.#custody.buffer.entries()].filter(
      ({ ended }) => ended !== undefined && !isDelivered(ended),
    )
    for (const { sequence } of failed) this.letGo(sequence)
    return failed.length
  }

  /** Ends a file here; the ground is told if it may know of it. */
  abort(entry: Entry, end: Ended): void {
    const { sequence } = entry
    this.#custody.write({ kind: 'ended', sequence, ...end })
    if (end.silent === true) this.#downlink.forget(sequence)
    const transaction = this.#downlink.transaction(sequence)
    if (transaction === undefined) this.conclude(entry, end)
    else {
      transaction.cancel(end.condition)
      this.#transfers.settled(transaction)
    }
  }

  /** A file that failed is of no more interest. */
  letGo(sequence: number): void {
    this.#transfers.drop(sequence)
    this.#custody.write({ kind: 'released', sequence })
  }

  /** What is left to do for a file that has ended and is not open. One that failed stays until somebody decides. */
  conclude(entry: Entry, ended: Ended): void {
    const { sequence, checksum, mark } = entry
    const isKnown = checksum !== undefined && (mark > 0 || sequence < this.#firstOfRun)
    this.#transfers.drop(sequence)
    if (isDelivered(ended)) this.#custody.release(entry)
    else if (ended.silent === true) return
    else if (isKnown) this.#transfers.tell(entry)
    else if (ended.gone) this.#custody.write({ kind: 'released', sequence })
  }

  /** Takes over what a transaction has said, and forgets it if it is over. */
  settle(transaction: SendingTransaction): void {
    const sequence = Number(transaction.transmission.sequence)
    for (const effect of transaction.drain()) {
      if (effect.kind === 'fault') countFault(this.#counters, effect.condition)
      const entry = this.#custody.buffer.entry(sequence)
      if (entry === undefined || entry.ended !== undefined) continue
      if (effect.kind === 'finished') this.#finished(entry, effect.finished)
      else if (effect.kind === 'closed' && transaction.transmission.acknowledged)
        this.#custody.end(entry, effect.condition, conditionName(effect.condition))
      else if (effect.kind === 'closed') this.#custody.end(entry, effect.condition, 'sent once')
    }
    if (!this.#downlink.end(sequence)) return
    if (this.#custody.buffer.entry(sequence)?.ended?.gone === true)
      this.#custody.write({ kind: 'released', sequence })
  }

  /** The ground has not heard that its Finished was heard. */
  #acknowledgeAgain(pdu: Pdu, finished: Finished): void {
    const sequence = Number(pdu.header.sequence)
    const entry = this.#custody.buffer.entry(sequence)
    if (entry !== undefined && entry.ended === undefined) {
      // Nobody can hold the whole of a file that has not left: this word is not about it.
      if (finished.complete && entry.mark < entry.identity.octets) return
      // A restart between the Finished and its record: the word of the ground counts now.
      this.#transfers.drop(sequence)
      this.#finished(entry, finished)
    }
    this.#downlink.answerStray(pdu.header, {
      kind: 'ack',
      of: 'finished',
      condition: finished.condition,
      transactionStatus: sequence < this.#custody.buffer.nextSequence ? TERMINATED : UNRECOGNIZED,
    })
  }

  /** The ground asks for octets of a file that is no more: it is told to give up. */
  #disown(header: Header): void {
    const sequence = Number(header.sequence)
    const entry = this.#custody.buffer.entry(sequence)
    if (sequence >= this.#firstOfRun || entry !== undefined) return
    this.#downlink.answerStray(header, {
      kind: 'eof',
      condition: CONDITION.cancelRequestReceived,
      checksum: 0,
      fileSize: 0,
      faultLocation: idOctets(header.source, header.entityOctets),
    })
  }

  #finished(entry: Entry, finished: Finished): void {
    const { condition, complete } = finished
    if (condition === CONDITION.noError && !complete)
      this.#custody.end(entry, CONDITION.inactivityDetected, 'the ground says it is incomplete')
    else this.#custody.end(entry, condition, conditionName(condition))
  }
}

const TERMINATED = 2
const UNRECOGNIZED = 3
