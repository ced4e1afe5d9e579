import t from 'tap'
import { crc32, crc32c } from '../../../protocol/coding/crc32.ts'
import { joinCrc32, joinCrc32c } from '../../../protocol/coding/crc32-join.ts'
import { Random } from '../../kit/random.ts'

t.test('the checksum of two pieces is that of both together', async t => {
  for (let seed = 1; seed <= 200; seed++) {
    const random = new Random(seed)
    const octets = random.octets(random.below(3_000))
    const cut = random.below(octets.length + 1)
    const [one, two] = [octets.subarray(0, cut), octets.subarray(cut)]
    const label = `seed ${seed}`
    if (joinCrc32(crc32(one), crc32(two), two.length) !== crc32(octets)) t.fail(label)
    if (joinCrc32c(crc32c(one), crc32c(two), two.length) !== crc32c(octets)) t.fail(label)
  }
  t.pass('200 pairs')
})

t.test('a piece may be longer than 2^32 octets', async t => {
  // Three pieces of 2^33 octets, joined from the left or from the right.
  const [one, two, three] = [0x1234_5678, 0x9abc_def0, 0x0fed_cba9]
  const octets = 2 ** 33
  for (const join of [joinCrc32, joinCrc32c])
    t.equal(
      join(join(one, two, octets), three, octets),
      join(one, join(two, three, octets), 2 * octets),
    )
})
