import t from 'tap'
import {
  CHECKSUM,
  checksumName,
  FileChecksum,
  isChecksumSupported,
  modularOf,
} from '../../../protocol/cfdp/checksum.ts'
import { Random } from '../../kit/random.ts'
import { checksumVectors } from '../coding/checksum-vectors.ts'
import { VECTORS } from './pdu/vectors.ts'

const SEED = Number(process.env['SEED'] ?? 1)
const TYPES = Object.values(CHECKSUM).filter(isChecksumSupported)

t.test('FileChecksum gives what others computed', async t => {
  const modular = new Map(VECTORS.checksums.map(vector => [vector.name, vector.modular]))
  for (const { name, octets, crc32, crc32c } of checksumVectors()) {
    t.equal(digits(whole(CHECKSUM.modular, octets)), modular.get(name), `${name}, modular`)
    t.equal(digits(whole(CHECKSUM.crc32c, octets)), crc32c, `${name}, CRC-32C`)
    t.equal(digits(whole(CHECKSUM.crc32, octets)), crc32, `${name}, CRC-32`)
    t.equal(whole(CHECKSUM.null, octets), 0, `${name}, null`)
  }
})

t.test('FileChecksum does not mind where the file is cut', async t => {
  const random = new Random(17)
  for (const type of TYPES)
    for (let round = 0; round < 200; round++) {
      const file = random.octets(random.below(100))
      const checksum = new FileChecksum(type)
      for (let at = 0, end = 0; at < file.length; at = end) {
        end = Math.min(file.length, at + random.below(12))
        checksum.update(file.subarray(at, end))
      }
      t.equal(checksum.value, whole(type, file), `type ${type}, seed 17, round ${round}`)
    }
})

t.test('FileChecksum of nothing is 0', async t => {
  for (const type of TYPES) t.equal(new FileChecksum(type).value, 0)
})

t.test('FileChecksum throws on a type that it does not know', async t => {
  t.throws(() => new FileChecksum(CHECKSUM.crc32Proximity1), /type 1: 0, 2, 3 and 15/)
})

t.test('modularOf() sums segments in any order', async t => {
  for (const { segments, total_modular } of VECTORS.modular_segments) {
    let sum = 0
    for (const { offset, length, partial_modular } of segments.toReversed()) {
      const part = modularOf(patternAt(offset, length), offset)
      t.equal(digits(part), partial_modular, `${length} octets at ${offset}`)
      sum = (sum + part) % 2 ** 32
    }
    t.equal(digits(sum), total_modular)
  }
})

t.test('modularOf() is the sum of octets by place, wherever they lie in memory', async t => {
  const random = new Random(SEED)
  const memory = random.octets(5_000).fill(0xff, 1_000, 4_000)
  for (let round = 0; round < 300; round++) {
    const [begin, offset] = [random.below(9), random.below(2 ** 31)]
    const octets = memory.subarray(begin, begin + random.below(4_990))
    const sum = octets.reduce((all, octet, at) => all + octet * 256 ** (3 - ((offset + at) % 4)), 0)
    t.equal(modularOf(octets, offset), sum % 2 ** 32, `SEED=${SEED} round ${round}`)
  }
})

t.test('modularOf() counts an octet by its offset, past 2^32 too', async t => {
  const octets = Uint8Array.of(0x81, 0x02)
  t.equal(digits(modularOf(octets, 2 ** 40 + 1)), '00810200')
  t.equal(digits(modularOf(octets, 2 ** 40 + 3)), '02000081')
  t.equal(digits(modularOf(octets.subarray(0, 1), 2)), '00008100')
})

t.test('isChecksumSupported() and checksumName() know the registry', async t => {
  const named = Array.from({ length: 16 }, (_, type) => type)
    .filter(type => checksumName(type) !== 'unassigned')
    .map(type => [type, checksumName(type), isChecksumSupported(type)])
  t.strictSame(named, [
    [0, 'modular', true],
    [1, 'crc32_proximity1', false],
    [2, 'crc32c', true],
    [3, 'crc32', true],
    [15, 'null', true],
  ])
  t.equal(isChecksumSupported(4), false)
})

function whole(type: number, octets: Uint8Array): number {
  const checksum = new FileChecksum(type)
  checksum.update(octets)
  return checksum.value
}

function patternAt(offset: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => 7 * (offset + i) + 3)
}

function digits(value: number): string {
  return value.toString(16).padStart(8, '0')
}
