import t from 'tap'
import { seedOr, survive } from './kills.ts'

t.test('SIGKILL of both ends at 66 moments', t =>
  survive(t, { seed: seedOr(13), victims: ['onboard', 'station'], count: 66 }),
)
