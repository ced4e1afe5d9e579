/** Flights by seed: `make sim SEED=17` replays one, with its log. */
import t from 'tap'
import { fly } from './pass.ts'

const FIRST = Number(process.env['SEED'] ?? 1)
const COUNT = process.env['SEED'] === undefined ? Number(process.env['FLIGHTS'] ?? 1_000) : 1

t.test('every file of every flight arrives equal, once, and no promise is broken', t => {
  for (let seed = FIRST; seed < FIRST + COUNT; seed++) {
    const { world, files, endMs } = fly(seed)
    const label = `make sim SEED=${seed}`
    const { delivered } = world.archive
    const faults = [
      ...world.witness.broken,
      ...(world.isDone ? [] : [`not done after ${endMs} ms`]),
      ...(delivered.size === files ? [] : [`${delivered.size} of ${files} files delivered`]),
      ...[...delivered].filter(([, isEqual]) => !isEqual).map(([name]) => `${name} differs`),
      ...(world.archive.deliveries === files ? [] : [`${world.archive.deliveries} deliveries`]),
    ]
    if (faults.length > 0) t.fail(label, { faults: faults.slice(0, 10) })
    if (COUNT === 1) for (const line of world.logs) t.comment(line)
  }
  t.pass(`${COUNT} flights from seed ${FIRST}`)
  t.end()
})
