import t from 'tap'
import { CHECKSUM } from '../../../protocol/cfdp/checksum.ts'
import { StreamedChecksum } from '../../../protocol/cfdp/streamed-checksum.ts'
import { Random } from '../../kit/random.ts'
import { checksumOf } from './ends.ts'

const TYPES = [CHECKSUM.modular, CHECKSUM.crc32c, CHECKSUM.crc32, CHECKSUM.null]

t.test('StreamedChecksum: pieces in any order have the checksum of the file', async t => {
  for (const type of TYPES)
    for (let seed = 1; seed <= 100; seed++) {
      const random = new Random(seed)
      const file = random.octets(1 + random.below(2_000))
      const streamed = new StreamedChecksum(type)
      const starts: number[] = []
      for (let at = 0; at < file.length; at += 1 + random.below(200)) starts.push(at)
      for (const place of random.places(starts.length, starts.length)) {
        const start = starts[place] as number
        if (streamed.of(file.length) !== undefined) t.fail(`type ${type}, seed ${seed}: early`)
        streamed.add(file.subarray(start, starts[place + 1] ?? file.length), start)
      }
      if (streamed.of(file.length) !== checksumOf(file, type)) t.fail(`type ${type}, seed ${seed}`)
    }
  t.pass('400 files')
})

t.test('StreamedChecksum knows nothing of what did not come, or of more than that', async t => {
  for (const type of TYPES) {
    const streamed = new StreamedChecksum(type)
    t.equal(streamed.of(0), 0)
    t.equal(streamed.of(4), undefined)
    streamed.add(Uint8Array.of(1, 2, 3, 4), 0)
    t.equal(streamed.octets, 4)
    t.equal(streamed.of(5), undefined)
    t.equal(streamed.of(3), undefined)
    streamed.clear()
    t.equal(streamed.of(4), undefined)
    streamed.add(Uint8Array.of(9, 9), 0)
    t.equal(streamed.of(2), checksumOf(Uint8Array.of(9, 9), type))
  }
  const apart = new StreamedChecksum(CHECKSUM.crc32)
  apart.add(Uint8Array.of(1), 0)
  apart.add(Uint8Array.of(1), 2)
  t.equal(apart.of(2), undefined, 'two stretches')
  const far = new StreamedChecksum(CHECKSUM.crc32)
  far.add(Uint8Array.of(1, 1), 2)
  far.add(Uint8Array.of(1, 1), 6)
  t.equal(far.of(4), undefined, 'as many octets, and the first stretch ends there')
  const late = new StreamedChecksum(CHECKSUM.crc32)
  late.add(Uint8Array.of(1, 1), 1)
  t.equal(late.of(2), undefined, 'one that begins late')
})
