/**
 * Messages of directory operations: an entity is asked for the list of a folder's files, and sends it as a file.
 * CCSDS 727.0-B-5, 6.3. The fields behind the type octet:
 *
 *     10 listing request     directory name (LV), directory file name (LV)
 *     11 listing response    unsuccessful 1, spare 7, directory name (LV), directory file name (LV)
 *
 * The directory file name is where the requester wants the list.
 */
import type { OctetReader } from '../../octets/reader.ts'
import type { OctetWriter } from '../../octets/writer.ts'
import { decodeLv, encodeLv } from '../pdu/tlv.ts'

interface Listing {
  /** Names as octets, borrowed off the wire. */
  readonly directoryName: Uint8Array
  readonly fileName: Uint8Array
}

export interface ListingRequest extends Listing {
  readonly kind: 'directory listing request'
}

export interface ListingResponse extends Listing {
  readonly kind: 'directory listing response'
  readonly successful: boolean
}

export type DirectoryMessage = ListingRequest | ListingResponse

/** The type octet and the fields. @throws RangeError if a name is too long: a fault of ours */
export function encodeDirectoryMessage(message: DirectoryMessage, out: OctetWriter): void {
  out.octet(DIRECTORY_TYPE[message.kind])
  if (message.kind === 'directory listing response')
    out.octet(message.successful ? 0 : UNSUCCESSFUL)
  encodeLv(message.directoryName, out)
  encodeLv(message.fileName, out)
}

/** Undefined: `type` is none of a directory operation. @throws DecodeFault */
export function decodeDirectoryMessage(
  type: number,
  fields: OctetReader,
): DirectoryMessage | undefined {
  if (type === DIRECTORY_TYPE['directory listing request'])
    return { kind: 'directory listing request', ...decodeNames(fields) }
  if (type !== DIRECTORY_TYPE['directory listing response']) return undefined
  const successful = (fields.octet() & UNSUCCESSFUL) === 0
  return { kind: 'directory listing response', successful, ...decodeNames(fields) }
}

function decodeNames(fields: OctetReader): Listing {
  return { directoryName: decodeLv(fields), fileName: decodeLv(fields) }
}

export const DIRECTORY_TYPE = {
  'directory listing request': 0x10,
  'directory listing response': 0x11,
} as const satisfies Record<DirectoryMessage['kind'], number>

const UNSUCCESSFUL = 0x80
