/** Words of the spacecraft about files that are over here, or were never sent from here. */
import { CONDITION } from '../../protocol/cfdp/condition.ts'
import type { Body, Header } from '../../protocol/cfdp/pdu/pdu.ts'
import { idOctets } from '../../protocol/cfdp/transmission.ts'
import type { Message } from './upload.ts'

/**
 * It has not heard how its reception ended, or asks for a file that is no more. A file of which nothing is known here
 * may be another station's: what it lacks is that one's to send.
 */
export function lateAnswer(header: Header, body: Body, isOurs: boolean): Message | undefined {
  const toReceiver = { ...header, towardSender: false }
  if (body.kind === 'finished') {
    const { condition } = body
    const ack = { kind: 'ack', of: 'finished', condition, transactionStatus: TERMINATED } as const
    return { header: toReceiver, body: ack }
  }
  if (body.kind !== 'nak' || !isOurs) return undefined
  const faultLocation = idOctets(header.source, header.entityOctets)
  const condition = CONDITION.cancelRequestReceived
  const eof = { kind: 'eof', condition, checksum: 0, fileSize: 0, faultLocation } as const
  return { header: toReceiver, body: eof }
}

const TERMINATED = 2
