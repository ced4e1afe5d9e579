/** What a file that is sent takes with it. */
import type { PutRequest } from '../../protocol/cfdp/entity/events.ts'
import { count, type Given, text, UsageError } from '../options.ts'
import { faultHandlers } from './procedure-options.ts'

export const PUT_OPTIONS = {
  records: count(
    'the file has records of so many octets, and no PDU has octets of two; 0: none',
    '0',
  ),
  'segment-metadata': text('goes before the octets of the file in each PDU: up to 63 octets'),
  message: text('is told to the user at the other end'),
  'flow-label': text('is said to whoever carries the PDUs'),
  'fault-there': faultHandlers('as --fault, at the other end'),
}

/** @throws UsageError */
export function putOf(values: Given<typeof PUT_OPTIONS>['values']): Partial<PutRequest> {
  const { records, message } = values
  const segmentMetadata = octetsOf(values['segment-metadata'], 63)
  const flowLabel = octetsOf(values['flow-label'], 255)
  const told = octetsOf(message, 255)
  const faults = values['fault-there']
  return {
    ...(records === 0 ? {} : { records }),
    ...(segmentMetadata === undefined ? {} : { segmentMetadata }),
    ...(flowLabel === undefined ? {} : { flowLabel }),
    ...(told === undefined ? {} : { messages: [told] }),
    ...(faults === undefined ? {} : { faultHandlers: faults }),
  }
}

function octetsOf(typed: string | undefined, most: number): Uint8Array | undefined {
  if (typed === undefined) return undefined
  const octets = new TextEncoder().encode(typed)
  if (octets.length <= most) return octets
  throw new UsageError(`Cannot send "${typed}": ${octets.length} octets, ${most} are possible`)
}
