/** Settings that commands change while the spacecraft runs: whoever holds them sees what is in force. */
import { PARAMETERS, type ParameterName } from '../../protocol/command/parameters.ts'
import type { SpacecraftSettings } from '../settings.ts'

export class Parameters {
  readonly #configured: SpacecraftSettings
  readonly #usual: Readonly<Record<ParameterName, number>>
  readonly #set: Partial<Record<string, number>>

  /** `set`: what commands said before. */
  constructor(settings: SpacecraftSettings, set: Readonly<Record<string, number>>) {
    this.#configured = settings
    this.#usual = usual(settings)
    this.#set = { ...set }
  }

  set(name: ParameterName, value: number): void {
    this.#set[name] = value
  }

  value(name: ParameterName): number {
    return this.#set[name] ?? this.#usual[name]
  }

  /** What commands said, by name. */
  get changes(): Readonly<Record<string, number>> {
    const changes: Record<string, number> = {}
    for (const { name } of PARAMETERS) {
      const value = this.#set[name]
      if (value !== undefined) changes[name] = value
    }
    return changes
  }

  /** The settings, read anew at every look. */
  get settings(): SpacecraftSettings {
    const value = (name: ParameterName) => this.value(name)
    const { downlink, buffer, cfdp } = this.#configured
    return {
      ...this.#configured,
      downlink: live(downlink, { rateBps: () => value('downlink.rateBps') }),
      buffer: live(buffer, {
        filesMax: () => value('buffer.filesMax'),
        octetsMax: () => value('buffer.octetsMax'),
      }),
      cfdp: {
        ...cfdp,
        limits: {
          ...cfdp.limits,
          ack: live(cfdp.limits.ack, {
            timeoutMs: () => value('cfdp.ackMs'),
            triesMax: () => value('cfdp.ackLimit'),
          }),
        },
      },
    }
  }
}

function usual({
  downlink,
  buffer,
  cfdp,
}: SpacecraftSettings): Readonly<Record<ParameterName, number>> {
  return {
    'downlink.rateBps': downlink.rateBps,
    'buffer.filesMax': buffer.filesMax,
    'buffer.octetsMax': buffer.octetsMax,
    'cfdp.ackMs': cfdp.limits.ack.timeoutMs,
    'cfdp.ackLimit': cfdp.limits.ack.triesMax,
    'housekeeping.periodMs': downlink.housekeeping.periodMs,
    'downlink.repeats': 1,
  }
}

function live<Of extends object>(of: Of, values: Partial<Record<keyof Of, () => number>>): Of {
  const copy = { ...of }
  for (const [key, get] of Object.entries(values))
    Object.defineProperty(copy, key, { get: get as () => number, enumerable: true })
  return copy
}
