/**
 * What went wrong in other implementations of CSP and KISS, done to ours, and to whatever else here reads lengths off
 * a serial line. The ids of the advisories begin the name of each test; docs/security.md lists them.
 */
import t, { type Test } from 'tap'
import { cspDriver } from '../../hal/modems/csp/driver.ts'
import { decodeCsp, encodeCsp, openCsp, sealCsp } from '../../hal/modems/csp/packet.ts'
import { esupReader } from '../../hal/modems/endurosat-dvbs2/esup.ts'
import { GseReassembler } from '../../hal/modems/gse/packet.ts'
import { encodeKiss, KissDecoder } from '../../hal/modems/kiss/frame.ts'
import { lithiumReader } from '../../hal/modems/lithium/frame.ts'
import { openLstReader } from '../../hal/modems/openlst/frame.ts'
import { heldOctets } from '../kit/memory.ts'
import { Random } from '../kit/random.ts'

const SEED = Number(process.env['SEED'] ?? 1)
const CHUNKS = 20_000
const GROWTH_OCTETS_MAX = 4 * 2 ** 20
const HEADER = { priority: 2, source: 1, destination: 5, destinationPort: 10, sourcePort: 33 }

t.test(
  'CVE-2016-8596, CVE-2016-8597, CVE-2016-8598: no CSP packet is shorter than its header and checksum, nor longer than its frame',
  async t => {
    for (const version of [1, 2] as const)
      for (let length = 0; length <= 40; length++)
        for (const flags of [0x00, 0x01, 0xff]) {
          const octets = new Uint8Array(length).fill(flags)
          const packet = decodeCsp(octets, version)
          const header = version === 1 ? 4 : 6
          if (length < header + 4 * (flags & 1)) t.equal(packet, undefined)
          else if (packet !== undefined && packet !== 'foreign')
            t.equal(packet.payload.length, length - header - 4 * (flags & 1))
          if (length < header + 4) t.equal(openCsp(octets, version), undefined)
        }
    const long = encodeCsp(
      { ...HEADER, payload: new Uint8Array(9_000) },
      { version: 1, crcOver: 'payload' },
    )
    const decoder = new KissDecoder(4_096)
    t.strictSame([...decoder.push(encodeKiss({ port: 0, command: 0, octets: long }))], [])
    t.equal(decoder.counters.malformed, 1)
  },
)

t.test(
  'libcsp#854, libcsp#953, libcsp#963, libcsp#966: a KISS frame that fills its buffer comes whole, one octet more does not, and noise does no harm',
  async t => {
    const most = 64
    for (const filler of [0x01, 0xc0, 0xdb]) {
      const decoder = new KissDecoder(most)
      for (const length of [most - 1, most, most + 1, most]) {
        const octets = new Uint8Array(length).fill(filler)
        const frames = [...decoder.push(encodeKiss({ port: 0, command: 0, octets }))]
        t.strictSame(
          frames.map(frame => frame.octets),
          length > most ? [] : [octets],
        )
      }
      t.equal(decoder.counters.malformed, 1)
    }
    const format = { version: 1, crcOver: 'payload' } as const
    const about = {
      source: 5,
      destination: 1,
      port: 10,
      radio: 2,
      frameOctets: 200,
      rateBps: 9_600,
    }
    const driver = cspDriver({ ...format, ...about })
    driver.receive({ kind: 'line', isThere: true }, 0)
    const packet = encodeCsp({ ...HEADER, payload: Uint8Array.of(7) }, format)
    const whole = encodeKiss({ port: 0, command: 0, octets: sealCsp(packet, format) })
    noise(t, whole, octets => {
      driver.receive({ kind: 'octets', octets }, 0)
      driver.drain()
    })
    driver.receive({ kind: 'octets', octets: Uint8Array.from([0xc0, ...whole]) }, 0)
    t.match(driver.drain(), [{ kind: 'heard', octets: [7] }], 'and the next packet is heard')
  },
)

t.test(
  'DoS: decoders of serial lines keep no more than a frame, whatever lengths they are told',
  async t => {
    for (const [decoder, start] of [
      [openLstReader(() => true), [0x22, 0x69, 0xfb]],
      [lithiumReader(), [0x48, 0x65, 0x20, 0x04, 0, 0xff]],
      [esupReader(), [0x45, 0x53, 0x55, 0x50, 0, 0, 0xff, 0xff]],
      [new GseReassembler(0x800), [0xaf, 0xff, 9, 0xff, 0xff, 8, 0]],
    ] as const)
      noise(t, Uint8Array.from([...start, ...new Uint8Array(60)]), octets => {
        for (const frame of decoder.push(octets)) if (frame === undefined) t.fail('no frame')
      })
  },
)

/** A frame with octets wrong, left out and added, in chunks, again and again: nothing is thrown, nothing grows. */
function noise(t: Test, frame: Uint8Array, take: (octets: Uint8Array) => void): void {
  const random = new Random(SEED)
  let settled = 0
  for (let chunk = 0; chunk < CHUNKS; chunk++) {
    if (chunk === CHUNKS / 4) settled = heldOctets()
    const octets = frame.slice(random.below(3) === 0 ? random.below(frame.length) : 0)
    for (let wrong = random.below(4); wrong > 0; wrong--)
      octets[random.below(octets.length)] = random.word()
    take(octets.subarray(0, random.below(octets.length + 1)))
  }
  const grown = heldOctets() - settled
  t.ok(grown < GROWTH_OCTETS_MAX, `SEED=${SEED}: ${grown} octets more after ${CHUNKS} chunks`)
}
