import t from 'tap'
import { lithiumDriver } from '../../../../hal/modems/lithium/driver.ts'
import { lithiumEmulator } from '../../../../hal/modems/lithium/emulator.ts'
import {
  encodeLithium,
  type LithiumFrame,
  lithiumReader,
} from '../../../../hal/modems/lithium/frame.ts'
import { trials } from '../../../kit/misbehaving.ts'
import { vector } from '../../../kit/modem-vectors.ts'

const air = { rateBps: 9_600, aroundOctets: 20, gapMs: 0 }

trials(t, {
  kind: 'lithium',
  end: mischief => ({
    driver: lithiumDriver({ frameOctets: 255, rateBps: 9_600 }),
    emulator: lithiumEmulator({ air, mischief }),
  }),
  link: { format: { interleave: 0, frameOctets: 251 }, cfdp: { segmentOctets: 400 } },
  fileOctets: 60_000,
  shows: {
    'lost-credit': 'answers missed',
    'double-credit': 'answers unasked',
    stall: 'answers missed',
    baud: 'answers missed',
    noise: 'stray octets',
    lines: 'stray octets',
  },
})

const text = (octets: string) =>
  ({ kind: 'payload', octets: new TextEncoder().encode(octets) }) as const
const FRAMES: readonly [string, LithiumFrame][] = [
  ['lithium_noop', { toRadio: true, command: 1, body: text('') }],
  ['lithium_tx_hi', { toRadio: true, command: 3, body: text('hi') }],
  ['lithium_ack_tx', { toRadio: false, command: 3, body: { kind: 'done' } }],
  ['lithium_nack_tx', { toRadio: false, command: 3, body: { kind: 'not done' } }],
]

t.test('encodeLithium() and lithiumReader know the frames of the radio', async t => {
  for (const [name, frame] of FRAMES) {
    t.strictSame(encodeLithium(frame), vector(name), name)
    t.strictSame([...lithiumReader().push(vector(name))], [frame], name)
  }
  const long = { kind: 'payload', octets: new Uint8Array(256) } as const
  t.throws(() => encodeLithium({ toRadio: true, command: 3, body: long }), { name: 'RangeError' })
})

t.test('lithiumReader finds frames in whatever pieces, and passes over what is wrong', async t => {
  const decoder = lithiumReader()
  const line = FRAMES.flatMap(([name]) => [0x48, 0x48, 0x65, ...vector(name)])
  const found = line.flatMap(octet => [...decoder.push(Uint8Array.of(octet))])
  t.strictSame(
    found,
    FRAMES.map(([, frame]) => frame),
  )
  t.equal(decoder.stray, 3 * FRAMES.length)
  for (const [name] of FRAMES)
    for (let at = 0; at < vector(name).length; at++) {
      const changed = vector(name).with(at, (vector(name)[at] as number) ^ 1)
      t.strictSame([...lithiumReader().push(changed)], [], `${name}, bit of ${at}`)
    }
  decoder.push(vector('lithium_tx_hi').subarray(0, 9)).next()
  decoder.reset()
  t.equal(decoder.stray, 3 * FRAMES.length + 9)
})

t.test('lithiumDriver() offers a refused frame again, and gives up in the end', async t => {
  const driver = lithiumDriver({ frameOctets: 255, rateBps: undefined })
  driver.receive({ kind: 'line', isThere: true }, 0)
  driver.receive({ kind: 'frame', octets: Uint8Array.of(0x68, 0x69) }, 0)
  let now = 0
  let writes = 0
  for (;;) {
    const effects = driver.drain()
    writes += effects.filter(({ kind }) => kind === 'write').length
    const outcome = effects.find(effect => effect.kind === 'outcome')
    if (outcome !== undefined) {
      t.match(outcome, { outcome: 'rejected' })
      break
    }
    driver.receive({ kind: 'octets', octets: vector('lithium_nack_tx') }, now)
    now = driver.deadline ?? now
    driver.tick(now)
  }
  t.equal(writes, 100)
  driver.receive({ kind: 'octets', octets: vector('lithium_nack_tx') }, now)
  t.equal(driver.events['answers unasked'], 1)
  driver.receive({ kind: 'frame', octets: Uint8Array.of(1) }, now)
  driver.receive({ kind: 'line', isThere: false }, now)
  t.match(driver.drain().at(-1), { outcome: 'unknown' }, 'the line went')
})
