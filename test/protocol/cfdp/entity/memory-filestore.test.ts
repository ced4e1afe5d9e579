import t from 'tap'
import { MemoryFilestore } from '../../../../protocol/cfdp/entity/memory-filestore.ts'
import { STEPS } from '../filestore/steps.ts'

t.test('MemoryFilestore executes every action', async t => {
  const store = new MemoryFilestore(
    new Map([
      ['a', octetsOf('one')],
      ['b', octetsOf('two')],
    ]),
  )
  for (const [action, first, second, outcome] of STEPS) {
    const secondName = second === undefined ? undefined : octetsOf(second)
    const done = store.perform({ action, firstName: octetsOf(first), secondName })
    t.equal(done, outcome, `${action} ${first} ${second}`)
  }
  t.strictSame([...store.files], [['b', octetsOf('onetwo')]])
  t.equal(store.folders.size, 0)
})

t.test('MemoryFilestore takes the folder of a file that was received for granted', async t => {
  const store = new MemoryFilestore(new Map([['d/a', octetsOf('one')]]))
  const remove = (name: string) =>
    store.perform({ action: 6, firstName: octetsOf(name), secondName: undefined })
  t.equal(remove('d'), 'not allowed')
  store.files.clear()
  t.equal(remove('d'), 'missing')
})

t.test('MemoryFilestore leads nowhere through a file, by either name', async t => {
  const store = new MemoryFilestore(
    new Map([
      ['a', octetsOf('one')],
      ['b', octetsOf('two')],
    ]),
  )
  const rename = (first: string, second: string) =>
    store.perform({ action: 2, firstName: octetsOf(first), secondName: octetsOf(second) })
  for (const name of ['b/c', 'b/c/d', '']) t.equal(rename('a', name), 'not allowed', `to ${name}`)
  t.equal(rename('b/c', 'd'), 'not allowed')
  t.equal(rename('a', 'c'), 'successful')
})

function octetsOf(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
