/** SIGKILL at 200 moments of transfers, down and up at once. `make kill SEED=n` chooses other moments, or those of a report. */
import t from 'tap'
import { survive } from './kills.ts'

const seed = Number(process.env['SEED'] ?? 1)
t.jobs = 3

t.test('the flight process is killed', t => survive(t, { seed, victims: ['onboard'], count: 67 }))

t.test('the station is killed', t => survive(t, { seed, victims: ['station'], count: 67 }))

t.test('both are killed', t => survive(t, { seed, victims: ['onboard', 'station'], count: 66 }))
