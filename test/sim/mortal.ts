/**
 * A machine as a process that dies: it performs so many more effects, and is gone until another is started in its
 * place, which is told nothing that was for the one before it.
 */
import type { Instant, Machine } from '../../protocol/machine.ts'

/** What is around it. */
export interface Life<Input, Effect> {
  now(): Instant
  /** Performs one effect. `tell` reaches the machine that asked, if it lives; `broken`: ids for which the disk failed. */
  perform(effect: Effect, tell: (input: Input) => void, broken: Set<string>): void
  /** All effects of a step were performed, or it died over them. */
  stepped?(): void
}

export class Mortal<
  Input,
  Effect extends { readonly kind: string },
  M extends Machine<Input, Effect>,
> {
  machine: M
  readonly #life: Life<Input, Effect>
  /** Performs this many more effects, then it is dead; undefined: it lives. */
  #diesIn: number | undefined

  constructor(machine: M, life: Life<Input, Effect>) {
    this.machine = machine
    this.#life = life
  }

  get isDead(): boolean {
    return this.#diesIn === 0
  }

  get deadline(): Instant | undefined {
    return this.isDead ? undefined : this.machine.deadline
  }

  /** Gone after `effects` more effects. */
  kill(effects = 0): void {
    this.#diesIn = effects
  }

  /** Another takes its place; what it asks for first is performed with the next step. */
  restart(machine: M): void {
    this.#diesIn = undefined
    this.machine = machine
  }

  tell(input: Input): void {
    if (this.isDead) return
    this.machine.receive(input, this.#life.now())
    this.perform()
  }

  /** If it is due. */
  tick(): void {
    const now = this.#life.now()
    const { deadline } = this
    if (deadline !== undefined && deadline <= now) this.machine.tick(now)
  }

  perform(): void {
    const { machine } = this
    const tell = (input: Input) => {
      if (machine === this.machine) this.tell(input)
    }
    const broken = new Set<string>()
    for (const effect of machine.drain()) {
      if (this.isDead) break
      if (this.#diesIn !== undefined) this.#diesIn -= 1
      if (!isSkipped(effect, broken)) this.#life.perform(effect, tell, broken)
    }
    this.#life.stepped?.()
  }
}

/** What a reception asked for after the disk failed it is not done; its octets are refused one by one. */
function isSkipped(
  effect: { readonly kind: string; readonly id?: string },
  broken: ReadonlySet<string>,
): boolean {
  return effect.id !== undefined && broken.has(effect.id) && effect.kind !== 'write'
}
