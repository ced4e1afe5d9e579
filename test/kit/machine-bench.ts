/** A machine on a bench: told what happens one event at a time, and what it does is looked at. */
import type { Instant, Machine } from '../../protocol/machine.ts'

/** Its effects are kept until they are taken. `now`: what its clock shows. */
export class MachineBench<
  Input,
  Effect extends { readonly kind: string },
  M extends Machine<Input, Effect>,
> {
  now: Instant = 0
  readonly machine: M
  #effects: Effect[] = []

  constructor(machine: M) {
    this.machine = machine
    this.#effects.push(...machine.drain())
  }

  tell(input: Input): void {
    this.machine.receive(input, this.now)
    this.#effects.push(...this.machine.drain())
  }

  tick(now = this.now): void {
    this.now = now
    this.machine.tick(now)
    this.#effects.push(...this.machine.drain())
  }

  /** The effects of this kind since the last call; those of other kinds stay. */
  take<K extends Effect['kind']>(kind: K): readonly (Effect & { readonly kind: K })[] {
    const taken: (Effect & { readonly kind: K })[] = []
    const left: Effect[] = []
    for (const effect of this.#effects)
      if (isOf(effect, kind)) taken.push(effect)
      else left.push(effect)
    this.#effects = left
    return taken
  }

  /** All that it did since the last call, in order. */
  takeAll(): readonly Effect[] {
    const effects = this.#effects
    this.#effects = []
    return effects
  }
}

function isOf<Effect extends { readonly kind: string }, K extends string>(
  effect: Effect,
  kind: K,
): effect is Effect & { readonly kind: K } {
  return effect.kind === kind
}
