/** What a log calls the contact under way: both ends the same, where it is in the plan. */
import t from 'tap'
import type { SpacecraftContact } from '../../onboard/settings.ts'
import { Edge } from '../../station/edge.ts'
import { SpacecraftBench } from '../kit/spacecraft-bench.ts'
import { settingsFor } from '../sim/settings.ts'

const UTC = Date.UTC(2026, 10, 22)
const SECONDARY = { role: 'secondary', station: 'Kourou' } as const

function benchOf(contacts: readonly SpacecraftContact[] | undefined): SpacecraftBench {
  return new SpacecraftBench({ contacts }, [], { epochUtcMs: UTC })
}

/** The turns since the last look, and the contact that each names. */
function turns(bench: SpacecraftBench) {
  return bench
    .take('log')
    .filter(({ event }) => event.startsWith('contact '))
    .map(({ event, fields }) => [event, (fields['contactMs'] as number) - UTC])
}

t.test('a contact of the plan is called by when it begins there, at both ends', async t => {
  const contacts = [{ start: 60_000.25, end: 120_000 }]
  const bench = benchOf(contacts)
  t.equal(bench.machine.contactMs, undefined)
  bench.now = 61_000
  bench.tick()
  t.strictSame(turns(bench), [['contact begins', 60_000]])
  t.equal(bench.machine.contactMs, UTC + 60_000)
  bench.tell({ kind: 'vitals', token: 1, memoryOctets: 1, epochUtcMs: UTC + 30_000 })
  t.equal(bench.machine.contactMs, UTC + 60_000, 'UTC stepped: it is still the same')
  bench.now = 120_000
  bench.tick()
  t.strictSame(turns(bench), [['contact ends', 60_000]])
  t.equal(bench.machine.contactMs, undefined)

  const { station } = settingsFor({ contacts })
  const edge = new Edge({ ...station, contacts, epochUtcMs: UTC }, [], 0)
  edge.tick(61_000)
  t.equal(edge.contactMs, UTC + 60_000)
  edge.tick(120_000)
  t.equal(edge.contactMs, undefined)
  const fields = edge
    .drain()
    .flatMap(effect => (effect.kind === 'log' ? [effect.fields['contactMs']] : []))
  t.strictSame(fields, [UTC + 60_000, UTC + 60_000])
})

t.test('a main contact within one of a secondary station has its own name', async t => {
  const bench = benchOf([
    { start: 1_000, end: 9_000, ...SECONDARY },
    { start: 3_000, end: 5_000 },
  ])
  for (const now of [1_000, 3_000, 5_000, 9_000]) {
    bench.now = now
    bench.tick()
  }
  t.strictSame(turns(bench), [
    ['contact begins', 1_000],
    ['contact changes', 3_000],
    ['contact changes', 1_000],
    ['contact ends', 1_000],
  ])
})

t.test('a contact that no plan knows of is called by when it was noticed', async t => {
  const bench = benchOf([{ start: 1e9, end: 2e9 }])
  bench.now = 7_000
  bench.tick()
  bench.command(1, { verb: 'noop' })
  t.strictSame(turns(bench), [['contact begins', 7_000]])
  const always = benchOf(undefined)
  t.strictSame(turns(always), [['contact begins', 0]])
  t.equal(always.machine.contactMs, UTC)
  const edge = new Edge({ ...settingsFor({}).station, contacts: undefined }, [], 5)
  t.equal(edge.contactMs, 5, 'without UTC the clock that there is')
})

t.test(
  'a contact that was heard before its time keeps its name until the plan has one',
  async t => {
    const bench = benchOf([{ start: 12_000, end: 20_000 }])
    bench.now = 7_000
    bench.command(1, { verb: 'noop' })
    bench.now = 12_000
    bench.tick()
    bench.now = 20_000
    bench.tick()
    t.match(turns(bench), [
      ['contact begins', 7_000],
      ['contact changes', 12_000],
      ['contact ends', 12_000],
    ])
  },
)
