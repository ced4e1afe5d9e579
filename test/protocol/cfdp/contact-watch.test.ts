import t from 'tap'
import { ContactWatch } from '../../../protocol/cfdp/contact-watch.ts'

t.test('ContactWatch tells each turn once and runs the clock between them', t => {
  const watch = new ContactWatch([
    { start: 100, end: 200 },
    { start: 1_000, end: 1_500 },
  ])
  t.equal(watch.follow(0), undefined)
  t.notOk(watch.isOpen)
  t.equal(watch.deadline, 100)
  t.equal(watch.follow(99), undefined)
  t.equal(watch.follow(100), 'begins')
  t.ok(watch.isOpen)
  t.equal(watch.follow(150), undefined)
  t.equal(watch.follow(200), 'ends')
  t.equal(watch.clock.read(900), 100)
  t.equal(watch.deadline, 1_000)
  t.equal(watch.follow(1_010), 'begins', 'looked at late')
  t.equal(watch.follow(1_600), 'ends')
  t.equal(watch.deadline, undefined)
  t.equal(watch.follow(9_999), undefined)
  t.end()
})

t.test(
  'ContactWatch.moved(): contacts are elsewhere, and one that was there and is there goes on',
  t => {
    const watch = new ContactWatch([{ start: 100, end: 200 }])
    watch.follow(0)
    watch.moved(-50)
    t.strictSame(watch.contacts, [{ start: 50, end: 150 }])
    t.equal(watch.follow(100), 'begins')
    watch.moved(-40)
    t.equal(watch.follow(105), undefined, 'it is the same contact')
    t.equal(watch.deadline, 110)
    t.equal(watch.clock.read(105), 5)
    watch.moved(1_000)
    t.equal(watch.follow(106), 'ends')
    const always = new ContactWatch(undefined)
    always.follow(0)
    always.moved(500)
    t.equal(always.follow(0), undefined)
    t.ok(always.isOpen)
    t.end()
  },
)

t.test('ContactWatch that slept through a whole contact has nothing to tell', t => {
  const watch = new ContactWatch([
    { start: 100, end: 200 },
    { start: 1_000, end: 1_500 },
  ])
  watch.follow(0)
  t.equal(watch.follow(500), undefined)
  t.equal(watch.clock.read(500), 0)
  t.end()
})

t.test('ContactWatch without a plan is in contact from the first look on', t => {
  const watch = new ContactWatch(undefined)
  t.equal(watch.follow(5), 'begins')
  t.equal(watch.deadline, undefined)
  t.equal(watch.clock.read(10), 5)
  t.end()
})
