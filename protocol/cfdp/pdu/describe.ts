/**
 * A PDU as an object ready for JSON, for people and for other programs. Field names are those of the
 * standard's tables in snake case; ids, sizes and offsets are decimal strings, because they may pass
 * 2^53; octets are hexadecimal digits.
 */
import { checksumName } from '../checksum.ts'
import { CONDITION } from '../condition.ts'
import { describeFilestoreResponse } from './describe-filestore.ts'
import { describeName, hexOf } from './describe-octets.ts'
import { describeMeanings, describeOption } from './describe-options.ts'
import { DIRECTIVE } from './directive-code.ts'
import { headerOctets, VERSION } from './header.ts'
import type { Ack, Body, Eof, FileData, Finished, Malformed, Metadata, Nak, Pdu } from './pdu.ts'

/** The digits of a digest of octets. Protocol computes none: whoever wants one in the description gives it. */
export type Digest = (octets: Uint8Array) => string

/** `octets` are those that `pdu` was parsed from. */
export function describePdu(pdu: Pdu | Malformed, octets: Uint8Array, sha256?: Digest): object {
  if (pdu.kind === 'malformed') return { malformed: { why: pdu.why, at: pdu.at } }
  const dataOctets = ((octets[1] as number) << 8) | (octets[2] as number)
  const length = headerOctets(pdu.header) + dataOctets
  return {
    kind: pdu.body.kind.replaceAll(' ', '_'),
    length,
    header: describeHeader(pdu, dataOctets),
    fields: {
      ...describeBody(pdu.body, sha256),
      ...(pdu.header.crc ? { pdu_crc16: hexOf(octets.subarray(length - 2, length)) } : {}),
    },
    ...(octets.length > length ? { trailing_octets: octets.length - length } : {}),
  }
}

function describeHeader({ header, body }: Pdu, dataOctets: number): object {
  return {
    version: VERSION,
    pdu_type: body.kind === 'file data' ? 'file_data' : 'file_directive',
    direction: header.towardSender ? 'toward_sender' : 'toward_receiver',
    transmission_mode: header.acknowledged ? 'acknowledged' : 'unacknowledged',
    crc_flag: header.crc,
    large_file_flag: header.largeFile,
    pdu_data_field_length: dataOctets,
    segmentation_control: header.recordBoundaries ? 1 : 0,
    entity_id_length: header.entityOctets,
    segment_metadata_flag: body.kind === 'file data' && body.segmentMetadata !== undefined,
    sequence_number_length: header.sequenceOctets,
    source_entity_id: String(header.source),
    transaction_sequence_number: String(header.sequence),
    destination_entity_id: String(header.destination),
    header_length: headerOctets(header),
  }
}

function describeBody(body: Body, sha256: Digest | undefined): object {
  if (body.kind === 'file data') return describeFileData(body, sha256)
  if (body.kind === 'metadata') return describeMetadata(body)
  if (body.kind === 'eof') return describeEof(body)
  if (body.kind === 'finished') return describeFinished(body)
  if (body.kind === 'ack') return describeAck(body)
  if (body.kind === 'nak') return describeNak(body)
  if (body.kind === 'prompt') return { response_required: body.wants.replaceAll(' ', '_') }
  return { progress: String(body.progress) }
}

function describeFileData(data: FileData, sha256: Digest | undefined): object {
  const metadata = data.segmentMetadata
  return {
    offset: String(data.offset),
    file_data_length: data.octets.length,
    file_data_hex: data.octets.length <= FILE_DATA_SHOWN ? hexOf(data.octets) : null,
    ...(sha256 === undefined ? {} : { file_data_sha256: sha256(data.octets) }),
    segment_metadata:
      metadata === undefined
        ? null
        : {
            record_continuation_state: metadata.continuation,
            metadata_hex: hexOf(metadata.octets),
          },
  }
}

function describeMetadata(metadata: Metadata): object {
  const meanings = describeMeanings(metadata.options)
  return {
    closure_requested: metadata.closureRequested,
    checksum_type: metadata.checksumType,
    checksum_name: checksumName(metadata.checksumType),
    file_size: String(metadata.fileSize),
    ...describeName('source_file_name', metadata.sourceName),
    ...describeName('destination_file_name', metadata.destinationName),
    options: metadata.options.map(describeOption),
    ...(meanings.length > 0 ? { options_decoded: meanings } : {}),
  }
}

function describeEof(eof: Eof): object {
  return {
    ...describeCondition(eof.condition),
    file_checksum_hex: eof.checksum.toString(16).padStart(8, '0'),
    file_size: String(eof.fileSize),
    ...describeFaultLocation(eof.faultLocation),
  }
}

function describeFinished(finished: Finished): object {
  return {
    ...describeCondition(finished.condition),
    delivery_code: finished.complete ? 0 : 1,
    file_status: finished.fileStatus,
    filestore_responses: finished.filestoreResponses.map(describeFilestoreResponse),
    ...describeFaultLocation(finished.faultLocation),
  }
}

function describeAck(ack: Ack): object {
  return {
    directive_code: ack.of === 'eof' ? DIRECTIVE.eof : DIRECTIVE.finished,
    directive_subtype_code: ack.of === 'eof' ? 0 : 1,
    condition_code: ack.condition,
    transaction_status: ack.transactionStatus,
  }
}

function describeNak(nak: Nak): object {
  const requests = nak.gaps.map(gap => [String(gap.start), String(gap.end)])
  return {
    start_of_scope: String(nak.scope.start),
    end_of_scope: String(nak.scope.end),
    segment_requests: nak.wantsMetadata ? [['0', '0'], ...requests] : requests,
  }
}

function describeCondition(code: number): object {
  const [name] = Object.entries(CONDITION).find(([, known]) => known === code) ?? [
    `reserved${code}`,
  ]
  return {
    condition_code: code,
    condition: name.replaceAll(/[A-Z]|\d+/g, part => `_${part}`).toUpperCase(),
  }
}

function describeFaultLocation(location: Uint8Array | undefined): object {
  return { fault_location_entity_id_hex: location === undefined ? null : hexOf(location) }
}

/** Longer file data is not printed: its length and digest say enough. */
const FILE_DATA_SHOWN = 64
