import t from 'tap'
import { finishedFor } from '../../../../protocol/cfdp/completion.ts'
import { History } from '../../../../protocol/cfdp/entity/history.ts'

const MANY = 1_000_000

t.test('History forgets the oldest end when there are too many', async t => {
  const history = new History(2)
  for (const sequence of [1, 2, 3]) history.add(sequence, endWith(0))
  t.strictSame(known(history, 4), [2, 3])
})

t.test('History keeps 4,096 filestore responses, of however few ends', async t => {
  const history = new History(MANY)
  for (let sequence = 1; sequence <= 64; sequence++) history.add(sequence, endWith(64))
  t.equal(known(history, 64).length, 64, 'as many as may be')
  history.add(65, endWith(0))
  t.equal(known(history, 65).length, 65)
  history.add(66, endWith(1))
  t.strictSame(known(history, 66).slice(0, 2), [2, 3], 'one more lets the oldest go')
  for (let sequence = 67; sequence < 67 + 63; sequence++) history.add(sequence, endWith(1))
  t.equal(known(history, 200)[0], 2, 'and makes room for as many as it had')
  history.add(130, endWith(1))
  t.equal(known(history, 200)[0], 3)
})

t.test('History: an end without a Finished has no responses', async t => {
  const history = new History(MANY)
  for (let sequence = 1; sequence <= 65; sequence++)
    history.add(sequence, { condition: 0, finished: undefined, eof: undefined })
  t.equal(known(history, 65).length, 65)
})

function endWith(responses: number) {
  const filestoreResponses = Array.from({ length: responses }, () => new Uint8Array(1))
  return { condition: 0, finished: { ...finishedFor(0, true), filestoreResponses }, eof: undefined }
}

function known(history: History, most: number): readonly number[] {
  return Array.from({ length: most }, (_, i) => i + 1).filter(
    sequence => history.find(sequence) !== undefined,
  )
}
