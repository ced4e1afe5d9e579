import t from 'tap'
import { kissDriver } from '../../../../hal/modems/kiss/driver.ts'
import { kissEmulator } from '../../../../hal/modems/kiss/emulator.ts'
import { encodeKiss, KISS } from '../../../../hal/modems/kiss/frame.ts'
import { hex } from '../../../kit/hex.ts'
import { trials } from '../../../kit/misbehaving.ts'

const air = { rateBps: 9_600, aroundOctets: 20, gapMs: 0 }

trials(t, {
  kind: 'kiss',
  end: mischief => ({
    driver: kissDriver({
      frameOctets: 256,
      tncPort: 0,
      callsigns: { source: 'SAT', destination: 'GROUND-1' },
      asksQueue: true,
      rateBps: air.rateBps,
    }),
    emulator: kissEmulator({ air, mischief }),
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
})

t.test(
  'kissDriver() hears its own port of a TNC that has several, and when that heard',
  async t => {
    const driver = kissDriver({
      frameOctets: 256,
      tncPort: 1,
      callsigns: undefined,
      asksQueue: false,
      rateBps: undefined,
    })
    const hear = (port: number, command: number, octets: Uint8Array) => {
      driver.receive({ kind: 'octets', octets: encodeKiss({ port, command, octets }) }, 0)
      return driver.drain()
    }
    t.strictSame(hear(1, KISS.timestamp, hex`0000018bcfe56800`), [])
    t.strictSame(hear(0, KISS.data, hex`01`), [], 'of another radio')
    t.strictSame(hear(0, KISS.timestamp, hex`0000000000000001`), [], 'and its time')
    const heard = { kind: 'heard', octets: hex`02` } as const
    t.strictSame(hear(1, KISS.data, hex`02`), [{ ...heard, utcMs: 1_700_000_000_000 }])
    t.strictSame(hear(1, KISS.data, hex`02`), [heard], 'a time is that of one frame')
    t.strictSame(hear(1, KISS.timestamp, hex`ffffffffffffffff`), [])
    t.strictSame(hear(1, KISS.data, hex`02`), [heard], 'what no date can be is no time')
    t.match(driver.events, { 'frames foreign': 2, timestamps: 2 })
  },
)
