import t from 'tap'
import { kissDriver } from '../../../../hal/modems/kiss/driver.ts'
import { kissEmulator } from '../../../../hal/modems/kiss/emulator.ts'
import { TroubledEmulator } from '../../../../hal/modems/troubled.ts'
import { trials } from '../../../kit/misbehaving.ts'

const air = { rateBps: 9_600, aroundOctets: 20, gapMs: 0 }

trials(t, {
  name: 'KISS with a queue',
  end: mischief => ({
    driver: kissDriver({
      frameOctets: 256,
      tncPort: 0,
      callsigns: { source: 'SAT', destination: 'GROUND-1' },
      asksQueue: true,
      rateBps: air.rateBps,
    }),
    emulator: new TroubledEmulator(kissEmulator({ air, mischief }), mischief),
  }),
  link: { format: { interleave: 0, frameOctets: 252 }, cfdp: { segmentOctets: 400 } },
  fileOctets: 60_000,
  shows: {
    'lost-credit': 'answers missed',
    'double-credit': 'answers unasked',
    stall: 'answers missed',
    baud: 'answers missed',
    noise: 'answers missed',
    lines: 'frames foreign',
  },
  misbehaviours: [
    'lost-credit',
    'double-credit',
    'stall',
    'reboot',
    'overrun',
    'baud',
    'noise',
    'lines',
  ],
})
