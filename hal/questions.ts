/** Questions to a machine: each goes into its inbox under a token of its own and waits for the answer that bears it. */
import type { Inbox } from './inbox.ts'

export class Questions<Input, Answer> {
  readonly #inbox: Inbox<Input>
  readonly #waiting = new Map<number, (answer: Answer) => void>()
  #tokens = 0

  constructor(inbox: Inbox<Input>) {
    this.#inbox = inbox
  }

  /** Resolves with what `answered` is told of the token. */
  ask(input: (token: number) => Input): Promise<Answer> {
    this.#tokens += 1
    const token = this.#tokens
    return new Promise(answer => {
      this.#waiting.set(token, answer)
      this.#inbox.post(input(token))
    })
  }

  answered(token: number, answer: Answer): void {
    this.#waiting.get(token)?.(answer)
    this.#waiting.delete(token)
  }
}
