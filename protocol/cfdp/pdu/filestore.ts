/**
 * Filestore requests and responses, the values of TLVs of type 0 and 1. CCSDS 727.0-B-5, 5.4.1 and 5.4.2.
 *
 *      4        4         LV           LV            LV
 *     +--------+---------+------------+ - - - - - - +---------+
 *     | action | status  | first name | second name | message |
 *     +--------+---------+------------+ - - - - - - +---------+
 *
 * Status (0 in a request) and message belong to a response. The second name is there for the three
 * actions on two files only.
 */
import type { OctetReader } from '../../octets/reader.ts'
import type { OctetWriter } from '../../octets/writer.ts'
import { decodeLv, encodeLv } from './tlv.ts'

/** Action codes. CCSDS 727.0-B-5, table 5-16. */
export const FILESTORE_ACTION = {
  createFile: 0,
  deleteFile: 1,
  renameFile: 2,
  appendFile: 3,
  replaceFile: 4,
  createDirectory: 5,
  removeDirectory: 6,
  denyFile: 7,
  denyDirectory: 8,
} as const

export interface FilestoreRequest {
  readonly action: number
  /** Names as octets off the wire, borrowed. */
  readonly firstName: Uint8Array
  readonly secondName: Uint8Array | undefined
}

export interface FilestoreResponse extends FilestoreRequest {
  /** 0 successful, 15 not performed; what stands between depends on the action. */
  readonly status: number
  readonly message: Uint8Array
}

/** @throws RangeError if a name is too long: a fault of ours */
export function encodeFilestoreRequest(request: FilestoreRequest, out: OctetWriter): void {
  out.octet(request.action << 4)
  encodeNames(request, out)
}

/** @throws RangeError if a name or the message is too long: a fault of ours */
export function encodeFilestoreResponse(response: FilestoreResponse, out: OctetWriter): void {
  out.octet((response.action << 4) | response.status)
  encodeNames(response, out)
  encodeLv(response.message, out)
}

/** @throws DecodeFault */
export function decodeFilestoreRequest(fields: OctetReader): FilestoreRequest {
  const action = fields.octet() >>> 4
  return { action, ...decodeNames(action, fields) }
}

/** @throws DecodeFault */
export function decodeFilestoreResponse(fields: OctetReader): FilestoreResponse {
  const first = fields.octet()
  const action = first >>> 4
  return { action, status: first & 0x0f, ...decodeNames(action, fields), message: decodeLv(fields) }
}

/** Whether an action is on two files. */
export function hasTwoNames(action: number): boolean {
  return action >= FILESTORE_ACTION.renameFile && action <= FILESTORE_ACTION.replaceFile
}

function encodeNames({ firstName, secondName }: FilestoreRequest, out: OctetWriter): void {
  encodeLv(firstName, out)
  if (secondName !== undefined) encodeLv(secondName, out)
}

function decodeNames(action: number, fields: OctetReader) {
  const firstName = decodeLv(fields)
  return { firstName, secondName: hasTwoNames(action) ? decodeLv(fields) : undefined }
}
