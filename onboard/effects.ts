/** What a spacecraft asks for, in order, until it is fetched. */
import type { SpacecraftEffect } from './events.ts'

export class Effects {
  #effects: SpacecraftEffect[] = []

  push(effect: SpacecraftEffect): void {
    this.#effects.push(effect)
  }

  log(event: string, fields: Readonly<Record<string, unknown>>): void {
    this.#effects.push({ kind: 'log', event, fields })
  }

  drain(): readonly SpacecraftEffect[] {
    const effects = this.#effects
    if (effects.length > 0) this.#effects = []
    return effects
  }
}
