import t from 'tap'
import { caduOctets, downlinkFormat, fieldOctets } from '../../../protocol/frame/link.ts'

t.test('downlinkFormat() completes what is not said', async t => {
  t.strictSame(downlinkFormat({}), {
    spacecraftId: 42,
    basis: 'dual',
    randomized: true,
    randomizer: 'short',
    ocf: true,
    fecf: true,
    frameOctets: 1115,
    interleave: 5,
  })
  t.equal(downlinkFormat({ interleave: 0 }).frameOctets, 1115)
})

t.test('fieldOctets() and caduOctets() of every interleave', async t => {
  for (const [interleave, field, bareField, cadu] of [
    [1, 211, 217, 259],
    [2, 434, 440, 514],
    [3, 657, 663, 769],
    [4, 880, 886, 1024],
    [5, 1103, 1109, 1279],
    [8, 1772, 1778, 2044],
  ] as const) {
    const format = downlinkFormat({ interleave })
    t.equal(fieldOctets(format), field)
    t.equal(fieldOctets(downlinkFormat({ interleave, ocf: false, fecf: false })), bareField)
    t.equal(caduOctets(format), cadu)
  }
  t.equal(caduOctets(downlinkFormat({ interleave: 0, frameOctets: 100 })), 104)
  t.equal(caduOctets(downlinkFormat({ interleave: 5, frameOctets: 500 })), 664, 'shortened')
})

t.test('downlinkFormat() refuses links that cannot be', async t => {
  for (const partial of [
    { spacecraftId: -1 },
    { spacecraftId: 1024 },
    { spacecraftId: 0.5 },
    { interleave: 0, frameOctets: 2049 },
    { interleave: 0, frameOctets: 100.5 },
    { interleave: 0, frameOctets: 12 },
    { interleave: 0, frameOctets: 6, ocf: false, fecf: false },
    { interleave: 1, frameOctets: 224 },
    { interleave: 5, frameOctets: 1114 },
  ] as const)
    t.throws(() => downlinkFormat(partial), RangeError, JSON.stringify(partial))
})
