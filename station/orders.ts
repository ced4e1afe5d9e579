/**
 * Commands for the spacecraft, one at a time: each is said until the housekeeping of the spacecraft says what became
 * of it, and only then the next. So they are executed in order, and none of them twice, whoever stops meanwhile.
 *
 *     order --journal--> waiting --said, again and again--> the spacecraft has taken its counter --> over
 */
import { COUNTER_MAX, type Command, commandOf, commandText } from '../protocol/command/command.ts'
import type { Housekeeping } from '../protocol/command/housekeeping.ts'
import type { Instant } from '../protocol/machine.ts'

export interface Order {
  readonly counter: number
  readonly command: Command
}

export interface OrderStatus {
  readonly counter: number
  readonly command: string
  readonly state: 'waiting' | 'executed' | 'refused'
  readonly why?: string
}

export type OrderRecord =
  | { readonly kind: 'ordered'; readonly counter: number; readonly command: Command }
  /** What became of it. */
  | ({ readonly kind: 'order over' } & OrderStatus)

export class Orders {
  readonly #waiting: Order[] = []
  /** The newest that are over. */
  readonly #over: OrderStatus[] = []
  #next: number
  /** Contact time when the first of them is said again; undefined: now. */
  #againAt: Instant | undefined

  /** `first`: the counter of a station whose journal holds none. */
  constructor(first: number, records: readonly unknown[]) {
    this.#next = first
    for (const value of records) {
      const record = orderRecord(value)
      if (record === undefined) continue
      this.#next = Math.max(this.#next, record.counter + 1)
      if (record.kind === 'ordered') this.#waiting.push(record)
      else this.#end(record)
    }
  }

  get status(): readonly OrderStatus[] {
    const waiting = this.#waiting.map(({ counter, command }) => statusOf(counter, command))
    return [...this.#over, ...waiting]
  }

  /** Whether take() has something. */
  get isDue(): boolean {
    return this.#waiting.length > 0 && this.#againAt === undefined
  }

  /** When tick() is due. */
  get deadline(): Instant | undefined {
    return this.#againAt
  }

  tick(now: Instant): void {
    if (this.#againAt !== undefined && now >= this.#againAt) this.#againAt = undefined
  }

  /** A new one, to be written down before anything else; or why not. */
  order(command: Command): (OrderRecord & { readonly kind: 'ordered' }) | string {
    if (this.#waiting.length >= WAITING_MAX) return `${WAITING_MAX} commands wait already`
    if (this.#next > COUNTER_MAX) return `The counters of commands are used up: ${COUNTER_MAX}`
    const record = { kind: 'ordered', counter: this.#next, command } as const
    this.#waiting.push(record)
    this.#next += 1
    return record
  }

  /** The command to be said now, if there is one. */
  take(now: Instant): Order | undefined {
    if (!this.isDue) return undefined
    this.#againAt = now + AGAIN_MS
    return this.#waiting[0]
  }

  /** What the spacecraft says. Answers the record of an order that is over by it. */
  hear(report: Housekeeping): (OrderRecord & { readonly kind: 'order over' }) | undefined {
    const { lastCounter, lastExecuted, commandRefusal } = report
    this.#next = Math.max(this.#next, lastCounter + 1)
    const first = this.#waiting[0]
    if (first === undefined || lastCounter < first.counter) return undefined
    const { counter, command } = first
    const why = lastCounter > counter ? OVERTAKEN : lastExecuted === 1 ? undefined : commandRefusal
    const state = why === undefined ? 'executed' : 'refused'
    const record = { kind: 'order over', ...statusOf(counter, command, state, why) } as const
    this.#end(record)
    return record
  }

  /** The fewest records from which this can be made again. */
  *snapshot(): IterableIterator<OrderRecord> {
    for (const status of this.#over) yield { kind: 'order over', ...status }
    for (const { counter, command } of this.#waiting) yield { kind: 'ordered', counter, command }
  }

  #end({ counter, command, state, why }: OrderStatus): void {
    if (this.#waiting[0]?.counter === counter) this.#waiting.shift()
    this.#againAt = undefined
    this.#over.push(
      why === undefined ? { counter, command, state } : { counter, command, state, why },
    )
    if (this.#over.length > OVER_MAX) this.#over.shift()
  }
}

function statusOf(
  counter: number,
  command: Command,
  state: OrderStatus['state'] = 'waiting',
  why?: string,
): OrderStatus {
  const status = { counter, command: commandText(command), state }
  return why === undefined ? status : { ...status, why }
}

function orderRecord(value: unknown): OrderRecord | undefined {
  const { kind, counter, command } = Object(value) as Partial<OrderRecord & { kind: 'ordered' }>
  if (!Number.isSafeInteger(counter)) return undefined
  const isOrder = kind === 'ordered' && typeof commandOf(command) !== 'string'
  return isOrder || (kind as string) === 'order over' ? (value as OrderRecord) : undefined
}

/** Contact time: a command and the housekeeping that answers it take so long on a slow link. */
const AGAIN_MS = 3_000
const WAITING_MAX = 64
const OVER_MAX = 32
const OVERTAKEN =
  'The spacecraft has taken a later command since; whether it took this one is not known'
