/** Contacts for tests: a main one without a name, but for what is said. */
import type { PlannedContact } from '../../../protocol/plan/plan.ts'

export function contact(
  start: number,
  end: number,
  more: Partial<PlannedContact> = {},
): PlannedContact {
  return {
    start,
    end,
    station: undefined,
    role: 'main',
    modem: undefined,
    rates: [],
    expectedFrameLoss: undefined,
    elevation: [],
    ...more,
  }
}
