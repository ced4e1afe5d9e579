import t from 'tap'
import { seedOr, survive } from './kills.ts'

t.test('SIGKILL of the station at 67 moments', t =>
  survive(t, { seed: seedOr(12), victims: ['station'], count: 67 }),
)
