import t from 'tap'
import { arrivals, stretches, yieldByDay } from '../../../protocol/plan/forecast.ts'
import { contact } from './contacts.ts'

/** A file octet a millisecond. */
const YIELDS = { modems: [{ rateBps: 16_000 }], share: 0.5 }
const TWO = {
  ...YIELDS,
  modems: [
    { name: 's-band', rateBps: 16_000 },
    { name: 'uhf', rateBps: 32_000 },
  ],
}
const DAY = 86_400_000

t.test(
  'stretches() counts once what several stations hear, at the slowest of their rates',
  async t => {
    const contacts = [
      contact(0, 100),
      contact(100, 200, { station: 'a', role: 'secondary', expectedFrameLoss: 0.5 }),
      contact(150, 300, {
        station: 'b',
        rates: [
          { fromMs: 0, downBps: 8_000, upBps: 0 },
          { fromMs: 100, downBps: 32_000, upBps: 0 },
        ],
      }),
      contact(180, 190, { station: 'a', modem: 'uhf', role: 'secondary' }),
    ]
    t.strictSame(
      [...stretches({ issued: 0, contacts }, YIELDS, 50)],
      [
        { start: 50, end: 100, octetsPerMs: 1, isMain: true },
        { start: 100, end: 150, octetsPerMs: 0.5, isMain: false },
        { start: 150, end: 180, octetsPerMs: 0.5, isMain: true },
        { start: 180, end: 190, octetsPerMs: 0.5, isMain: true },
        { start: 190, end: 200, octetsPerMs: 0.5, isMain: true },
        { start: 200, end: 250, octetsPerMs: 0.5, isMain: true },
        { start: 250, end: 300, octetsPerMs: 2, isMain: true },
      ],
    )
    t.strictSame([...stretches({ issued: 0, contacts }, YIELDS, 300)], [])
  },
)

t.test('stretches() counts no more than a modem carries', async t => {
  const fast = contact(100, 200, { rates: [{ fromMs: 0, downBps: 64_000, upBps: 0 }] })
  const plan = { issued: 0, contacts: [contact(0, 100), fast] }
  const octets = (carriedBps: number | undefined) =>
    [...stretches(plan, { modems: [{ rateBps: 16_000, carriedBps }], share: 0.5 }, 0)].map(
      ({ octetsPerMs }) => octetsPerMs,
    )
  t.strictSame(octets(undefined), [1, 4])
  t.strictSame(octets(8_000), [0.5, 0.5])
  t.strictSame(octets(32_000), [1, 2])
})

t.test('stretches() adds up what modems send side by side, each at its own rate', async t => {
  const slow = [{ fromMs: 0, downBps: 1_600, upBps: 0 }]
  const contacts = [
    contact(0, 100, { modem: 'uhf' }),
    contact(50, 150, { modem: 's-band', rates: slow }),
    contact(120, 200),
    contact(200, 210, { rates: [{ fromMs: 0, downBps: 0, upBps: 8_000 }] }),
  ]
  t.strictSame(
    [...stretches({ issued: 0, contacts }, TWO, 0)].map(({ start, octetsPerMs }) => [
      start,
      octetsPerMs,
    ]),
    [
      [0, 2],
      [50, 2.1],
      [100, 0.1],
      [120, 2.1],
      [150, 3],
      [200, 0],
    ],
  )
})

t.test('stretches() leaves out when nobody hears', async t => {
  const contacts = [contact(0, 100), contact(200, 250)]
  t.strictSame(
    [...stretches({ issued: 0, contacts }, YIELDS, 10)].map(({ start, end }) => [start, end]),
    [
      [10, 100],
      [200, 250],
    ],
  )
})

t.test('arrivals() says when a file is down, and when the spacecraft may know', async t => {
  const times = [
    { start: 0, end: 100, octetsPerMs: 0, isMain: true },
    { start: 100, end: 200, octetsPerMs: 1, isMain: true },
    { start: 300, end: 400, octetsPerMs: 0.5, isMain: false },
    { start: 400, end: 500, octetsPerMs: 2, isMain: false },
    { start: 900, end: 910, octetsPerMs: 1, isMain: true },
  ]
  const files = [80, 20, 30, 220, 5, 50].map((octets, i) => ({ name: `${i}`, octets }))
  t.strictSame(
    arrivals(files, times).map(({ downAt, safeAt }) => [downAt, safeAt]),
    [
      [180, 180],
      [200, 900],
      [360, 900],
      [500, 900],
      [905, 905],
      [undefined, undefined],
    ],
  )
  const unheard = [{ start: 0, end: 10, octetsPerMs: 1, isMain: false }]
  t.strictSame(arrivals([{ name: 'a', octets: 5 }], unheard), [
    { name: 'a', octets: 5, downAt: 5, safeAt: undefined },
  ])
})

t.test('yieldByDay() cuts at midnight', async t => {
  const times = [
    { start: DAY - 10, end: DAY + 30, octetsPerMs: 2, isMain: true },
    { start: DAY + 40, end: DAY + 50, octetsPerMs: 1, isMain: false },
    { start: 4 * DAY, end: 6 * DAY, octetsPerMs: 1, isMain: false },
  ]
  t.strictSame(yieldByDay(times), [
    { dayMs: 0, contactMs: 10, fileOctets: 20 },
    { dayMs: DAY, contactMs: 40, fileOctets: 70 },
    { dayMs: 4 * DAY, contactMs: DAY, fileOctets: DAY },
    { dayMs: 5 * DAY, contactMs: DAY, fileOctets: DAY },
  ])
})
