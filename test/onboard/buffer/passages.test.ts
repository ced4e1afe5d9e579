import t from 'tap'
import { eofPlace, metadataPlace, PASSAGES, Passages } from '../../../onboard/buffer/passages.ts'
import { Random } from '../../kit/random.ts'

t.test('what was never sent was heard by nobody, the first of it first', t => {
  const passages = new Passages(1, 100)
  t.strictSame(passages.unheard, { start: 0, end: eofPlace(100) + 1, miss: 1 })
  passages.sent('a', 0.1, { start: 0, end: 40 })
  t.strictSame(passages.unheard, { start: 40, end: 102, miss: 1 })
  t.end()
})

t.test('what went out twice was missed by both', t => {
  const passages = new Passages(1, 100)
  passages.sent('a', 0.5, { start: 0, end: 102 })
  passages.sent('b', 0.1, { start: 0, end: 40 })
  passages.sent('b', 0.1, { start: 60, end: 102 })
  t.strictSame(passages.unheard, { start: 40, end: 60, miss: 0.5 })
  passages.sent('b', 0.1, { start: 40, end: 60 })
  t.match(passages.unheard, { start: 0, end: 102 })
  t.ok(Math.abs((passages.unheard?.miss ?? 0) - 0.05) < 1e-9)
  t.end()
})

t.test('stretches beside each other that were missed alike are one', t => {
  const passages = new Passages(1, 100)
  passages.sent('a', 0.5, { start: 0, end: 40 })
  passages.sent('b', 0.5, { start: 40, end: 90 })
  passages.sent('b', 0.1, { start: 90, end: 102 })
  t.strictSame(passages.unheard, { start: 0, end: 90, miss: 0.5 })
  t.end()
})

t.test('what the ground holds is not missed; what it asks for again is', t => {
  const passages = new Passages(1, 100)
  passages.sent('a', 0.5, { start: 0, end: 102 })
  passages.held([
    { start: 0, end: 70 },
    { start: metadataPlace(100), end: eofPlace(100) + 1 },
  ])
  t.strictSame(passages.unheard, { start: 70, end: 100, miss: 0.5 })
  passages.held([{ start: 70, end: 100 }])
  t.equal(passages.unheard, undefined)
  passages.asked([{ start: 20, end: 30 }])
  t.strictSame(passages.unheard, { start: 20, end: 30, miss: 0.5 })
  t.strictSame([...passages.ground].length, 2)
  t.end()
})

t.test('a few passages and stretches are remembered: others as heard less well', t => {
  const passages = new Passages(1, 1_000)
  for (let i = 0; i < 20; i++)
    passages.sent(`${i % 2}`, i === 0 ? 0.9 : 0.1, { start: i, end: i + 1 })
  t.equal(passages.passages.length, PASSAGES.passagesMax)
  t.match(passages.passages[0], { stations: 'several', loss: 0.9 })
  t.strictSame([...(passages.passages[0]?.spans ?? [])], [{ start: 0, end: 13 }])
  const same = new Passages(1, 1_000)
  for (let i = 0; i < 10; i++) same.sent('a', i / 10, { start: i, end: i + 1 })
  t.match(same.passages[0], { stations: 'a', loss: 0.2 })
  const many = new Passages(1, 1_000)
  for (let i = 0; i < 100; i++) many.sent('a', 0.1, { start: 2 * i, end: 2 * i + 1 })
  t.equal(many.passages[0]?.spans.count, PASSAGES.spansMax)
  t.equal(many.passages[0]?.spans.end, 199)
  many.held(Array.from({ length: 100 }, (_, i) => ({ start: 2 * i, end: 2 * i + 1 })))
  t.equal(many.ground.count, PASSAGES.spansMax)
  t.end()
})

t.test('what goes out of what nobody heard leaves what looking through all of it says', t => {
  for (let seed = 1; seed <= 60; seed++) {
    const random = new Random(seed)
    const passages = new Passages(1, 120)
    for (let step = 0; step < 60; step++) {
      const { start, end } = passages.unheard ?? { start: 0, end: 1 }
      const at = random.below(4) === 0 ? random.below(120) : start
      const span = { start: at, end: Math.min(Math.max(at + 1, end), at + 1 + random.below(9)) }
      const contact = random.below(8)
      passages.sent(contact === 0 ? 'a' : 'b', contact === 0 ? 1 : 0.1, span)
      const { unheard } = passages
      // Whatever the ground says, all is looked through again.
      passages.held([])
      t.strictSame(passages.unheard, unheard, `seed ${seed}, step ${step}`)
    }
  }
  t.end()
})

t.test('what became one with another is no news; what grew is', t => {
  const passages = new Passages(1, 1_000)
  const send = (i: number) => passages.sent(`${i}`, 0.1, { start: i, end: i + 1 })
  for (let i = 0; i < PASSAGES.passagesMax; i++) send(i)
  t.equal(passages.takeNews()?.length, PASSAGES.passagesMax)
  t.equal(passages.takeNews(), undefined)
  passages.held([{ start: 0, end: 1 }])
  t.strictSame(passages.takeNews(), [])
  passages.sent(`${PASSAGES.passagesMax - 1}`, 0.1, { start: 500, end: 501 })
  t.equal(passages.takeNews()?.length, 1)
  for (let i = 100; i < 103; i++) send(i)
  t.strictSame(
    passages.takeNews()?.map(({ stations }) => stations),
    ['100', '101', '102'],
  )
  for (let i = 200; i < 220; i++) send(i)
  t.equal(passages.takeNews()?.length, PASSAGES.passagesMax - 1)
  t.end()
})

t.test('a file of no octets has Metadata and EOF', t => {
  const passages = new Passages(1, 0)
  passages.sent('a', 0.5, { start: metadataPlace(0), end: metadataPlace(0) + 1 })
  t.strictSame(passages.unheard, { start: 1, end: 2, miss: 1 })
  t.end()
})
