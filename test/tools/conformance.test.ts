import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { CASES, casesIn, numbersOn, page, ranIn } from '../../tools/conformance.ts'

t.test('casesIn() finds the titles of cases, and ranIn() what became of them', async t => {
  const source =
    "t.test('F1.1 one', t => {})\n  ['F2.1 two', 'x'],\nt.test(`F5.1 three, seed ${n}`)"
  t.strictSame(casesIn(source), ['F1.1 one', 'F2.1 two', 'F5.1 three, seed'])
  const report =
    'ok 1 - F1.1 one # time=3ms\nnot ok 2 - F2.1 two # time=3ms\n    ok 1 - F9.9 inside\n'
  t.strictSame(ranIn(report), [
    { number: 'F1.1', name: 'F1.1 one', passed: true },
    { number: 'F2.1', name: 'F2.1 two', passed: false },
  ])
})

t.test('page() has a row for each test, and names the cases that have none', async t => {
  const cases = ['F1.1 one', 'F5.1 three', 'F9.9 stray'].map(name => ({
    number: name.split(' ')[0] as string,
    name,
    passed: name !== 'F5.1 three',
  }))
  const text = page(cases)
  t.match(text, '| F1.1 | one way, small file | 1 | one | pass |')
  t.match(text, '| F5.1 | three-party remote put | 2 | three | **fails** |')
  t.match(text, '| F9.9 |  |  | stray | pass |')
  t.match(text, '- F1.2, class 1: one way, many segments')
  t.strictSame(numbersOn(text).covered, ['F1.1', 'F5.1', 'F9.9'])
  t.equal(numbersOn(text).missing.length, CASES.length - 1)
  const all = CASES.map(([number]) => ({ number, name: `${number} x`, passed: true }))
  t.match(page(all), /## Not covered\n\nNone\./)
})

t.test('docs/cfdp-conformance.md lists the cases that are tested: else `make matrix`', async t => {
  const folder = 'test/protocol/cfdp'
  const titles = readdirSync(folder)
    .filter(name => /^series-f\d+\.test\.ts$/.test(name))
    .toSorted()
    .flatMap(name => casesIn(readFileSync(`${folder}/${name}`, 'utf8')))
  const tested = new Set(titles.map(title => title.split(' ')[0] as string))
  const { covered, missing, tests } = numbersOn(readFileSync('docs/cfdp-conformance.md', 'utf8'))
  t.strictSame(covered.toSorted(), [...tested].toSorted())
  const untested = CASES.map(([number]) => number).filter(number => !tested.has(number))
  t.strictSame(missing, untested)
  for (const title of titles) {
    const name = title.slice(title.indexOf(' ') + 1)
    t.ok(
      tests.some(test => test.startsWith(name)),
      title,
    )
  }
})
