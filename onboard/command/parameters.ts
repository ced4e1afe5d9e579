/** Settings that commands change while the spacecraft runs: whoever holds them sees what is in force. */
import type { Command } from '../../protocol/command/command.ts'
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

  /** Why there is no such parameter here; undefined: there is. */
  objection({ parameter, modem }: Setting): string | undefined {
    if (parameter !== 'downlink.rateBps') return undefined
    const { modems } = this.#configured
    if (modems === undefined)
      return modem === undefined
        ? undefined
        : `Cannot set ${parameter} of modem ${modem}: there is one`
    if (modems[(modem ?? 0) - 1] !== undefined) return undefined
    const all = modems.map(({ name }, i) => `${i + 1} ${name}`).join(', ')
    return `Cannot set ${parameter}: each modem has its own; which is needed, of ${all}`
  }

  set({ parameter, value, modem }: Setting): void {
    const name = modem === undefined ? undefined : this.#configured.modems?.[modem - 1]?.name
    this.#set[name === undefined ? parameter : rateOf(name)] = value
  }

  value(name: ParameterName): number {
    return this.#set[name] ?? this.#usual[name]
  }

  /** What commands said, by name. */
  get changes(): Readonly<Record<string, number>> {
    const changes: Record<string, number> = {}
    const modems = this.#configured.modems ?? []
    for (const name of [
      ...PARAMETERS.map(parameter => parameter.name),
      ...modems.map(modem => rateOf(modem.name)),
    ]) {
      const value = this.#set[name]
      if (value !== undefined) changes[name] = value
    }
    return changes
  }

  /** The settings, read anew at every look. */
  get settings(): SpacecraftSettings {
    const value = (name: ParameterName) => this.value(name)
    const { downlink, buffer, cfdp, modems } = this.#configured
    return {
      ...this.#configured,
      ...(modems === undefined ? {} : { modems: modems.map(modem => this.#liveModem(modem)) }),
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

  #liveModem(modem: NamedModem): NamedModem {
    return live(modem, { rateBps: () => this.#set[rateOf(modem.name)] ?? modem.rateBps })
  }
}

type Setting = Command & { readonly verb: 'set' }
type NamedModem = NonNullable<SpacecraftSettings['modems']>[number]

/** What the rate of a modem is called in the journal. */
function rateOf(modem: string): string {
  return `modems.${modem}.rateBps`
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
