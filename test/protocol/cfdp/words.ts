/** What ends of CFDP say to each other in tests. */
import type { Ack, Body, Directive, FileData } from '../../../protocol/cfdp/pdu/pdu.ts'
import type { Instant } from '../../../protocol/machine.ts'
import type { Destination } from './ends.ts'

export function dataOf(file: Uint8Array, start: number, end: number): FileData {
  const octets = file.subarray(start, end)
  return { kind: 'file data', offset: start, octets, segmentMetadata: undefined }
}

export function segmentsOf(file: Uint8Array, segmentOctets: number): readonly Body[] {
  const segments: Body[] = []
  for (let start = 0; start < file.length; start += segmentOctets)
    segments.push(dataOf(file, start, Math.min(file.length, start + segmentOctets)))
  return segments
}

export function ackOfEof(condition = 0, transactionStatus = 1): Ack {
  return { kind: 'ack', of: 'eof', condition, transactionStatus }
}

export function ackOfFinished(condition = 0, transactionStatus = 1): Ack {
  return { kind: 'ack', of: 'finished', condition, transactionStatus }
}

/** All that it says now, as far as it says it in PDUs of `roomOctets`. */
export function saidBy(destination: Destination, now: Instant, roomOctets = 1_000): Directive[] {
  const said: Directive[] = []
  while (destination.transaction.isUrgent) {
    const answer = destination.next(roomOctets, now)
    if (answer === undefined) throw new Error('It was urgent, and nothing was said')
    said.push(answer.body)
  }
  if (destination.next(roomOctets, now) !== undefined) throw new Error('It was not urgent')
  return said
}
