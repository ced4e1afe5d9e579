import t from 'tap'
import {
  contactAt,
  contactChange,
  contactOutlook,
  isOver,
  plannedStart,
} from '../../protocol/contacts.ts'

const FIRST = { start: 100, end: 200 }
const SECOND = { start: 1_000, end: 1_500.4 }
const CONTACTS = [FIRST, SECOND]

t.test('contactAt() is the contact under way, or the next', t => {
  t.equal(contactAt(CONTACTS, 0), FIRST)
  t.equal(contactAt(CONTACTS, 199), FIRST)
  t.equal(contactAt(CONTACTS, 200), SECOND, 'its end is not in it')
  t.equal(contactAt(CONTACTS, 1_501), undefined)
  t.equal(contactAt([], 0), undefined)
  t.ok((contactAt(undefined, 5)?.end as number) > 1e15, 'no plan is always')
  t.end()
})

t.test('contactChange() is when to look again', t => {
  t.equal(contactChange(CONTACTS, 0), 100)
  t.equal(contactChange(CONTACTS, 100), 200)
  t.equal(contactChange(CONTACTS, 200), 1_000)
  t.equal(contactChange(CONTACTS, 2_000), undefined)
  t.equal(contactChange(undefined, 0), undefined)
  t.end()
})

t.test('contactOutlook() tells whole milliseconds where they are known', t => {
  t.strictSame(contactOutlook(CONTACTS, 0.6), { open: false, startsInMs: 99 })
  t.strictSame(contactOutlook(CONTACTS, 1_000), { open: true, endsInMs: 500 })
  t.strictSame(contactOutlook(CONTACTS, 1_501), { open: false })
  t.strictSame(contactOutlook(undefined, 0), { open: true })
  t.end()
})

t.test('plannedStart() is when the contact under way began, by the plan', t => {
  t.equal(plannedStart(CONTACTS, 99), undefined)
  t.equal(plannedStart(CONTACTS, 100), 100)
  t.equal(plannedStart(CONTACTS, 200), undefined)
  t.equal(plannedStart(CONTACTS, 1_499), 1_000)
  t.equal(plannedStart(undefined, 1_499), undefined)
  t.end()
})

t.test('isOver() where a plan has no contact left', t => {
  t.equal(isOver(CONTACTS, 1_500), false)
  t.equal(isOver(CONTACTS, 1_501), true)
  t.equal(isOver([], 0), true)
  t.equal(isOver(undefined, 1e12), false)
  t.end()
})
