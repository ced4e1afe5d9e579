/**
 * The ACK PDU: an EOF or a Finished has arrived. CCSDS 727.0-B-5, 5.2.4.
 *
 *      4           4         4           2       2
 *     +-----------+---------+-----------+-------+--------------------+
 *     | directive | subtype | condition | spare | transaction status |
 *     +-----------+---------+-----------+-------+--------------------+
 *
 * The subtype is 1 for Finished and 0 for EOF: it says nothing that the directive code does not, so it is
 * written and never looked at. No other directive can be acknowledged.
 */
import { DecodeFault, type OctetReader } from '../../octets/reader.ts'
import type { OctetWriter } from '../../octets/writer.ts'
import { DIRECTIVE } from './directive-code.ts'
import type { Ack } from './pdu.ts'

export function encodeAck(ack: Ack, out: OctetWriter): void {
  out.octet(ack.of === 'eof' ? DIRECTIVE.eof << 4 : (DIRECTIVE.finished << 4) | 1)
  out.octet(((ack.condition & 0x0f) << 4) | (ack.transactionStatus & 0x03))
}

/** @throws DecodeFault and nothing else, whatever the octets are. */
export function decodeAck(fields: OctetReader): Ack {
  const of = acknowledged(fields.octet() >>> 4, fields.at - 1)
  const second = fields.octet()
  return { kind: 'ack', of, condition: second >>> 4, transactionStatus: second & 0x03 }
}

function acknowledged(directive: number, at: number): Ack['of'] {
  if (directive === DIRECTIVE.eof) return 'eof'
  if (directive === DIRECTIVE.finished) return 'finished'
  throw new DecodeFault(
    `Cannot read an ACK of directive ${directive}: only EOF (4) and Finished (5) are acknowledged`,
    at,
  )
}
