/**
 * Operations that users elsewhere ask of this one: refused or done, and answered by a put that names the transaction
 * that asked. CCSDS 727.0-B-5, 6.2.3, 6.3.3, 6.4.3 to 6.6.3.
 *
 *     asked --> file found or made --> the put that was asked for --> answer --> over
 *       '-----> refused --------------------------------------------^
 *
 * Each holds a place from its request to the end of its answer, and each remote entity has so many. One that finds
 * none is dropped and counted: to answer it would take a place.
 */
import type { Unsigned } from '../../octets/reader.ts'
import { CONDITION } from '../condition.ts'
import type { EntityInput, PutRequest } from '../entity/events.ts'
import type { TransactionId } from '../pdu/pdu.ts'
import type { ListingRequest } from './directory-message.ts'
import { type FollowedPuts, keyOf } from './followed-puts.ts'
import type { UserEffect, UserLimits, UserSettings } from './operations.ts'
import { outcomeOfPut, proxiedPut, textOf } from './proxied-put.ts'
import type { ProxyPutRequest } from './proxy-message.ts'
import type { StatusRequest, SuspensionRequest } from './remote-message.ts'
import { negativeAnswer, operationOf, type Request, requestIn } from './request-in.ts'
import { messageOption, type ReservedMessage } from './reserved-message.ts'
import { reportOf, type Transactions, transactionStatusOf } from './status-report.ts'
import { transactionField } from './transaction-field.ts'

/** What serving needs of the user that it belongs to. */
export interface Desk {
  readonly puts: FollowedPuts
  readonly transactions: Transactions
  tell(input: EntityInput): void
  effect(effect: UserEffect): void
}

interface Served {
  readonly from: Unsigned
  /** The transaction that asked. */
  readonly id: TransactionId
  /** Breaks off a put that is being made for it. */
  cancel: () => void
}

interface FileWish {
  ready(file: string): void
  refused(why: string): void
}

export class Serving {
  readonly #allowed: UserSettings['allowed']
  readonly #limits: UserLimits
  readonly #desk: Desk
  /** By the transaction that asked. */
  readonly #served = new Map<string, Served>()
  readonly #wishes = new Map<number, FileWish>()
  readonly counters = { served: 0, refused: 0, dropped: 0 }
  #token = 0

  constructor(allowed: UserSettings['allowed'], limits: UserLimits, desk: Desk) {
    this.#allowed = allowed
    this.#limits = limits
    this.#desk = desk
  }

  /** The messages of a transaction that arrived. */
  hear(from: Unsigned, id: TransactionId, messages: readonly ReservedMessage[]): void {
    const request = requestIn(messages)
    if (request === undefined) return
    const operation = operationOf(request)
    const isAllowed = this.#allowed?.get(from)?.has(operation) === true
    // To cancel takes no place; whoever may not ask has nothing under way.
    const crowd = request.kind === 'proxy put cancel' ? undefined : this.#crowd(from)
    const refused = isAllowed ? crowd : `entity ${from} may not ask for it`
    this.counters[refused === undefined ? 'served' : 'refused'] += 1
    const indication = { kind: 'asked', from, id, operation, refused } as const
    this.#desk.effect({ kind: 'operation', indication })
    if (request.kind === 'proxy put cancel') return this.#cancelPut(from, messages)
    if (crowd !== undefined) {
      this.counters.dropped += 1
      return
    }
    const served: Served = { from, id, cancel: nothing }
    this.#served.set(keyOf(id), served)
    if (refused !== undefined) this.#answer(served, [negativeAnswer(request)])
    else this.#serve(served, request, messages)
  }

  fileReady(token: number, file: string): void {
    this.#takeWish(token)?.ready(file)
  }

  fileRefused(token: number, why: string): void {
    this.#takeWish(token)?.refused(why)
  }

