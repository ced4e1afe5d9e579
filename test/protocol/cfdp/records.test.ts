import t from 'tap'
import { continuationOf, recordEnd, recordsRefusal } from '../../../protocol/cfdp/records.ts'

t.test('recordEnd() is the end of the record that an octet is of', async t => {
  const ends = (records: number | readonly number[]) =>
    [0, 2, 3, 4, 9, 10, 11].map(offset => recordEnd(records, offset))
  t.strictSame(ends(3), [3, 3, 6, 6, 12, 12, 12])
  t.strictSame(ends([3, 4, 10]), [
    3,
    3,
    4,
    10,
    10,
    Number.POSITIVE_INFINITY,
    Number.POSITIVE_INFINITY,
  ])
  t.equal(recordEnd([], 7), Number.POSITIVE_INFINITY, 'the file is one record')
})

t.test('continuationOf() says which ends of a record a segment holds', async t => {
  const of = (start: number, end: number, fileEnd?: number) =>
    continuationOf([3, 10], { start, end }, fileEnd)
  t.strictSame([of(0, 3), of(0, 2), of(1, 3), of(1, 2)], [3, 1, 2, 0])
  t.strictSame([of(3, 10), of(3, 9), of(4, 10)], [3, 1, 2])
  t.strictSame([of(10, 12), of(10, 12, 12), of(11, 12, 13)], [1, 3, 0], 'the file ends the last')
  t.equal(continuationOf(4, { start: 4, end: 8 }, undefined), 3)
})

t.test('recordsRefusal() takes whole lengths and ascending ends', async t => {
  for (const good of [1, 80, [], [1, 2, 30]]) t.equal(recordsRefusal(good), undefined)
  for (const bad of [0, 1.5, -1, [0], [3, 3], [3, 2], [Number.NaN]])
    t.match(recordsRefusal(bad), /Cannot end a record at .*: an offset after \d+ is needed/)
})
