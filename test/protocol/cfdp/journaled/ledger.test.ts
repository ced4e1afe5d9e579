import t from 'tap'
import { finishedFor } from '../../../../protocol/cfdp/completion.ts'
import { isSameFile, Ledger } from '../../../../protocol/cfdp/journaled/ledger.ts'
import type { ReceptionRecord } from '../../../../protocol/cfdp/journaled/records.ts'
import type { Eof } from '../../../../protocol/cfdp/pdu/pdu.ts'
import { headerOf } from '../../../../protocol/cfdp/transmission.ts'
import { someTransmission } from '../../../kit/transmission.ts'

const id = '1-5'
const CLOSED_MAX = 1_000
const OPENED: ReceptionRecord = { kind: 'opened', id, header: headerOf(someTransmission()) }
const CLOSED = { condition: 0, octets: 500, checksum: 7 }
const EOF: Eof = { kind: 'eof', condition: 0, checksum: 7, fileSize: 500, faultLocation: undefined }

function heldOf(records: readonly unknown[]) {
  return new Ledger(records, CLOSED_MAX).takeKnown().map(known => [...known.held])
}

t.test('Ledger adds up what was held; what was discarded counts no more', t => {
  const records: readonly ReceptionRecord[] = [
    OPENED,
    { kind: 'held', id, spans: [0, 100, 300, 400] },
    OPENED,
    { kind: 'held', id, spans: [100, 200, 900] },
  ]
  t.strictSame(heldOf(records), [
    [
      { start: 0, end: 200 },
      { start: 300, end: 400 },
    ],
  ])
  t.strictSame(heldOf([...records, { kind: 'discarded', id }]), [[]])
  t.end()
})

t.test('Ledger learns how far a reception had come', t => {
  const finished = finishedFor(0, true)
  const known = new Ledger(
    [
      OPENED,
      { kind: 'eof', id, eof: EOF },
      { kind: 'delivering', id },
      { kind: 'finished', id, finished, path: undefined },
      { kind: 'finished', id, finished, path: '/archive/a' },
      { kind: 'finished', id, finished },
    ],
    CLOSED_MAX,
  ).takeKnown()
  t.match(known, [{ eof: EOF, delivering: true, finished, path: '/archive/a' }])
  t.end()
})

t.test('what was closed, or never opened, is not under way', t => {
  const ledger = new Ledger(
    [{ kind: 'held', id: '1-9', spans: [0, 5] }, OPENED, { kind: 'closed', id, ...CLOSED }],
    CLOSED_MAX,
  )
  t.strictSame(ledger.takeKnown(), [])
  t.strictSame(ledger.closed(id), CLOSED)
  t.equal(ledger.closed('1-9'), undefined)
  t.strictSame([...ledger.snapshot()], [{ kind: 'closed', id, ...CLOSED }])
  t.end()
})

t.test('takeKnown() lets go of what it hands over', t => {
  const ledger = new Ledger([OPENED], CLOSED_MAX)
  t.equal(ledger.takeKnown().length, 1)
  t.equal(ledger.takeKnown().length, 0)
  t.end()
})

t.test('Ledger forgets the oldest of so many closed transactions', t => {
  const ledger = new Ledger([], CLOSED_MAX)
  for (let sequence = 0; sequence < CLOSED_MAX + 2; sequence++)
    ledger.close(`1-${sequence}`, CLOSED)
  t.equal(ledger.closed('1-1'), undefined)
  t.strictSame(ledger.closed('1-2'), CLOSED)
  t.strictSame(ledger.closed(`1-${CLOSED_MAX + 1}`), CLOSED)
  t.end()
})

t.test('isSameFile(): of a delivered file only its own EOF speaks; of a failed one, any', t => {
  t.ok(isSameFile(CLOSED, EOF))
  t.notOk(isSameFile(CLOSED, { ...EOF, fileSize: 501 }))
  t.notOk(isSameFile(CLOSED, { ...EOF, checksum: 8 }))
  t.ok(isSameFile({ ...CLOSED, condition: 4 }, { ...EOF, checksum: 8 }))
  t.end()
})
