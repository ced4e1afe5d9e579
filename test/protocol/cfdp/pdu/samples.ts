/** PDUs to build others from. */
import { encodePdu } from '../../../../protocol/cfdp/pdu/codec.ts'
import type { Body, Header } from '../../../../protocol/cfdp/pdu/pdu.ts'
import { OctetWriter } from '../../../../protocol/octets/writer.ts'

export const HEADER: Header = {
  towardSender: false,
  acknowledged: true,
  crc: false,
  largeFile: false,
  entityOctets: 2,
  sequenceOctets: 2,
  source: 1,
  sequence: 7,
  destination: 2,
  recordBoundaries: false,
}

export function encoded(body: Body, header: Header = HEADER): Uint8Array {
  const out = new OctetWriter()
  encodePdu({ header, body }, out)
  return out.written()
}
