import t from 'tap'
import { excerpt, isMain, SCENARIOS, scenario } from './mission/scenario.ts'

const DAY_MS = 86_400_000

t.test('excerpt() is the first day of a scenario, with contacts of all roles', async t => {
  for (const name of SCENARIOS) {
    const day = excerpt(name)
    t.ok(day.length > 20, `${name}: ${day.length} windows`)
    t.ok(day.every(({ start, end }) => start >= 0 && start < end && end <= DAY_MS))
    t.ok(day.some(isMain) && !day.every(isMain))
    const whole = scenario(name)
    const first = whole.windows.filter(({ end }) => end <= DAY_MS)
    const key = ({ station, role, start }: (typeof day)[number]) => `${station} ${role} ${start}`
    t.strictSame(day.map(key).toSorted(), first.map(key).toSorted(), `${whole.days} days are known`)
  }
})
