import t from 'tap'
import { wishesIn } from '../../../onboard/buffer/wishes.ts'

t.test('wishesIn() takes what is right, and says what is not', t => {
  t.strictSame(wishesIn({ path: '/a' }), {})
  t.strictSame(wishesIn({ priority: 0, deadlineMs: 5, pinned: true }), {
    priority: 0,
    deadlineMs: 5,
    pinned: true,
  })
  t.strictSame(wishesIn({ priority: 9 }), { priority: 9 })
  t.strictSame(wishesIn({ pinned: 1 }), {})
  for (const priority of [-1, 10, 0.5, '1'])
    t.equal(
      wishesIn({ priority }),
      `Cannot use priority ${JSON.stringify(priority)}: 0 to 9 are known`,
    )
  for (const deadlineMs of [Infinity, 'soon'])
    t.match(wishesIn({ deadlineMs }), /^Cannot use deadline (null|"soon"): milliseconds/)
  t.end()
})
