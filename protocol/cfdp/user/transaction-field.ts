/**
 * A transaction's id as it stands in a message to the user, with its widths. CCSDS 727.0-B-5, 6.2.11.
 *
 *      1       3               1       3                   octets             octets
 *     +-------+---------------+-------+-------------------+------------------+-----------------+
 *     | spare | entity octets | spare | sequence octets   | source entity id | sequence number |
 *     |       | less one      |       | less one          |                  |                 |
 *     +-------+---------------+-------+-------------------+------------------+-----------------+
 */
import type { OctetReader, Unsigned } from '../../octets/reader.ts'
import type { OctetWriter } from '../../octets/writer.ts'
import type { TransactionId } from '../pdu/pdu.ts'
import { decodeUnsigned, encodeUnsigned } from '../pdu/unsigned.ts'

export interface TransactionField extends TransactionId {
  /** 1 to 8. */
  readonly entityOctets: number
  readonly sequenceOctets: number
}

/** @throws RangeError if the id does not fit its widths: a fault of ours */
export function encodeTransaction(field: TransactionField, out: OctetWriter): void {
  out.octet(((field.entityOctets - 1) << 4) | (field.sequenceOctets - 1))
  encodeUnsigned(field.source, field.entityOctets, out)
  encodeUnsigned(field.sequence, field.sequenceOctets, out)
}

/** @throws DecodeFault */
export function decodeTransaction(fields: OctetReader): TransactionField {
  const widths = fields.octet()
  const entityOctets = ((widths >>> 4) & 7) + 1
  const sequenceOctets = (widths & 7) + 1
  const source = decodeUnsigned(fields, entityOctets)
  const sequence = decodeUnsigned(fields, sequenceOctets)
  return { source, sequence, entityOctets, sequenceOctets }
}

/** The id in as few octets as it needs. */
export function transactionField({ source, sequence }: TransactionId): TransactionField {
  return {
    source,
    sequence,
    entityOctets: octetsFor(source),
    sequenceOctets: octetsFor(sequence),
  }
}

/** How many octets an id needs: at least 1. */
export function octetsFor(id: Unsigned): number {
  let octets = 1
  for (let rest = BigInt(id) >> 8n; rest > 0n; rest >>= 8n) octets += 1
  return octets
}
