/** What a put request asks for in the options of its Metadata. CCSDS 727.0-B-5, 3.4.1 and 5.4. */
import { type FaultHandler, overrideOption } from '../fault-handlers.ts'
import type { Tlv } from '../pdu/pdu.ts'
import { TLV } from '../pdu/tlv.ts'
import { recordsRefusal } from '../records.ts'
import type { PutRequest } from './events.ts'

/** In the order of the standard's parameters; those that the request spells itself come last. */
export function optionsOf(request: PutRequest): readonly Tlv[] {
  const { faultHandlers = {}, messages = [], flowLabel, options = [] } = request
  const overrides = Object.entries(faultHandlers) as [string, FaultHandler][]
  return [
    ...overrides.map(([condition, handler]) => overrideOption(Number(condition), handler)),
    ...messages.map(value => ({ type: TLV.messageToUser, value })),
    ...(flowLabel === undefined ? [] : [{ type: TLV.flowLabel, value: flowLabel }]),
    ...options,
  ]
}

/** What of a request no PDU can say; undefined: nothing. */
export function unsayable(request: PutRequest): string | undefined {
  if (optionsOf(request).some(option => option.value.length > FIELD_OCTETS_MAX))
    return `Cannot send an option longer than ${FIELD_OCTETS_MAX} octets`
  const { segmentMetadata, records, unbounded, file } = request
  const octets = segmentMetadata?.length ?? 0
  if (octets > SEGMENT_METADATA_OCTETS_MAX)
    return `Cannot send ${octets} octets of segment metadata: ${SEGMENT_METADATA_OCTETS_MAX} are possible`
  if (unbounded === true && file === undefined)
    return 'Cannot send an unbounded file without a file'
  return records === undefined ? undefined : recordsRefusal(records)
}

/** What one octet of length can say, and what six bits can. */
const FIELD_OCTETS_MAX = 255
const SEGMENT_METADATA_OCTETS_MAX = 63
