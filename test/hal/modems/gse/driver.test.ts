import t from 'tap'
import { datagramEmulator } from '../../../../hal/modems/datagram-radio.ts'
import { GseDriver } from '../../../../hal/modems/gse/driver.ts'
import { trials } from '../../../kit/misbehaving.ts'

const air = { rateBps: 100_000, aroundOctets: 0, gapMs: 0 }
const settings = {
  rate: '1/4',
  size: 'short',
  frameOctets: 4_092,
  protocol: 0x88b5,
  rateBps: 100_000,
} as const

trials(t, {
  kind: 'gse',
  end: mischief => ({
    driver: new GseDriver(settings),
    emulator: datagramEmulator({ air, mischief }),
  }),
  link: { format: { interleave: 0, frameOctets: 1_115 }, cfdp: { segmentOctets: 1_000 } },
  fileOctets: 60_000,
  shows: {
    noise: 'baseband frames bad',
    baud: 'baseband frames bad',
    lines: 'baseband frames bad',
  },
})

t.test('GseDriver pads a field that nobody fills, and says when its frames are out', async t => {
  const driver = new GseDriver(settings)
  driver.receive({ kind: 'line', isThere: true }, 0)
  driver.receive({ kind: 'frame', octets: new Uint8Array(100) }, 0)
  t.strictSame(driver.drain(), [])
  t.equal(driver.deadline, 5)
  driver.tick(5)
  t.match(
    driver.drain(),
    [{ kind: 'write', octets: new Uint8Array(384).fill(0).length }].map(() => ({ kind: 'write' })),
  )
  driver.receive({ kind: 'written', outcome: 'accepted' }, 6)
  t.strictSame(driver.drain(), [{ kind: 'outcome', outcome: 'accepted' }])
  t.equal(driver.events['octets padded'], 374 - 104)
})

t.test('GseDriver gives up what the line had when it goes', async t => {
  const driver = new GseDriver(settings)
  driver.receive({ kind: 'line', isThere: true }, 0)
  driver.receive({ kind: 'frame', octets: new Uint8Array(370) }, 0)
  driver.receive({ kind: 'frame', octets: new Uint8Array(100) }, 0)
  t.match(driver.drain(), [{ kind: 'write' }])
  driver.receive({ kind: 'line', isThere: false }, 0)
  t.match(driver.drain(), [{ outcome: 'unknown' }, { outcome: 'unknown' }])
  driver.receive({ kind: 'written', outcome: 'unknown' }, 0)
  t.strictSame(driver.drain(), [])
  t.equal(driver.roomFrames, 0)
  t.throws(() => new GseDriver({ ...settings, rate: '9/10' }), { name: 'RangeError' })
})