  #serve(
    served: Served,
    request: Exclude<Request, { kind: 'proxy put cancel' }>,
    messages: readonly ReservedMessage[],
  ): void {
    if (request.kind === 'proxy put request') this.#servePut(served, request, messages)
    else if (request.kind === 'directory listing request') this.#serveListing(served, request)
    else if (request.kind === 'remote status report request') this.#serveStatus(served, request)
    else this.#serveSuspension(served, request)
  }

  #servePut(served: Served, asked: ProxyPutRequest, messages: readonly ReservedMessage[]): void {
    const fail = (condition: number) => this.#answer(served, [negativeAnswer(asked, condition)])
    const begin = (file: string | undefined) =>
      this.#putFor(served, asked, proxiedPut(asked, messages, this.#origin(served), file))
    if (asked.sourceName.length === 0) return begin(undefined)
    if (!isText(asked.destinationName)) return fail(CONDITION.filestoreRejection)
    const token = this.#wish({ ready: begin, refused: () => fail(CONDITION.filestoreRejection) })
    served.cancel = () => {
      this.#wishes.delete(token)
      fail(CONDITION.cancelRequestReceived)
    }
    return this.#desk.effect({ kind: 'locate file', token, name: asked.sourceName })
  }

  #putFor(served: Served, asked: ProxyPutRequest, request: PutRequest): void {
    const token = this.#desk.puts.put(request, {
      opened: id => {
        served.cancel = () => this.#desk.tell({ kind: 'cancel', id })
      },
      refused: () => this.#answer(served, [negativeAnswer(asked)]),
      ended: ended => this.#answer(served, outcomeOfPut(ended)),
    })
    served.cancel = () => this.#desk.tell({ kind: 'withdraw', token })
  }

  #cancelPut(from: Unsigned, messages: readonly ReservedMessage[]): void {
    for (const message of messages) {
      if (message.kind !== 'originating transaction id') continue
      const served = this.#served.get(keyOf(message.transaction))
      if (served?.from === from) served.cancel()
    }
  }

  #serveListing(served: Served, request: ListingRequest): void {
    const { directoryName, fileName } = request
    const isNamed = fileName.length > 0 && isText(fileName)
    if (!isNamed) return this.#answer(served, [negativeAnswer(request)])
    const kind = 'directory listing response'
    const answer = { kind, successful: true, directoryName, fileName } as const
    const token = this.#wish({
      ready: file => this.#answer(served, [answer], { file, name: textOf(fileName) }),
      refused: () => this.#answer(served, [negativeAnswer(request)]),
    })
    return this.#desk.effect({ kind: 'make listing', token, directory: directoryName })
  }

  #serveStatus(served: Served, request: StatusRequest): void {
    const { transaction, fileName } = request
    const { transactions } = this.#desk
    const transactionStatus = transactionStatusOf(transactions, transaction)
    const kind = 'remote status report response'
    const answer = { kind, successful: true, transactionStatus, transaction } as const
    const failure = { ...answer, successful: false } as const
    const status = transactions.statusOf(transaction)
    const isNamed = fileName.length > 0 && isText(fileName)
    if (status === undefined || !isNamed) return this.#answer(served, [failure])
    const token = this.#wish({
      ready: file => this.#answer(served, [answer], { file, name: textOf(fileName) }),
      refused: () => this.#answer(served, [failure]),
    })
    const text = reportOf(transaction, status)
    return this.#desk.effect({ kind: 'make report', token, text })
  }

  #serveSuspension(served: Served, { kind, transaction }: SuspensionRequest): void {
    const isSuspend = kind === 'remote suspend request'
    const { transactions } = this.#desk
    this.#desk.tell({ kind: isSuspend ? 'suspend' : 'resume', id: transaction })
    const suspended = transactions.statusOf(transaction)?.suspended ?? false
    const transactionStatus = transactionStatusOf(transactions, transaction)
    const answer = isSuspend ? 'remote suspend response' : 'remote resume response'
    this.#answer(served, [{ kind: answer, suspended, transactionStatus, transaction }])
  }

  /** The last word of an operation; its place is free when that is over. */
  #answer(
    served: Served,
    messages: readonly ReservedMessage[],
    made?: { readonly file: string; readonly name: string },
  ): void {
    served.cancel = nothing
    const options = [...messages.map(messageOption), this.#origin(served)]
    const named =
      made === undefined
        ? {}
        : { file: made.file, sourceName: made.name, destinationName: made.name }
    const over = () => {
      this.#served.delete(keyOf(served.id))
      if (made !== undefined) this.#desk.effect({ kind: 'release file', file: made.file })
    }
    this.#desk.puts.put(
      { destination: served.from, options, ...named },
      { opened: nothing, refused: over, ended: over },
    )
  }

  #origin({ id }: Served) {
    const transaction = transactionField(id)
    return messageOption({ kind: 'originating transaction id', transaction })
  }

  /** Why another one finds no place. */
  #crowd(from: Unsigned): string | undefined {
    let places = 0
    for (const served of this.#served.values()) if (served.from === from) places += 1
    const { servingMax } = this.#limits
    return places < servingMax ? undefined : `${servingMax} operations of it are under way`
  }

  #wish(wish: FileWish): number {
    this.#token += 1
    this.#wishes.set(this.#token, wish)
    return this.#token
  }

  #takeWish(token: number): FileWish | undefined {
    const wish = this.#wishes.get(token)
    this.#wishes.delete(token)
    return wish
  }
}

/** Names are given to the entity as text. */
function isText(octets: Uint8Array): boolean {
  return !textOf(octets).includes('\ufffd')
}

function nothing(): void {}
