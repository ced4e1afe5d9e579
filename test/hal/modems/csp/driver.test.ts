import t from 'tap'
import { cspDriver } from '../../../../hal/modems/csp/driver.ts'
import { cspEmulator } from '../../../../hal/modems/csp/emulator.ts'
import { encodeCsp, openCsp, sealCsp } from '../../../../hal/modems/csp/packet.ts'
import { encodeKiss, KissDecoder } from '../../../../hal/modems/kiss/frame.ts'
import { hex } from '../../../kit/hex.ts'
import { trials } from '../../../kit/misbehaving.ts'

const air = { rateBps: 19_200, aroundOctets: 43, gapMs: 0 }
const settings = {
  version: 1,
  crcOver: 'packet',
  frameOctets: 215,
  port: 10,
  radio: 9,
  rateBps: air.rateBps,
} as const

trials(t, {
  kind: 'csp',
  end: (mischief, source) => ({
    driver: cspDriver({ ...settings, source, destination: 3 - source }),
    emulator: cspEmulator({ ...settings, air, mischief }),
  }),
  link: { format: { interleave: 0, frameOctets: 422 }, cfdp: { segmentOctets: 400 } },
  fileOctets: 60_000,
  shows: { noise: 'checksums wrong', lines: 'checksums wrong', baud: 'checksums wrong' },
})

t.test('cspDriver() knows whose packets are whose, and pings the radio', async t => {
  const driver = cspDriver({ ...settings, source: 1, destination: 5 })
  driver.receive({ kind: 'line', isThere: true }, 0)
  const packet = { priority: 2, source: 5, destination: 1, destinationPort: 10, sourcePort: 10 }
  const hear = (changes: object) => {
    const octets = encodeCsp({ ...packet, payload: Uint8Array.of(7), ...changes }, settings)
    return hearOn(driver, octets)
  }
  t.match(hear({}), [{ kind: 'heard', octets: Uint8Array.of(7) }])
  t.strictSame(hear({ destination: 2 }), [])
  t.strictSame(hear({ source: 4 }), [])
  t.strictSame(hear({ destinationPort: 11 }), [])
  t.strictSame(hearOn(driver, hex`8a12 8a08 07`), [], 'signed')
  t.equal(driver.events['frames foreign'], 4)
  driver.receive({ kind: 'probe' }, 0)
  const [question] = driver.drain()
  t.equal(question?.kind, 'write')
  const radio = cspEmulator({ ...settings, air })
  if (question?.kind === 'write') radio.receive({ kind: 'host', octets: question.octets }, 0)
  const [answer] = radio.drain()
  driver.receive({ kind: 'octets', octets: answer?.octets as Uint8Array }, 0)
  t.match(driver.drain(), [{ kind: 'telemetry', fields: { 'answers the ping of': 9 } }])
})

t.test('cspDriver() speaks to libcsp, which seals every packet on a line of KISS', async t => {
  const driver = cspDriver({ ...settings, source: 1, destination: 5, crcOver: 'payload' })
  driver.receive({ kind: 'line', isThere: true }, 0)
  t.match(
    hearOn(driver, hex`8a12 8a00 0708`),
    [{ kind: 'heard', octets: hex`0708` }],
    'a packet without a checksum of its own has one on the line',
  )
  driver.receive({ kind: 'frame', octets: hex`0708` }, 0)
  const [written] = driver.drain()
  if (written?.kind !== 'write') throw new Error('A frame is to be written')
  const [frame] = new KissDecoder(100).push(written.octets)
  // What is left when the line's checksum is off goes to the air: it has its own.
  const packet = openCsp(frame?.octets as Uint8Array, 1)
  t.strictSame(packet?.subarray(0, 6), hex`82528a01 0708`)
  t.equal(packet?.length, 4 + 2 + 4)
})

/** What the driver makes of a packet that comes over KISS. */
function hearOn(driver: ReturnType<typeof cspDriver>, packet: Uint8Array) {
  const octets = encodeKiss({ port: 0, command: 0, octets: sealCsp(packet, settings) })
  driver.receive({ kind: 'octets', octets }, 0)
  return driver.drain()
}
