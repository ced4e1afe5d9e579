import t from 'tap'
import { Tally } from '../../tools/tally.ts'

const PASSING = `TAP version 14
1..1
# Subtest: test/a.test.ts
    # Subtest: crc16()
        ok 1 - should be equal
        1..1
    ok 1 - crc16() # time=4.975ms
    ok 2 - later # SKIP no port
    1..2
ok 1 - test/a.test.ts # time=1513.382ms

# { total: 2, pass: 1, skip: 1 }`

const FAILING = `# Subtest: test/b.test.ts
    ok 1 - should be equal
    not ok 2 - one is two
      ---
      lineNumber: 2
      ...
not ok 2 - test/b.test.ts # time=13.382ms
  ---
  exitCode: 1
  ...
# { total: 2, pass: 1, fail: 1 }`

t.test('Tally shows a file that passed on one line, and what it skipped', async t => {
  const { shown, sums } = read(PASSING)
  t.strictSame(shown, ['ok     test/a.test.ts (1.51 s)', '    ok 2 - later # SKIP no port'])
  t.strictSame(sums, { passed: 1, failed: 0, skipped: 1 })
})

t.test('Tally shows a failure with its diagnosis and without the passes around it', async t => {
  const { shown, sums } = read(FAILING)
  t.strictSame(shown[0], 'FAILED test/b.test.ts (0.01 s)')
  t.ok(shown.some(text => text.includes('not ok 2 - one is two')))
  t.ok(shown.some(text => text.includes('lineNumber: 2')))
  t.notOk(shown.some(text => text.includes('should be equal')))
  t.equal(shown.at(-1), '  exitCode: 1', 'how the process ended')
  t.strictSame(sums, { passed: 1, failed: 1, skipped: 0 })
})

t.test('Tally counts a file that fails without a failed assertion', async t => {
  const crashed = FAILING.replace(', fail: 1', '')
  t.strictSame(read(crashed).sums.failed, 1)
})

t.test('Tally takes a report that is never closed for a failure', async t => {
  t.strictSame(read('TAP version 14').sums, { passed: 0, failed: 1, skipped: 0 })
  t.strictSame(read('Bail out! no more').shown, ['Bail out! no more'])
})

function read(report: string) {
  const tally = new Tally()
  const shown = report.split('\n').flatMap(text => tally.line(text))
  return { shown, sums: tally.sums() }
}
