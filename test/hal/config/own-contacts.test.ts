import t from 'tap'
import { isSecondary, ownContacts, stationFaults } from '../../../hal/config/own-contacts.ts'
import { contact } from '../../protocol/plan/contacts.ts'

const MAIN = contact(1, 2, { station: 'Kiruna' })
const HEARS = contact(1, 3, { station: 'Delft', role: 'secondary' })
const NAMELESS = contact(5, 6)
const [role, contacts] = ['station', [MAIN, HEARS]] as const

t.test('ownContacts(): those of its name, or all', async t => {
  const all = [...contacts, NAMELESS]
  t.strictSame(ownContacts({ role, station: 'Delft', contacts: all }), [HEARS, NAMELESS])
  t.equal(ownContacts({ role, contacts }), contacts)
  t.equal(ownContacts({ role, station: 'Delft', contacts: undefined }), undefined)
})

t.test('isSecondary(): it has contacts, and may send in none', async t => {
  t.equal(isSecondary({ role, station: 'Delft', contacts }), true)
  t.equal(isSecondary({ role, station: 'Kiruna', contacts }), false)
  t.equal(isSecondary({ role, contacts: undefined }), false)
  t.equal(isSecondary({ role, contacts: [] }), false)
})

t.test('stationFaults(): a station must know which it is where not all may send', async t => {
  t.strictSame(stationFaults({ role, contacts }), [
    'station: the plan has Kiruna, Delft, and not all of them may send; say which this is',
  ])
  t.strictSame(stationFaults({ role, station: 'Delft', contacts }), [])
  t.strictSame(stationFaults({ role, station: 'Oslo', contacts: [...contacts, NAMELESS] }), [
    'station: the plan has no contact of Oslo; it has Kiruna, Delft',
  ])
  t.strictSame(stationFaults({ role, station: 'Oslo', contacts: undefined }), [])
  t.strictSame(stationFaults({ role, contacts: [MAIN, NAMELESS] }), [])
  t.strictSame(stationFaults({ role: 'onboard', contacts }), [])
})
