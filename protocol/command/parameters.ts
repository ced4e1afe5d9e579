/** What a command may set aboard, and its bounds. On the wire a parameter is its place in this list. */
export interface Parameter {
  readonly name: string
  readonly about: string
  readonly least: number
  readonly most: number
}

export const PARAMETERS = [
  { name: 'downlink.rateBps', about: 'bits per second of the channel', least: 1, most: 1e10 },
  { name: 'buffer.filesMax', about: 'files that may wait', least: 1, most: 1_000_000 },
  { name: 'buffer.octetsMax', about: 'octets that may wait', least: 1, most: 2 ** 53 - 1 },
  { name: 'cfdp.ackMs', about: 'milliseconds until an EOF is said again', least: 1, most: 864e5 },
  { name: 'cfdp.ackLimit', about: 'times it is said again; 0: no end', least: 0, most: 1e9 },
  {
    name: 'housekeeping.periodMs',
    about: 'milliseconds; 0: after commands',
    least: 0,
    most: 864e5,
  },
  {
    name: 'downlink.repeats',
    about: '1: what nobody may have heard is repeated',
    least: 0,
    most: 1,
  },
] as const satisfies readonly Parameter[]

export type ParameterName = (typeof PARAMETERS)[number]['name']

export function isParameter(name: unknown): name is ParameterName {
  return PARAMETERS.some(parameter => parameter.name === name)
}

/** Why a parameter cannot have this value; undefined if it can. */
export function valueFault(name: ParameterName, value: number): string | undefined {
  const { least, most } = PARAMETERS.find(one => one.name === name) as Parameter
  if (Number.isSafeInteger(value) && value >= least && value <= most) return undefined
  return `Cannot set ${name} to ${value}: a whole number from ${least} to ${most} is needed`
}
