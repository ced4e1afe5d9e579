/** By what a received file is judged: as it is read back, or as it came. */
import t from 'tap'
import { CHECKSUM } from '../../../../protocol/cfdp/checksum.ts'
import { CONDITION } from '../../../../protocol/cfdp/condition.ts'
import type { Pdu } from '../../../../protocol/cfdp/pdu/pdu.ts'
import { Random } from '../../../kit/random.ts'
import { EntityBench, fly } from './bench.ts'

const FILE = new Random(6).octets(20_000)

t.test('stream: no file is read back, in whatever order it comes', async t => {
  for (const checksumType of [CHECKSUM.modular, CHECKSUM.crc32c, CHECKSUM.crc32, CHECKSUM.null])
    for (const seed of [1, 2, 3]) {
      const [one, two] = pair({ checksumType })
      const chance = new Random(seed)
      one.files.set('a', FILE)
      one.put(1, 'a', { checksumType })
      fly(one, two, () => (chance.below(4) === 0 ? 0 : 1 + chance.below(2)))
      t.strictSame(two.files.get('a'), FILE, `seed ${seed}`)
      t.strictSame(two.asked('verify'), [])
      t.match(two.told('transaction-finished'), [{ condition: 0, complete: true }])
    }
})

t.test('stream: a checksum that is not right is found, and the file asked for again', async t => {
  const [one, two] = pair()
  one.files.set('a', FILE)
  one.put(1, 'a')
  let wrong = 2
  fly(one, two, pdu => {
    if (pdu.body.kind === 'eof' && wrong > 0) {
      wrong -= 1
      two.hear(pdu.header, { ...pdu.body, checksum: 1 })
      return 0
    }
    return 1
  })
  t.match(two.told('fault'), [{ condition: CONDITION.fileChecksumFailure }])
  t.equal(two.asked('discard').length, 2, 'once to start over')
  t.equal(two.files.get('a'), undefined)
})

t.test('stream: what came before the Metadata, summed by another type, is read back', async t => {
  for (const [isLate, verifications] of [
    [true, 1],
    [false, 0],
  ] as const) {
    const [one, two] = pair({ checksumType: CHECKSUM.crc32 })
    one.files.set('a', FILE)
    one.put(1, 'a', { checksumType: CHECKSUM.modular })
    const pdus: Pdu[] = one.all().map(pdu => structuredClone(pdu))
    const [metadata, first, ...rest] = pdus as [Pdu, Pdu, ...Pdu[]]
    for (const { header, body } of isLate ? [first, metadata, ...rest] : pdus)
      two.hear(header, body)
    t.strictSame(two.files.get('a'), FILE)
    t.equal(two.asked('verify').length, verifications)
  }
})

t.test('stream: a type that nobody knows is a fault with its name', async t => {
  const [one, two] = pair()
  one.files.set('a', FILE)
  one.put(1, 'a')
  fly(one, two, pdu => {
    if (pdu.body.kind !== 'metadata') return 1
    two.hear(pdu.header, { ...pdu.body, checksumType: 7 })
    return 0
  })
  t.match(two.told('fault'), [{ condition: CONDITION.unsupportedChecksumType }])
})

t.test('read back: every file is', async t => {
  const [one, two] = [new EntityBench(), new EntityBench({}, { entity: 2 })]
  one.files.set('a', FILE)
  one.put(1, 'a')
  fly(one, two)
  t.match(two.asked('verify'), [{ octets: 20_000, checksumType: CHECKSUM.crc32c }])
})

function pair(remote: { readonly checksumType?: number } = {}): [EntityBench, EntityBench] {
  const stream = { verify: 'stream', ...remote } as const
  return [new EntityBench(), new EntityBench(stream, { entity: 2 })]
}
