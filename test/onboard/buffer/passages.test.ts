import t from 'tap'
import {
  eofPlace,
  type Heard,
  metadataPlace,
  PASSAGES,
  Passages,
} from '../../../onboard/buffer/passages.ts'
import type { Span } from '../../../protocol/octets/span.ts'
import { Random } from '../../kit/random.ts'

const POOR = { stations: 'poor', loss: 0.5 }
const FAIR = { stations: 'fair', loss: 0.1 }
/** Beginnings of contacts. */
const [TEN, NOON, TWO] = [10, 12, 14].map(hour => Date.UTC(2026, 0, 1, hour)) as [
  number,
  number,
  number,
]

t.test('what was never sent was heard by nobody, the first of it first', t => {
  const passages = new Passages(1, 100)
  t.strictSame(passages.unheard, { start: 0, end: eofPlace(100) + 1, miss: 1 })
  passages.sent(TEN, FAIR, { start: 0, end: 40 })
  t.strictSame(passages.unheard, { start: 40, end: 102, miss: 1 })
  t.end()
})

t.test('what went out twice was missed by both', t => {
  const passages = new Passages(1, 100)
  passages.sent(TEN, POOR, { start: 0, end: 102 })
  passages.sent(TEN, FAIR, { start: 0, end: 40 })
  passages.sent(TEN, FAIR, { start: 60, end: 102 })
  t.strictSame(passages.unheard, { start: 40, end: 60, miss: 0.5 })
  passages.sent(TEN, FAIR, { start: 40, end: 60 })
  t.match(passages.unheard, { start: 0, end: 102 })
  t.ok(Math.abs((passages.unheard?.miss ?? 0) - 0.05) < 1e-9)
  t.end()
})

t.test('what went out in which contact: each has its own, whoever heard it', t => {
  const passages = new Passages(1, 100)
  passages.sent(TEN, FAIR, { start: 0, end: 20 })
  passages.sent(TEN, FAIR, { start: 20, end: 40 })
  passages.sent(NOON, FAIR, { start: 40, end: 60 })
  passages.sent(NOON, POOR, { start: 60, end: 80 })
  t.strictSame(shown(passages), [
    { contactMs: TEN, ...FAIR, spans: '0-40' },
    { contactMs: NOON, ...FAIR, spans: '40-60' },
    { contactMs: NOON, ...POOR, spans: '60-80' },
  ])
  t.end()
})

t.test('stretches beside each other that were missed alike are one', t => {
  const passages = new Passages(1, 100)
  passages.sent(TEN, POOR, { start: 0, end: 40 })
  passages.sent(NOON, { ...POOR, stations: 'other' }, { start: 40, end: 90 })
  passages.sent(NOON, FAIR, { start: 90, end: 102 })
  t.strictSame(passages.unheard, { start: 0, end: 90, miss: 0.5 })
  t.end()
})

t.test('what the ground holds is not missed; what it asks for again was heard by nobody', t => {
  const passages = new Passages(1, 100)
  passages.sent(TEN, POOR, { start: 0, end: 102 })
  passages.held([
    { start: 0, end: 70 },
    { start: metadataPlace(100), end: eofPlace(100) + 1 },
  ])
  t.strictSame(passages.unheard, { start: 70, end: 100, miss: 0.5 })
  passages.held([{ start: 70, end: 100 }])
  t.equal(passages.unheard, undefined)
  passages.asked([{ start: 20, end: 30 }])
  t.strictSame(passages.unheard, { start: 20, end: 30, miss: 1 })
  t.equal(text(passages.ground), '0-20 30-102')
  t.end()
})

t.test('what is asked for again is noted in the contacts in which it had gone out', t => {
  const passages = new Passages(1, 100)
  passages.sent(TEN, FAIR, { start: 0, end: 30 })
  passages.sent(TEN, FAIR, { start: 40, end: 60 })
  passages.sent(NOON, POOR, { start: 60, end: 102 })
  passages.asked([
    { start: 20, end: 50 },
    { start: 55, end: 62 },
    { start: 200, end: 300 },
  ])
  t.strictSame(shown(passages), [
    { contactMs: TEN, ...FAIR, spans: '0-30 40-60', again: '20-30 40-50 55-60' },
    { contactMs: NOON, ...POOR, spans: '60-102', again: '60-62' },
  ])
  t.strictSame(passages.unheard, { start: 20, end: 50, miss: 1 })
  passages.sent(TWO, FAIR, { start: 20, end: 62 })
  t.strictSame(shown(passages).at(-1), { contactMs: TWO, ...FAIR, spans: '20-62' })
  t.strictSame(passages.unheard, { start: 62, end: 102, miss: 0.5 }, 'one has heard it now, maybe')
  passages.asked([{ start: 20, end: 25 }])
  t.match(shown(passages).at(-1), { spans: '20-62', again: '20-25' })
  t.strictSame(passages.unheard, { start: 20, end: 25, miss: 1 })
  t.end()
})

