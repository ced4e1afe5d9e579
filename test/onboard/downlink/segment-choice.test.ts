import t from 'tap'
import { SegmentChoice } from '../../../onboard/downlink/segment-choice.ts'
import { chooseSegment } from '../../../protocol/cfdp/segment-size.ts'
import { fieldOctets } from '../../../protocol/frame/link.ts'
import { settingsFor } from '../../sim/settings.ts'

const LOSS = 1e-5
const AROUND = 22

function choiceFor(adapts: { frameLoss: number; overheadOctets: number } | undefined) {
  const { spacecraft } = settingsFor({ format: { interleave: 5 } })
  const field = fieldOctets(spacecraft.downlink)
  const { octets: segmentOctets } = chooseSegment(field, AROUND, LOSS)
  const cfdp = { ...spacecraft.cfdp, segmentOctets, aligned: false, adapts }
  return { choice: new SegmentChoice({ ...spacecraft, cfdp }), field, segmentOctets }
}

const expected = { frameLoss: LOSS, overheadOctets: AROUND }

t.test('SegmentChoice leaves segments as they were told, whatever is asked for', async t => {
  const { choice, segmentOctets } = choiceFor(undefined)
  for (let i = 0; i < 1_000; i++) {
    t.strictSame(choice.segment, { octets: segmentOctets, aligned: false })
    choice.sent(segmentOctets)
    choice.asked(segmentOctets)
  }
})

t.test('SegmentChoice sends a short segment between long ones, ever more rarely', async t => {
  const { choice, segmentOctets } = choiceFor(expected)
  const shorts: number[] = []
  for (let i = 0; i < 60; i++) {
    const { octets, aligned } = choice.segment
    t.equal(aligned, octets < segmentOctets)
    if (aligned) shorts.push(i)
    choice.sent(octets)
  }
  t.strictSame(shorts, [1, 4, 9, 18, 35, 52])
  choice.asked(1)
  for (let i = 0; i < 20; i++) choice.sent(segmentOctets)
  const after: boolean[] = []
  for (let i = 0; i < 5; i++) {
    after.push(choice.segment.aligned)
    choice.sent(choice.segment.octets)
  }
  t.strictSame(after, [true, false, false, true, false], 'often again since something was lost')
})

t.test(
  'SegmentChoice is shorter while much is asked for again, and long when it is not',
  async t => {
    const { choice, segmentOctets, field } = choiceFor(expected)
    choice.asked(0)
    choice.asked(-1)
    t.equal(choice.segment.octets, segmentOctets)
    // One lost frame, and then so many that a segment is one frame.
    choice.sent(segmentOctets)
    choice.sent(choice.segment.octets)
    choice.asked(segmentOctets)
    const { octets } = choice.segment
    t.ok(octets < segmentOctets && octets > 2 * field, `${octets}`)
    for (let i = 0; i < 30; i++) choice.asked(choice.segment.octets)
    t.strictSame(choice.segment, { octets: field - AROUND, aligned: true })
    for (let i = 0; i < 200_000; i++) choice.sent(field - AROUND)
    t.ok(choice.segment.octets > 20_000, `${choice.segment.octets}`)
    t.ok(choice.segment.octets <= segmentOctets)
  },
)

t.test('SegmentChoice expects what it is told, and keeps what it saw', async t => {
  const { choice, segmentOctets, field } = choiceFor(expected)
  choice.expect(1e-2)
  t.strictSame(choice.segment, { octets: field - AROUND, aligned: true })
  choice.expect(LOSS)
  t.equal(choice.segment.octets, segmentOctets)
  choice.expect(LOSS / 4)
  t.ok(choice.segment.octets > segmentOctets, 'longer than it began with')
  for (let i = 0; i < 30; i++) choice.asked(choice.segment.octets)
  choice.expect(LOSS / 4)
  t.ok(choice.segment.octets < segmentOctets, 'what is asked for again counts still')
  const told = choiceFor(undefined).choice
  const { octets } = told.segment
  told.expect(1e-2)
  t.equal(told.segment.octets, octets, 'as the configuration says')
})
