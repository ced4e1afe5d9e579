import t from 'tap'
import { releaseTimes } from '../../../onboard/buffer/outlook.ts'
import type { PlannedContact } from '../../../protocol/plan/plan.ts'

const UNSAID = { station: undefined, modem: undefined, rates: [], expectedFrameLoss: undefined }

function contact(role: 'main' | 'secondary', start: number, end: number): PlannedContact {
  return { ...UNSAID, role, start, end, elevation: [] }
}

t.test('releaseTimes(): sent while anybody hears, let go when the main station does', t => {
  const plan = {
    issued: undefined,
    contacts: [
      contact('secondary', 0, 1_000),
      contact('secondary', 2_000, 3_000),
      contact('main', 5_000, 6_000),
      contact('secondary', 8_000, 9_000),
      contact('main', 9_500, 9_600),
    ],
  }
  const at = (lefts: readonly number[], now: number) =>
    releaseTimes(lefts, { plan, octetsPerSecond: 1_000 }, now)
  t.strictSame(at([500, 700, 0, 1_400, 500], 0), [5_000, 5_000, 5_000, 5_600, 9_500])
  t.strictSame(at([0], 5_300), [5_300])
  t.strictSame(at([0, 200, 1], 9_550), [9_550, undefined, undefined])
  t.strictSame(at([1], 9_700), [undefined], 'after the last contact')
  const late = { issued: undefined, contacts: [contact('secondary', 0, 10)] }
  t.strictSame(releaseTimes([0], { plan: late, octetsPerSecond: 1 }, 0), [undefined])
  t.end()
})

t.test('releaseTimes() without a plan: as soon as it is sent', t => {
  const outlook = { plan: undefined, octetsPerSecond: 100 }
  t.strictSame(releaseTimes([100, 0, 50], outlook, 10), [1_010, 1_010, 1_510])
  t.end()
})