t.test('beyond the bound contacts alike become one, and nothing else is lost by it', t => {
  const passages = new Passages(1, 1_000)
  const contacts = PASSAGES.passagesMax + 3
  passages.sent(TEN, POOR, { start: 900, end: 910 })
  for (let i = 0; i < contacts; i++)
    passages.sent(NOON + i, FAIR, { start: 10 * i, end: 10 * i + 10 })
  t.equal(passages.passages.length, PASSAGES.passagesMax)
  t.strictSame(shown(passages).slice(0, 3), [
    { contactMs: TEN, ...POOR, spans: '900-910' },
    { contactMs: NOON, lastContactMs: NOON + 4, ...FAIR, spans: '0-50' },
    { contactMs: NOON + 5, ...FAIR, spans: '50-60' },
  ])
  t.strictSame(passages.unheard, { start: 10 * contacts, end: 900, miss: 1 })
  t.end()
})

t.test('of others the oldest become one that was heard less well', t => {
  const passages = new Passages(1, 1_000)
  for (let i = 0; i < 20; i++) {
    const heard = { stations: `${i % 2}`, loss: i === 0 ? 0.9 : 0.1 }
    passages.sent(TEN + i, heard, { start: i, end: i + 1 })
  }
  t.equal(passages.passages.length, PASSAGES.passagesMax)
  const lastContactMs = TEN + 12
  const oldest = { contactMs: TEN, lastContactMs, stations: 'several', loss: 0.9, spans: '0-13' }
  t.strictSame(shown(passages)[0], oldest)
  const same = new Passages(1, 1_000)
  for (let i = 0; i < 10; i++)
    same.sent(TEN, { stations: 'a', loss: i / 10 }, { start: i, end: i + 1 })
  t.match(same.passages[0], { stations: 'a', loss: 0.2, lastContactMs: TEN })
  t.end()
})

t.test('of two that become one, what was asked for again and went out again was heard', t => {
  const passages = new Passages(1, 1_000)
  passages.sent(TEN, FAIR, { start: 0, end: 100 })
  passages.asked([{ start: 20, end: 60 }])
  passages.sent(TEN, FAIR, { start: 20, end: 60 })
  passages.asked([{ start: 50, end: 60 }])
  for (let i = 2; i <= PASSAGES.passagesMax; i++) passages.sent(TEN, FAIR, { start: 30, end: 40 })
  t.strictSame(shown(passages)[0], { contactMs: TEN, ...FAIR, spans: '0-100', again: '50-60' })
  for (let i = 1; i < PASSAGES.passagesMax; i++) passages.sent(TEN, FAIR, { start: 30, end: 60 })
  t.match(shown(passages)[0], { spans: '0-100', again: '50-60' })
  passages.sent(TEN, FAIR, { start: 30, end: 60 })
  t.strictSame(shown(passages)[0], { contactMs: TEN, ...FAIR, spans: '0-100' })
  t.end()
})

t.test('a few stretches are remembered of each', t => {
  const passages = new Passages(1, 1_000)
  const apart = Array.from({ length: 100 }, (_, i) => ({ start: 2 * i, end: 2 * i + 1 }))
  for (const span of apart) passages.sent(TEN, FAIR, span)
  t.equal(passages.passages[0]?.spans.count, PASSAGES.spansMax)
  t.equal(passages.passages[0]?.spans.end, 199)
  passages.held(apart)
  t.equal(passages.ground.count, PASSAGES.spansMax)
  const asked = new Passages(1, 1_000)
  asked.sent(TEN, FAIR, { start: 0, end: 1_000 })
  asked.asked(apart)
  t.equal(asked.passages[0]?.again.count, PASSAGES.spansMax)
  t.equal(asked.passages[0]?.again.end, 199, 'all that was asked for, and what is between')
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
      passages.sent(contact, contact === 0 ? { stations: 'a', loss: 1 } : FAIR, span)
      const { unheard } = passages
      // Whatever the ground says, all is looked through again.
      passages.held([])
      t.strictSame(passages.unheard, unheard, `seed ${seed}, step ${step}`)
      if (random.below(3) > 0) continue
      passages.asked([span])
      t.equal(passages.unheard?.miss, 1, `seed ${seed}, step ${step}: it was heard by nobody`)
    }
  }
  t.end()
})

t.test('a change is told once', t => {
  const passages = new Passages(1, 1_000)
  t.notOk(passages.takeChange())
  passages.sent(TEN, FAIR, { start: 0, end: 10 })
  t.ok(passages.takeChange())
  t.notOk(passages.takeChange())
  passages.held([{ start: 0, end: 1 }])
  t.ok(passages.takeChange())
  passages.asked([{ start: 0, end: 1 }])
  t.ok(passages.takeChange())
  t.notOk(passages.takeChange())
  t.end()
})

t.test('a file of no octets has Metadata and EOF', t => {
  const passages = new Passages(1, 0)
  passages.sent(TEN, POOR, { start: metadataPlace(0), end: metadataPlace(0) + 1 })
  t.strictSame(passages.unheard, { start: 1, end: 2, miss: 1 })
  t.end()
})

interface Shown extends Heard {
  readonly contactMs: number
  readonly lastContactMs?: number
  readonly spans: string
  readonly again?: string
}

function shown({ passages }: Passages): readonly Shown[] {
  return passages.map(({ contactMs, lastContactMs, stations, loss, spans, again }) => ({
    contactMs,
    ...(lastContactMs === contactMs ? {} : { lastContactMs }),
    ...{ stations, loss, spans: text(spans) },
    ...(again.count === 0 ? {} : { again: text(again) }),
  }))
}

function text(spans: Iterable<Span>): string {
  return [...spans].map(({ start, end }) => `${start}-${end}`).join(' ')
}
