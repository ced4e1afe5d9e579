import t from 'tap'
import { Completion, finishedDespite, finishedFor } from '../../../protocol/cfdp/completion.ts'
import { CONDITION } from '../../../protocol/cfdp/condition.ts'
import { hex } from '../../kit/hex.ts'

const ACK = { timeoutMs: 100, triesMax: 2 }
const WHOLE = finishedFor(CONDITION.noError, true)

t.test('finishedFor() says what became of the file, and where it was broken off', t => {
  const status = (condition: number, hasFile: boolean) => {
    const { complete, fileStatus, faultLocation } = finishedFor(condition, hasFile, hex`0002`)
    return [complete, fileStatus, faultLocation]
  }
  t.strictSame(status(CONDITION.noError, true), [true, 2, undefined], 'retained')
  t.strictSame(status(CONDITION.noError, false), [true, 3, undefined], 'there was none')
  t.strictSame(status(CONDITION.fileChecksumFailure, true), [false, 0, hex`0002`], 'discarded')
  t.strictSame(status(CONDITION.filestoreRejection, true), [false, 1, hex`0002`], 'refused')
  t.strictSame(status(CONDITION.unsupportedChecksumType, true), [false, 0, undefined])
  t.equal(finishedFor(CONDITION.cancelRequestReceived, true).faultLocation, undefined)
  t.strictSame(finishedFor(CONDITION.noError, true).filestoreResponses, [])
  t.strictSame(finishedDespite(CONDITION.fileChecksumFailure, hex`0002`).filestoreResponses, [])
  t.end()
})

t.test('Completion repeats Finished until it is acknowledged, or gives up', t => {
  const completion = new Completion(ACK)
  t.equal(completion.finished, undefined)
  completion.begin(WHOLE, 'acknowledged')
  t.ok(completion.isDue)
  t.strictSame(completion.take(0), { finished: WHOLE, last: false })
  t.notOk(completion.isDue)
  t.equal(completion.deadline, 100)
  t.notOk(completion.tick(99))
  t.notOk(completion.tick(100))
  t.ok(completion.isDue, 'again')
  completion.take(100)
  t.ok(completion.tick(300), 'given up')
  t.equal(completion.finished, WHOLE)
  t.end()
})

t.test('Completion says it again when asked, and when a contact has ended meanwhile', t => {
  const completion = new Completion(ACK)
  completion.begin(WHOLE, 'acknowledged')
  completion.lapse()
  completion.take(0)
  completion.repeat()
  t.ok(completion.isDue)
  completion.take(10)
  t.equal(completion.deadline, 110)
  completion.lapse()
  t.ok(completion.isDue)
  t.equal(completion.deadline, undefined)
  completion.end()
  t.notOk(completion.isDue)
  completion.lapse()
  t.notOk(completion.isDue, 'nothing was waited for')
  t.end()
})

t.test('Completion says it once, or never, where no answer is asked for', t => {
  const announced = new Completion(ACK)
  announced.begin(WHOLE, 'announced')
  t.strictSame(announced.take(0), { finished: WHOLE, last: true })
  t.equal(announced.deadline, undefined)
  const silent = new Completion(ACK)
  silent.begin(WHOLE, 'silent')
  t.notOk(silent.isDue)
  silent.repeat()
  t.notOk(silent.isDue)
  t.end()
})
