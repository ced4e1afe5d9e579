/**
 * Integers of 1 to 8 octets: entity ids, sequence numbers, and the fields of 4 or 8 octets that the
 * standard calls file-size sensitive (FSS). A value that a number can hold never becomes a bigint on its
 * way, in either direction: a large file costs no more per PDU than a small one.
 */
import type { OctetReader, Unsigned } from '../../octets/reader.ts'
import type { OctetWriter } from '../../octets/writer.ts'

/** @throws RangeError if the value does not fit: a fault of ours */
export function encodeUnsigned(value: Unsigned, width: number, out: OctetWriter): void {
  if (width <= 6 || typeof value === 'bigint') return out.uint(value, width)
  out.uint(Math.floor(value / WORD), width - 4)
  out.uint(value % WORD, 4)
}

/** @throws DecodeFault */
export function decodeUnsigned(fields: OctetReader, width: number): Unsigned {
  if (width <= 6) return fields.uint(width)
  const high = fields.uint(width - 4)
  const low = fields.uint(4)
  if (high < HIGH_OF_BIGINT) return high * WORD + low
  return (BigInt(high) << 32n) | BigInt(low)
}

const WORD = 2 ** 32
/** From here on the whole value passes 2^53 - 1. */
const HIGH_OF_BIGINT = 2 ** 21
