import t from 'tap'
import type { Pdu } from '../../../../protocol/cfdp/pdu/pdu.ts'
import { EntityBench } from './bench.ts'

const OCTETS = 3_000

t.test('mostUrgent(): directives, then octets asked for again, then new ones', async t => {
  for (const isAskedFirst of [true, false]) {
    const one = bench([{ file: 'a', priority: 9 }])
    const [told] = one.all() as [Pdu]
    if (isAskedFirst) ask(one, told)
    one.put(2, 'b', { priority: 0 })
    if (!isAskedFirst) ask(one, told)
    t.strictSame(said(one), [
      '2 metadata',
      '1 file data',
      '2 file data',
      '2 file data',
      '2 file data',
      '2 eof',
    ])
  }
})

t.test(
  'mostUrgent(): what is older is sent again first, whichever was asked for first',
  async t => {
    const one = bench([
      { file: 'a', priority: 1 },
      { file: 'b', priority: 1 },
    ])
    const told = one.all()
    for (const sequence of [2, 1])
      ask(one, told.find(({ header }) => header.sequence === sequence) as Pdu)
    t.strictSame(said(one), ['1 file data', '2 file data'])
  },
)

t.test('mostUrgent(): of the same kind the priority, and then the age', async t => {
  const one = bench([
    { file: 'a', priority: 2 },
    { file: 'b', priority: 1 },
    { file: 'b', priority: 1 },
  ])
  t.strictSame(
    said(one).filter(line => !line.endsWith('file data')),
    ['2 metadata', '3 metadata', '1 metadata', '2 eof', '3 eof', '1 eof'],
  )
})

t.test(
  'next(): a file whose segments do not fit lets others go first, and goes when they do',
  async t => {
    const one = bench([{ file: 'a', priority: 1 }])
    one.next()
    t.equal(one.next(10), undefined)
    t.ok(one.machine.mayHaveNext, 'with more room')
    one.put(2, 'b', { priority: 2 })
    t.match(one.next(10), { pdu: { header: { sequence: 2 }, body: { kind: 'metadata' } } })
    t.equal(one.next(10), undefined)
    t.match(one.next(100), { pdu: { header: { sequence: 1 }, body: { kind: 'file data' } } })
  },
)

function bench(puts: readonly { readonly file: string; readonly priority: number }[]): EntityBench {
  const one = new EntityBench()
  for (const name of ['a', 'b']) one.files.set(name, new Uint8Array(OCTETS))
  for (const [n, { file, priority }] of puts.entries()) one.put(100 + n, file, { priority })
  return one
}

/** Its first segment is asked for again. */
function ask(one: EntityBench, told: Pdu): void {
  const scope = { start: 0, end: OCTETS }
  const gaps = [{ start: 0, end: 1_024 }]
  const header = { ...told.header, towardSender: true }
  one.hear(header, { kind: 'nak', scope, wantsMetadata: false, gaps })
}

/** Which transaction says what, in order. */
function said(one: EntityBench): readonly string[] {
  return one.all().map(({ header, body }) => `${header.sequence} ${body.kind}`)
}
