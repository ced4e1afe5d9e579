import t from 'tap'
import { ChannelMultiplexer } from '../../../protocol/frame/multiplex.ts'
import { Random } from '../../kit/random.ts'

t.test('ChannelMultiplexer takes the most urgent channel that has a frame', async t => {
  const channels = new ChannelMultiplexer([4, 0, 2], 100)
  t.equal(
    channels.next(() => true),
    4,
  )
  t.equal(
    channels.next(channel => channel !== 4),
    0,
  )
  t.equal(
    channels.next(channel => channel === 2),
    2,
  )
  t.equal(
    channels.next(() => false),
    undefined,
  )
})

t.test('ChannelMultiplexer lets every channel have its turn', async t => {
  const channels = new ChannelMultiplexer([4, 0, 2], 3)
  const turns = Array.from({ length: 13 }, () => channels.next(() => true))
  t.equal(turns.join(''), '4440244024402')
})

t.test('no channel that has a frame is passed over more often than may be, by much', async t => {
  const random = new Random(132)
  const all = [0, 1, 2, 3, 4]
  const channels = new ChannelMultiplexer(all, 6)
  const waited = all.map(() => 0)
  for (let round = 0; round < 20_000; round++) {
    const has = all.map(() => random.below(3) > 0)
    const next = channels.next(channel => has[channel] === true)
    for (const channel of all) {
      if (channel === next || !has[channel]) waited[channel] = 0
      else waited[channel]! += 1
    }
    const most = Math.max(...waited)
    if (most > 6 + all.length) t.fail(`round ${round}: ${most} frames of others`)
    if (next !== undefined && !has[next]) t.fail(`round ${round}: ${next} has none`)
  }
  t.pass('20,000 frames')
})
