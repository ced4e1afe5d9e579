import t from 'tap'
import { isMatch, ruled } from '../../../onboard/buffer/rules.ts'

const OFFER = {
  path: '/outbox/urgent/a.dat',
  name: 'urgent/a.dat',
  identity: { octets: 1, mtimeMs: 1, inode: 1 },
  remove: true,
}
const RULES = [
  { match: 'urgent/**', priority: 0, deadlineS: 60, pinned: true },
  { match: '**', octetsMax: 5 },
]

t.test('isMatch() knows * within a name, ** in a path, and nothing else', t => {
  const cases: readonly [string, string, boolean][] = [
    ['urgent/**', 'urgent/a/b.dat', true],
    ['urgent/**', 'not/urgent/a', false],
    ['*.log', 'a.log', true],
    ['*.log', 'b/a.log', false],
    ['**.log', 'b/a.log', true],
    ['a.c', 'abc', false],
    ['a+(b)', 'a+(b)', true],
    ['*', 'a\nb', true],
  ]
  for (const [pattern, name, answer] of cases)
    t.equal(isMatch(pattern, name), answer, `${pattern} ${name}`)
  t.end()
})

t.test('ruled() adds what the first rule that matches says, and takes nothing away', t => {
  t.strictSame(ruled(OFFER, RULES, 1_000), {
    ...OFFER,
    priority: 0,
    deadlineMs: 61_000,
    isCounted: true,
    pinned: true,
    quota: 'urgent/**',
  })
  t.match(ruled({ ...OFFER, priority: 7 }, RULES, 1_000), { priority: 7, deadlineMs: 61_000 })
  const said = { ...OFFER, deadlineMs: 5 }
  t.match(ruled(said, RULES, 1_000), { deadlineMs: 5, isCounted: undefined, pinned: true })
  t.strictSame(ruled({ ...OFFER, name: 'b' }, RULES, 0), { ...OFFER, name: 'b', quota: '**' })
  t.equal(ruled(OFFER, [], 0), OFFER)
  const handed = { ...OFFER, remove: false }
  t.equal(ruled(handed, RULES, 0), handed, 'a file that somebody hands over is not ruled')
  t.end()
})
