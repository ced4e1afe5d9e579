/**
 * How a spacecraft is: the data of a housekeeping packet, in fixed fields and two texts. docs/telemetry.md.
 *
 *        1      1     ...            1            ...       1            ...   octets
 *     +-------+-------+-----------+---------+----------+---------+----------+ - -
 *     |version| flags |  numbers  | length  |   text   | length  |   text   |  ...
 *     +-------+-------+-----------+---------+----------+---------+----------+ - -
 *
 * Counters go modulo 2^32.
 */
import { attempt } from '../cfdp/pdu/codec.ts'
import type { Malformed } from '../frame/malformed.ts'
import { DecodeFault, OctetReader } from '../octets/reader.ts'
import { OctetWriter } from '../octets/writer.ts'

export interface Housekeeping extends Readonly<Record<NumberName, number>> {
  /** It does nothing but listen and tell: docs/operations.md. */
  readonly isSafe: boolean
  /** No file octet leaves, by command. */
  readonly isFrozen: boolean
  /** Why the last command was refused; empty: it was not. */
  readonly commandRefusal: string
  /** The same of the last contact plan that came up. */
  readonly planRefusal: string
}

type NumberName = (typeof NUMBERS)[number][0]

export function encodeHousekeeping(report: Housekeeping): Uint8Array {
  const out = new OctetWriter()
  out.octet(VERSION)
  out.octet((report.isSafe ? SAFE : 0) | (report.isFrozen ? FROZEN : 0))
  for (const [name, width] of NUMBERS) out.uint(Math.trunc(report[name]) % 2 ** (8 * width), width)
  for (const text of [report.commandRefusal, report.planRefusal]) {
    const refusal = UTF8.encode(text).subarray(0, TEXT_OCTETS_MAX)
    out.octet(refusal.length)
    out.octets(refusal)
  }
  return out.written()
}

export function decodeHousekeeping(octets: Uint8Array): Housekeeping | Malformed {
  return attempt(octets, all => decode(new OctetReader(all)))
}

/** @throws DecodeFault */
function decode(fields: OctetReader): Housekeeping {
  const version = fields.octet()
  if (version !== VERSION)
    throw new DecodeFault(`Cannot read version ${version}: ${VERSION} is known`, 0)
  const flags = fields.octet()
  const numbers: Partial<Record<NumberName, number>> = {}
  for (const [name, width] of NUMBERS) numbers[name] = fields.uint(width)
  return {
    isSafe: (flags & SAFE) !== 0,
    isFrozen: (flags & FROZEN) !== 0,
    ...(numbers as Record<NumberName, number>),
    commandRefusal: TEXT.decode(fields.octets(fields.octet())),
    planRefusal: TEXT.decode(fields.octets(fields.octet())),
  }
}

/** Names and octets, in order. */
export const NUMBERS = [
  /** UTC in milliseconds since 1970, as the spacecraft has it. */
  ['utcMs', 6],
  /** Since the process started. */
  ['uptimeS', 4],
  /** How often the process started. */
  ['starts', 4],
  ['memoryKib', 4],
  /** Files and octets in the buffer, files not begun, under way, and held by command. */
  ['bufferFiles', 4],
  ['bufferOctets', 6],
  ['filesWaiting', 4],
  ['filesOpen', 4],
  ['filesSuspended', 4],
  ['filesRefused', 4],
  ['pdusSent', 4],
  ['segmentsAgain', 4],
  ['framesSent', 4],
  ['framesIdle', 4],
  ['uplinkFrames', 4],
  ['uplinkMalformed', 4],
  ['commandsAccepted', 4],
  ['commandsRejected', 4],
  /** Commands that came once more: none of them was executed again. */
  ['commandsRepeated', 4],
  /** Of the command taken last: its counter, the place of its verb, and 1 if it was executed. */
  ['lastCounter', 4],
  ['lastVerb', 1],
  ['lastExecuted', 1],
  /** How often its UTC stepped since the process started. */
  ['clockSteps', 2],
  /** Files from the ground: on their way, whole, failed. */
  ['uploadsOpen', 2],
  ['uploadsWhole', 4],
  ['uploadsFailed', 4],
  /** Contact plans that came up, taken over and refused; when the one in force was made, 0: it does not say. */
  ['plansTaken', 2],
  ['plansRefused', 2],
  ['planIssuedMs', 6],
] as const
const VERSION = 1
const SAFE = 1
const FROZEN = 2
/** A text is cut after so many octets, wherever that is. */
const TEXT_OCTETS_MAX = 120
const UTF8 = new TextEncoder()
const TEXT = new TextDecoder()
