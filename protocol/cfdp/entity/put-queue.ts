/**
 * Put requests that wait for their turn: priority 0 first, and the oldest of a priority. To put, to take and to
 * withdraw one costs the same however many wait.
 */
import type { PutRequest } from './events.ts'

export interface Queued {
  readonly token: number
  readonly request: PutRequest
}

/** Priorities are 0 to 255. */
export const PRIORITY_LAST = 255

export class PutQueue {
  /** By token: those that wait. A line may still name others, which were withdrawn. */
  readonly #waiting = new Map<number, Queued>()
  readonly #lines: Line[] = []
  /** No priority before it has a line that is not empty. */
  #first = 0

  get length(): number {
    return this.#waiting.size
  }

  has(token: number): boolean {
    return this.#waiting.has(token)
  }

  put(queued: Queued): void {
    const priority = Math.min(Math.max(0, queued.request.priority ?? 0), PRIORITY_LAST)
    this.#waiting.set(queued.token, queued)
    while (this.#lines.length <= priority) this.#lines.push(new Line())
    ;(this.#lines[priority] as Line).put(queued)
    this.#first = Math.min(this.#first, priority)
  }

  /** Answers whether it was waiting. */
  withdraw(token: number): boolean {
    return this.#waiting.delete(token)
  }

  /** What take() answers. */
  get head(): Queued | undefined {
    for (; this.#first < this.#lines.length; this.#first++) {
      const line = this.#lines[this.#first] as Line
      for (let { head } = line; head !== undefined; head = line.head) {
        if (this.#waiting.get(head.token) === head) return head
        line.take()
      }
    }
    return undefined
  }

  take(): Queued | undefined {
    const { head } = this
    if (head === undefined) return undefined
    ;(this.#lines[this.#first] as Line).take()
    this.#waiting.delete(head.token)
    return head
  }
}

class Line {
  #requests: Queued[] = []
  #at = 0

  put(queued: Queued): void {
    this.#requests.push(queued)
  }

  get head(): Queued | undefined {
    return this.#requests[this.#at]
  }

  /** Forgets the head. */
  take(): void {
    this.#at += 1
    if (this.#at < Math.min(FORGET_AFTER, this.#requests.length)) return
    this.#requests = this.#requests.slice(this.#at)
    this.#at = 0
  }
}

/** Requests taken before the array is cut: to cut it at each would move all that wait. */
const FORGET_AFTER = 1_024
