/**
 * What is said to a peer that still speaks of a transaction that is over: it has not heard how it ended.
 * CCSDS 727.0-B-5, 4.7.2: a PDU that wants an acknowledgement gets one as often as it comes.
 */
import { CONDITION } from '../condition.ts'
import type { Body, Header } from '../pdu/pdu.ts'
import type { Ended } from './history.ts'
import type { Peer } from './peer.ts'

/** A late EOF is acknowledged, and Finished said again. */
export function answerLateEof(peer: Peer, header: Header, body: Body, ended: Ended): void {
  if (body.kind !== 'eof' || !header.acknowledged) return
  const { eof, finished } = ended
  const isCancelled = body.condition !== CONDITION.noError
  // Another file under the same number: to acknowledge it would be to lose it.
  // Of Metadata alone the end was perhaps told without one.
  const isSame = body.fileSize === (eof?.fileSize ?? 0) && body.checksum === (eof?.checksum ?? 0)
  if (!isSame && !isCancelled) return
  const toSender = { ...header, towardSender: true }
  const transactionStatus = TERMINATED
  peer.answer(toSender, { kind: 'ack', of: 'eof', condition: body.condition, transactionStatus })
  if (finished !== undefined && !isCancelled) peer.answer(toSender, finished)
}

/** A late Finished is acknowledged; the peer then is done, too, even if nothing is known of it here. */
export function answerLateFinished(peer: Peer, header: Header, body: Body): void {
  if (body.kind !== 'finished' || !header.acknowledged) return
  const isKnown = peer.sent.find(header.sequence) !== undefined
  peer.answer(
    { ...header, towardSender: false },
    {
      kind: 'ack',
      of: 'finished',
      condition: body.condition,
      transactionStatus: isKnown ? TERMINATED : UNRECOGNIZED,
    },
  )
}

const TERMINATED = 2
const UNRECOGNIZED = 3
