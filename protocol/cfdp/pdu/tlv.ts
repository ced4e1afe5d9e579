/**
 * Length-value and type-length-value fields. CCSDS 727.0-B-5, 5.1.7 (LV) and 5.4 (TLV).
 *
 *      8 bits   8 bits   length octets
 *     +--------+--------+--------------+
 *     | type   | length | value        |      an LV is the same without the type
 *     +--------+--------+--------------+
 *
 * A TLV is carried whether its type is known or not: to refuse the whole PDU for an option that somebody
 * added would refuse the file.
 */
import type { OctetReader } from '../../octets/reader.ts'
import type { OctetWriter } from '../../octets/writer.ts'
import type { Tlv } from './pdu.ts'

/** TLV types. CCSDS 727.0-B-5, 5.4. */
export const TLV = {
  filestoreRequest: 0x00,
  filestoreResponse: 0x01,
  messageToUser: 0x02,
  faultHandler: 0x04,
  flowLabel: 0x05,
  entityId: 0x06,
} as const

/** @throws RangeError if the value is longer than 255 octets: a fault of ours */
export function encodeTlv(type: number, value: Uint8Array, out: OctetWriter): void {
  out.uint(type, 1)
  encodeLv(value, out)
}

/** @throws DecodeFault */
export function decodeTlv(fields: OctetReader): Tlv {
  return { type: fields.octet(), value: decodeLv(fields) }
}

/** @throws RangeError if the value is longer than 255 octets: a fault of ours */
export function encodeLv(value: Uint8Array, out: OctetWriter): void {
  out.uint(value.length, 1)
  out.octets(value)
}

/** The value, borrowed. @throws DecodeFault */
export function decodeLv(fields: OctetReader): Uint8Array {
  return fields.octets(fields.octet())
}
