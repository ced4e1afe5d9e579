import theirs from 'crc/calculators/crc32'
import t from 'tap'
import { crc32, crc32c } from '../../../protocol/coding/crc32.ts'
import { Random } from '../../kit/random.ts'
import { checksumVectors } from './checksum-vectors.ts'

t.test('crc32() and crc32c() give what others computed', async t => {
  for (const vector of checksumVectors()) {
    t.equal(crc32(vector.octets), Number.parseInt(vector.crc32, 16), `${vector.name}, CRC-32`)
    t.equal(crc32c(vector.octets), Number.parseInt(vector.crc32c, 16), `${vector.name}, CRC-32C`)
  }
})

t.test('crc32() equals an independent one for every length and alignment', async t => {
  const random = new Random(32)
  for (let length = 0; length < 40; length++) {
    const start = random.below(8)
    const octets = random.octets(start + length).subarray(start)
    t.equal(crc32(octets), theirs(octets) >>> 0, `${length} octets`)
  }
})

for (const [name, crc] of Object.entries({ crc32, crc32c }))
  t.test(`${name}() goes on from what came before, wherever the octets are cut`, async t => {
    const octets = new Random(33).octets(50)
    for (let cut = 0; cut <= octets.length; cut++)
      t.equal(crc(octets.subarray(cut), crc(octets.subarray(0, cut))), crc(octets), `cut at ${cut}`)
  })
