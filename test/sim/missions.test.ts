/** Missions of days by seed: `make mission SEED=17` replays one, `make missions SEEDS=10000` flies so many. */
import t from 'tap'
import { Mission } from './mission/mission.ts'
import { ordersOf } from './mission/orders.ts'

const FIRST = Number(process.env['SEED'] ?? process.env['FIRST'] ?? 1)
const COUNT = process.env['SEED'] === undefined ? Number(process.env['MISSIONS'] ?? 12) : 1

/** Where stations stay away and clocks are wrong, files wait longer. */
const FILES_MAX = 40

t.test('every file of every mission arrives equal, in its order, and nothing gives up', t => {
  let files = 0
  for (let seed = FIRST; seed < FIRST + COUNT; seed++) {
    const mission = new Mission(ordersOf(seed))
    mission.fly()
    const faults = faultsOf(mission)
    files += mission.files.length
    if (faults.length > 0) t.fail(`make mission SEED=${seed}`, { faults: faults.slice(0, 10) })
    if (COUNT === 1) t.comment(summaryOf(mission))
  }
  t.pass(`${COUNT} missions from seed ${FIRST}, ${files} files`)
  t.end()
})

function faultsOf(mission: Mission): string[] {
  const { archive, files, orders, spacecraft, watchman } = mission
  const { delivered, deliveries } = archive
  const { fault } = spacecraft.counters
  const given = Object.entries(fault).filter(([, count]) => count > 0)
  const filesMax = orders.isCalm && orders.scenario.name === 'S1' ? 3 : FILES_MAX
  return [
    ...watchman.broken,
    ...(mission.isDone
      ? []
      : [`not done: ${spacecraft.buffer.files} files wait at ${mission.now}`]),
    ...(delivered.size === files.length ? [] : [`${delivered.size} of ${files.length} delivered`]),
    ...[...delivered].filter(([, isEqual]) => !isEqual).map(([name]) => `${name} differs`),
    ...(deliveries === files.length ? [] : [`${deliveries} deliveries`]),
    ...given.map(([name, count]) => `${count} faults of ${name}`),
    ...(watchman.filesMost <= filesMax ? [] : [`${watchman.filesMost} files waited at once`]),
  ]
}

function summaryOf({ orders, files, spacecraft, watchman, now }: Mission): string {
  const { frames, pdus } = spacecraft.downlink
  return JSON.stringify({
    scenario: orders.scenario.name,
    isCalm: orders.isCalm,
    hours: now / 3_600_000,
    files: files.length,
    filesMost: watchman.filesMost,
    frames,
    pdus,
  })
}
