/**
 * Operations that this user asks others for: each is a put of nothing but messages, and its answer is a put from
 * there that names it. CCSDS 727.0-B-5, 6.2.2, 6.3.2, 6.4.2 to 6.6.2.
 *
 *     asked --transaction--> sent --arrived--> waiting --answer--> answered
 *
 * An answer counts if it comes from whom was asked, and names the transaction that asked. What is not answered fails
 * when its request does not arrive, or after answerMs.
 */
import { type Instant, sooner } from '../../machine.ts'
import type { Unsigned } from '../../octets/reader.ts'
import { CONDITION, conditionName } from '../condition.ts'
import type { TransactionId } from '../pdu/pdu.ts'
import type { Answer } from './answer.ts'
import { type FollowedPuts, keyOf } from './followed-puts.ts'
import type { OperationRequest, UserIndication, UserLimits } from './operations.ts'
import { messagesOf } from './questions.ts'
import { messageOption } from './reserved-message.ts'
import { transactionField } from './transaction-field.ts'

interface Asked {
  readonly token: number
  readonly to: Unsigned
  readonly kind: OperationRequest['kind']
  /** The transaction of the request, once there is one. */
  id: TransactionId | undefined
  deadline: Instant | undefined
}

export class Requesting {
  readonly #limits: UserLimits
  readonly #puts: FollowedPuts
  readonly #tell: (indication: UserIndication) => void
  readonly #asked = new Map<number, Asked>()

  constructor(limits: UserLimits, puts: FollowedPuts, tell: (indication: UserIndication) => void) {
    this.#limits = limits
    this.#puts = puts
    this.#tell = tell
  }

  get deadline(): Instant | undefined {
    let deadline: Instant | undefined
    for (const asked of this.#asked.values()) deadline = sooner(deadline, asked.deadline)
    return deadline
  }

  /** Operations whose answers are waited for. */
  get outstanding(): number {
    return this.#asked.size
  }

  begin(request: OperationRequest): void {
    if (request.kind === 'cancel proxy put') return this.#cancelPut(request.token)
    const { token, to, kind } = request
    const messages = messagesOf(request)
    if (messages === undefined) return this.#refuse(token, 'a name or a message is too long')
    if (this.#asked.has(token)) return this.#refuse(token, 'another operation has this token')
    const { outstandingMax } = this.#limits
    if (this.#asked.size >= outstandingMax)
      return this.#refuse(token, `${outstandingMax} operations wait for their answers`)
    const asked: Asked = { token, to, kind, id: undefined, deadline: undefined }
    this.#asked.set(token, asked)
    this.#puts.put(
      { destination: to, options: messages.map(messageOption) },
      {
        opened: id => {
          asked.id = id
        },
        refused: why => this.#fail(asked, why),
        ended: ({ condition }, now) => {
          const { answerMs } = this.#limits
          if (condition !== CONDITION.noError)
            this.#fail(asked, `the request did not arrive: ${conditionName(condition)}`)
          else if (answerMs > 0) asked.deadline = now + answerMs
        },
      },
    )
    return undefined
  }

  /** An answer came from an entity. Answers whether it was waited for. */
  hear(from: Unsigned, origin: TransactionId, answer: Answer): boolean {
    const key = keyOf(origin)
    for (const asked of this.#asked.values()) {
      if (asked.id === undefined || keyOf(asked.id) !== key || asked.to !== from) continue
      if (answer.kind !== 'lost' && answer.kind !== asked.kind) continue
      if (answer.kind === 'lost') this.#fail(asked, answer.why)
      else {
        this.#asked.delete(asked.token)
        this.#tell({ kind: 'answered', token: asked.token, answer })
      }
      return true
    }
    return false
  }

  tick(now: Instant): void {
    for (const asked of [...this.#asked.values()])
      if (asked.deadline !== undefined && now >= asked.deadline)
        this.#fail(asked, 'no answer came in time')
  }

  /** The proxy is asked to break off what it does; the answer to the first request says how that went. 6.2.2.2. */
  #cancelPut(token: number): void {
    const asked = this.#asked.get(token)
    if (asked?.kind !== 'proxy put' || asked.id === undefined)
      return this.#refuse(token, 'no such proxy put is under way')
    const transaction = transactionField(asked.id)
    this.#puts.put(
      {
        destination: asked.to,
        options: [
          messageOption({ kind: 'originating transaction id', transaction }),
          messageOption({ kind: 'proxy put cancel' }),
        ],
      },
      // Whatever becomes of it: what counts is the answer to the first request.
      { opened: nothing, refused: nothing, ended: nothing },
    )
    return undefined
  }

  #refuse(token: number, why: string): void {
    this.#tell({ kind: 'failed', token, why })
  }

  /** Does nothing of what was answered already. */
  #fail(asked: Asked, why: string): void {
    if (this.#asked.get(asked.token) !== asked) return
    this.#asked.delete(asked.token)
    this.#tell({ kind: 'failed', token: asked.token, why })
  }
}

function nothing(): void {}
