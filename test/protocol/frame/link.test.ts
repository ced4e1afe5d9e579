import t from 'tap'
import { AOS_COUNTS, aosFieldOctets, IDLE_CHANNEL } from '../../../protocol/frame/aos.ts'
import {
  caduOctets,
  channelCounts,
  downlinkFormat,
  fieldOctets,
  virtualChannels,
} from '../../../protocol/frame/link.ts'

t.test('downlinkFormat() completes what is not said', async t => {
  t.strictSame(downlinkFormat({}), {
    frame: 'tm',
    fhec: false,
    insertOctets: 0,
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

t.test('fieldOctets() of AOS frames is what their codec has for packets', async t => {
  for (const [partial, field] of [
    [{}, 1_101],
    [{ fhec: true, insertOctets: 9 }, 1_090],
    [{ ocf: false, fecf: false, interleave: 1 }, 215],
  ] as const) {
    const format = downlinkFormat({ frame: 'aos', ...partial })
    t.equal(fieldOctets(format), field)
    t.equal(fieldOctets(format), aosFieldOctets(format, 0))
  }
  t.equal(virtualChannels({ frame: 'tm' }), 8)
  t.equal(virtualChannels({ frame: 'aos' }), IDLE_CHANNEL + 1)
  t.equal(channelCounts({ frame: 'tm' }), 256)
  t.equal(channelCounts({ frame: 'aos' }), AOS_COUNTS)
})

t.test('downlinkFormat() refuses links that cannot be', async t => {
  for (const partial of [
    { spacecraftId: -1 },
    { frame: 'aos', interleave: 1, insertOctets: 209 },
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
