/**
 * The Keep Alive PDU: up to which octet the receiver has got. CCSDS 727.0-B-5, 5.2.8.
 * One field of 4 octets, or of 8 where the header says "large file".
 */
import type { OctetReader } from '../../octets/reader.ts'
import type { OctetWriter } from '../../octets/writer.ts'
import type { KeepAlive } from './pdu.ts'
import { decodeUnsigned, encodeUnsigned } from './unsigned.ts'

export function encodeKeepAlive(keepAlive: KeepAlive, width: 4 | 8, out: OctetWriter): void {
  encodeUnsigned(keepAlive.progress, width, out)
}

/** @throws DecodeFault and nothing else, whatever the octets are. */
export function decodeKeepAlive(fields: OctetReader, width: 4 | 8): KeepAlive {
  return { kind: 'keep alive', progress: decodeUnsigned(fields, width) }
}
