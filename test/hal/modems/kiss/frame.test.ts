import t from 'tap'
import { encodeUiHeader, uiInformation } from '../../../../hal/modems/kiss/ax25.ts'
import { encodeKiss, KissDecoder } from '../../../../hal/modems/kiss/frame.ts'
import { hex } from '../../../kit/hex.ts'
import { vector } from '../../../kit/modem-vectors.ts'
import { Random } from '../../../kit/random.ts'

t.test('encodeKiss() and KissDecoder know the frames of direwolf and gr-satellites', async t => {
  const ui = vector('ax25_ui.no_fcs')
  t.strictSame(encodeKiss({ port: 0, command: 0, octets: ui }), vector('ax25_ui.kiss'))
  const decoder = new KissDecoder(100)
  t.strictSame([...decoder.push(vector('ax25_ui.kiss'))], [{ port: 0, command: 0, octets: ui }])
  const [stamp] = decoder.push(vector('grsat_kiss_timestamp_0x09'))
  t.strictSame(stamp, { port: 0, command: 9, octets: hex`0000018bcfe56800` })
})

t.test('KissDecoder brings every frame whole, in whatever pieces', async t => {
  const seed = Number(process.env['SEED'] ?? 1)
  const random = new Random(seed)
  const frames = Array.from({ length: 50 }, () => ({
    port: random.below(16),
    command: random.below(10),
    octets: random.octets(random.below(60)).map(octet => (octet < 64 ? 0xc0 : octet)),
  }))
  const line = Uint8Array.from(frames.flatMap(frame => [...encodeKiss(frame)]))
  const decoder = new KissDecoder(60)
  const found = []
  for (let at = 0; at < line.length; ) {
    const length = 1 + random.below(40)
    found.push(...decoder.push(line.subarray(at, at + length)))
    at += length
  }
  t.strictSame(found, frames, `SEED=${seed}`)
  t.strictSame(decoder.counters, { malformed: 0, stray: 0 })
})

t.test('KissDecoder passes over what is no frame, and counts it', async t => {
  const decoder = new KissDecoder(4)
  const frames = (octets: Uint8Array) => [...decoder.push(octets)].map(frame => [...frame.octets])
  t.strictSame(frames(hex`0102 c0 00 07 c0`), [[7]], 'what comes before the first C0')
  t.strictSame(decoder.counters, { malformed: 0, stray: 2 })
  t.strictSame(frames(hex`c0 00 db 01 05 c0 00 08 c0`), [[8]], 'an escape that is none')
  t.strictSame(frames(hex`c0 00 01 db c0 00 09 c0`), [[9]], 'an escape of nothing')
  t.strictSame(frames(hex`c0 00 01020304 c0`), [[1, 2, 3, 4]], 'as long as any may be')
  t.strictSame(frames(hex`c0 00 0102030405 c0 00 06 c0`), [[6]], 'longer than any may be')
  t.equal(decoder.counters.malformed, 3)
  t.strictSame(frames(hex`c0 c0 c0`), [], 'empty frames are none')
  t.strictSame(frames(hex`c0 00 01`), [])
  decoder.reset()
  t.strictSame(frames(hex`02 c0 00 03 c0`), [[3]], 'reset() forgets half a frame')
})

t.test('encodeUiHeader() and uiInformation() know AX.25', async t => {
  const ui = vector('ax25_ui.no_fcs')
  t.strictSame(encodeUiHeader({ source: 'N0CALL-1', destination: 'CQ' }), ui.subarray(0, 16))
  t.equal(new TextDecoder().decode(uiInformation(ui)), 'hello')
  const repeated = Uint8Array.from([...ui.subarray(0, 13), 0x62, ...ui.subarray(7, 14), 3, 0xf0, 1])
  t.strictSame(uiInformation(repeated), Uint8Array.of(1), 'behind a repeater')
  t.equal(uiInformation(ui.with(14, 0x3f)), undefined, 'another kind of frame')
  t.equal(uiInformation(ui.with(15, 0xcf)), undefined, 'another protocol')
  t.equal(uiInformation(ui.subarray(0, 15)), undefined, 'cut short')
  t.equal(uiInformation(new Uint8Array(90)), undefined, 'no last address')
  for (const wrong of ['', 'TOOLONGER', 'n0call', 'A-16', 'A-'])
    t.throws(() => encodeUiHeader({ source: wrong, destination: 'CQ' }), { name: 'RangeError' })
})
