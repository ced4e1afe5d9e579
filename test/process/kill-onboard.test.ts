import t from 'tap'
import { seedOr, survive } from './kills.ts'

t.test('SIGKILL of the flight process at 67 moments', t =>
  survive(t, { seed: seedOr(11), victims: ['onboard'], count: 67 }),
)
