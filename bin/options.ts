/**
 * The command line of one subcommand: what it takes, in which units, and the text of its --help. Values come out
 * in the units of the house: milliseconds, octets, bits per second.
 */
import { parseArgs } from 'node:util'

export interface Option<T> {
  readonly about: string
  /** Stands for the value in --help. Absent: a flag, that takes none. */
  readonly placeholder?: string
  /** As one would type it. */
  readonly fallback?: string
  /** It may be typed any number of times, and has a list of values. */
  readonly repeats?: true
  /** @throws UsageError */
  read(text: string): T
}

export type Options = Readonly<Record<string, Option<unknown>>>

export interface Command<O extends Options> {
  /** 'downpour send FILE...' */
  readonly synopsis: string
  readonly about: string
  readonly options: O
  /** Shown below the options: exit codes, formulas, an example. */
  readonly notes?: string
  /** How many operands it takes, [least, most]; none unless told. */
  readonly operands?: readonly [number, number]
}

export interface Given<O extends Options> {
  readonly values: { readonly [Name in keyof O]: O[Name] extends Option<infer T> ? T : never }
  readonly operands: readonly string[]
}

/** What was typed cannot be done; the message says what can. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** @returns undefined when --help was asked for, and printed @throws UsageError */
export function readCommandLine<O extends Options>(
  command: Command<O>,
  args: readonly string[],
): Given<O> | undefined {
  const { values: typed, positionals: operands } = parse(command, args)
  if (typed['help'] === true) {
    process.stdout.write(`${helpText(command)}\n`)
    return undefined
  }
  const [least, most] = command.operands ?? [0, 0]
  if (operands.length < least || operands.length > most)
    throw new UsageError(`Cannot run with ${operands.length} operands: ${command.synopsis}`)
  const values: Record<string, unknown> = {}
  for (const [name, option] of Object.entries(command.options)) {
    const text = typed[name] ?? (option.repeats === true ? [] : option.fallback)
    if (option.placeholder === undefined) values[name] = text === true
    else if (Array.isArray(text))
      values[name] = text.flatMap(one => readValue(name, option, String(one)))
    else values[name] = typeof text === 'string' ? readValue(name, option, text) : undefined
  }
  return { values: values as Given<O>['values'], operands }
}

export function helpText(command: Command<Options>): string {
  const rows = Object.entries({ ...command.options, help: HELP }).map(([name, option]) => {
    const typed = option.placeholder === undefined ? `--${name}` : `--${name} ${option.placeholder}`
    const usual = option.fallback === undefined ? '' : ` [${option.fallback}]`
    return { typed, about: option.about + usual }
  })
  const width = Math.max(...rows.map(row => row.typed.length))
  const options = rows.map(row => `  ${row.typed.padEnd(width)}  ${row.about}`)
  const notes = command.notes === undefined ? [] : ['', command.notes]
  return [`usage: ${command.synopsis}`, '', command.about, '', ...options, ...notes].join('\n')
}

export function flag(about: string): Option<boolean> {
  return { about, read: () => true }
}

/** Any text: names, paths. */
export const text = valued('TEXT', typed => typed)
export const path = valued('PATH', typed => typed)

/** 9600, 64k, 1.5M: bits per second; k, M and G are powers of 1,000. */
export const bitRate = valued('BIT/S', typed =>
  scaled(typed, DECIMAL, 'a bit rate such as 64k or 1M'),
)

/** 300ms, 5s, 10min, 2h, 250 (ms): milliseconds. */
export const duration = valued('TIME', readDuration)

/** 4096, 64k, 1M: octets; k, M and G are powers of 1,000, Ki and Mi of 1,024. */
export const size = valued('OCTETS', typed =>
  Math.round(scaled(typed, SIZES, 'a size such as 4096, 64k or 1Mi')),
)

export const probability = valued('P', typed => {
  const value = Number(typed)
  if (typed !== '' && value >= 0 && value <= 1) return value
  throw new UsageError(`"${typed}": a probability from 0 to 1 is needed`)
})

/** A whole number from 0. */
export const count = valued('N', typed => {
  const value = Number(typed)
  if (/^\d+$/.test(typed) && Number.isSafeInteger(value)) return value
  throw new UsageError(`"${typed}": a whole number from 0 is needed`)
})

/** `every=5s,for=300ms` */
export const outages = valued('every=TIME,for=TIME', typed => {
  const found = /^every=([^,]+),for=([^,]+)$/.exec(typed)
  if (found === null) throw new UsageError(`"${typed}": such as every=5s,for=300ms`)
  return {
    everyMs: readDuration(found[1] ?? ''),
    lastingMs: readDuration(found[2] ?? ''),
  }
})

/** In milliseconds. @throws UsageError */
export function readDuration(typed: string): number {
  return scaled(typed, TIMES, 'a time such as 250ms, 5s or 10min')
}

/** An option for values that `read` understands; with a fallback it always has a value. */
export function valued<T>(placeholder: string, read: (typed: string) => T) {
  function option(about: string, fallback: string): Option<T>
  function option(about: string): Option<T | undefined>
  function option(about: string, fallback?: string): Option<T | undefined> {
    return { about, placeholder, read, ...(fallback === undefined ? {} : { fallback }) }
  }
  return option
}

/** Like `one`, and may be typed any number of times. */
export function repeated<T>(one: (about: string) => Option<T | undefined>) {
  return (about: string): Option<readonly T[]> => {
    const option = one(about)
    return { ...option, repeats: true, read: typed => [option.read(typed) as T] }
  }
}

function parse(command: Command<Options>, args: readonly string[]) {
  const options: Record<
    string,
    { type: 'string' | 'boolean'; short?: string; multiple?: boolean }
  > = {
    help: { type: 'boolean', short: 'h' },
  }
  for (const [name, option] of Object.entries(command.options))
    options[name] = {
      type: option.placeholder === undefined ? 'boolean' : 'string',
      multiple: option.repeats === true,
    }
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true })
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}; see --help`)
  }
}

function readValue(name: string, option: Option<unknown>, typed: string): unknown {
  try {
    return option.read(typed)
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(`Cannot use --${name} ${error.message}`)
    throw error
  }
}

function scaled(typed: string, units: Readonly<Record<string, number>>, needed: string): number {
  const found = /^(\d+(?:\.\d+)?)([a-zA-Z]*)$/.exec(typed)
  const unit = units[found?.[2] ?? '?']
  if (found === null || unit === undefined) throw new UsageError(`"${typed}": ${needed} is needed`)
  return Number(found[1]) * unit
}

const HELP = flag('shows this')
const DECIMAL = { '': 1, k: 1e3, M: 1e6, G: 1e9 }
const TIMES = { '': 1, ms: 1, s: 1e3, min: 60e3, h: 3_600e3, d: 86_400e3 }
const SIZES = { ...DECIMAL, Ki: 1_024, Mi: 1_048_576, Gi: 1_073_741_824 }
