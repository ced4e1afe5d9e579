import t from 'tap'
import { finishedFor } from '../../../../protocol/cfdp/completion.ts'
import { CONDITION } from '../../../../protocol/cfdp/condition.ts'
import { answerLateEof, answerLateFinished } from '../../../../protocol/cfdp/entity/late.ts'
import { Peer } from '../../../../protocol/cfdp/entity/peer.ts'
import type { Eof, Header } from '../../../../protocol/cfdp/pdu/pdu.ts'
import { remoteEntity } from '../../../../protocol/cfdp/remote.ts'
import { HEADER } from '../pdu/samples.ts'

const EOF: Eof = { kind: 'eof', condition: 0, checksum: 5, fileSize: 100, faultLocation: undefined }
const CANCEL: Eof = { ...EOF, condition: CONDITION.cancelRequestReceived, fileSize: 60 }
const FINISHED = finishedFor(CONDITION.noError, true)
const ENDED = { condition: 0, finished: FINISHED, eof: EOF }
const UNHEARD = { ...ENDED, finished: undefined }
const ACK = { kind: 'ack', of: 'eof', condition: 0, transactionStatus: 2 } as const

t.test('answerLateEof() acknowledges the same EOF, and says Finished again, 4.7.2', async t => {
  const peer = new Peer(remoteEntity({ entity: 1 }), { historyMax: 1, straysMax: 9 }, 0)
  answerLateEof(peer, HEADER, EOF, ENDED)
  const toSender: Header = { ...HEADER, towardSender: true }
  t.strictSame(peer.strays, [
    { header: toSender, body: ACK },
    { header: toSender, body: FINISHED },
  ])
})

t.test('answerLateEof() answers a cancellation, and nothing of another file', async t => {
  const cancelled = { ...ACK, condition: CANCEL.condition }
  t.strictSame(answersTo(CANCEL, ENDED), [cancelled], 'no Finished: the sender has given up')
  t.strictSame(answersTo(EOF, UNHEARD), [ACK], 'it was not announced')
  t.strictSame(answersTo({ ...EOF, fileSize: 99 }, ENDED), [])
  t.strictSame(answersTo({ ...EOF, checksum: 6 }, ENDED), [])
  t.strictSame(answersTo(EOF, { ...ENDED, eof: undefined }), [], 'of Metadata alone')
  const empty = { ...EOF, checksum: 0, fileSize: 0 }
  t.strictSame(answersTo(empty, { ...ENDED, eof: undefined }), [ACK, FINISHED])
  t.strictSame(answersTo(EOF, ENDED, { ...HEADER, acknowledged: false }), [], 'nor in class 1')
})

t.test('answerLateFinished() acknowledges it, whether the transaction is known or not', async t => {
  const peer = new Peer(remoteEntity({ entity: 2 }), { historyMax: 1, straysMax: 9 }, 0)
  const toSender: Header = { ...HEADER, towardSender: true }
  answerLateFinished(peer, toSender, FINISHED)
  peer.sent.add(HEADER.sequence, ENDED)
  answerLateFinished(peer, toSender, FINISHED)
  answerLateFinished(peer, toSender, EOF)
  answerLateFinished(peer, { ...toSender, acknowledged: false }, FINISHED)
  const ack = { kind: 'ack', of: 'finished', condition: 0 }
  t.strictSame(peer.strays, [
    { header: HEADER, body: { ...ack, transactionStatus: 3 } },
    { header: HEADER, body: { ...ack, transactionStatus: 2 } },
  ])
})

function answersTo(eof: Eof, ended: Parameters<typeof answerLateEof>[3], header = HEADER) {
  const peer = new Peer(remoteEntity({ entity: 1 }), { historyMax: 1, straysMax: 9 }, 0)
  answerLateEof(peer, header, eof, ended)
  return peer.strays.map(({ body }) => body)
}
