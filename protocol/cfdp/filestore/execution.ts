/**
 * The filestore requests of one transaction, executed in order until one fails. CCSDS 727.0-B-5, 4.9.
 *
 *     next -->  owner executes it  --> performed() --> next ... --> responses for the Finished PDU
 *
 * After one that failed, and where there was no file to be had, the rest are "not performed". Every request is
 * handed out once, so nothing is done twice as long as this object lives.
 */
import { FILESTORE_ACTION, type FilestoreRequest } from '../pdu/filestore.ts'
import type { Tlv } from '../pdu/pdu.ts'
import { type FilestoreOutcome, statusOf } from './outcome.ts'
import { type ReadRequest, readRequests, responseValue } from './requests.ts'

export class FilestoreExecution {
  readonly #requests: readonly ReadRequest[]
  readonly #responses: Uint8Array[] = []

  /** Without `mayPerform` none is ever executed. */
  constructor(options: readonly Tlv[], mayPerform: boolean) {
    const requests = readRequests(options)
    this.#requests = requests.slice(0, REQUESTS_MAX)
    if (!mayPerform) this.#fail('requests are not executed here')
    else if (requests.length > REQUESTS_MAX)
      this.#fail(`more than ${REQUESTS_MAX} requests are not executed`)
    else this.#skip()
  }

  /** The request to be executed now; undefined: all of them have their responses. */
  get next(): FilestoreRequest | undefined {
    return this.#requests[this.#responses.length]?.request
  }

  /** Values for the Finished PDU, one for each request that was answered. */
  get responses(): readonly Uint8Array[] {
    return this.#responses
  }

  /** What became of the one that was next. `message` says more, to people. */
  performed(outcome: FilestoreOutcome, message = ''): void {
    if (this.next === undefined) return
    this.#respond(outcome, message)
    if (outcome !== 'successful') this.#fail(SKIPPED)
    else this.#skip()
  }

  /** There is no file: nothing is executed, and what was not says so. */
  abandon(): void {
    this.#fail('the file was not delivered')
  }

  /** Past what nobody could execute. */
  #skip(): void {
    const read = this.#requests[this.#responses.length]
    if (read === undefined || (read.isReadable && isKnown(read.request.action))) return
    this.#respond('not performed', 'the request cannot be read')
    this.#fail(SKIPPED)
  }

  #fail(message: string): void {
    while (this.next !== undefined) this.#respond('not performed', message)
  }

  #respond(outcome: FilestoreOutcome, message: string): void {
    const request = this.next as FilestoreRequest
    const status = statusOf(request.action, outcome)
    this.#responses.push(responseValue({ ...request, status, message: UTF8.encode(message) }))
  }
}

function isKnown(action: number): boolean {
  return action <= FILESTORE_ACTION.denyDirectory
}

/** Requests of one transaction that are answered: so many responses fit a Finished PDU whatever the names. */
export const REQUESTS_MAX = 64

const SKIPPED = 'a request before it failed'
const UTF8 = new TextEncoder()
