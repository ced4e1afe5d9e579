/**
 * Histories: whatever is lost, doubled, overtaken, spoilt, held up or commanded in whatever order, transactions end,
 * a file is delivered as it was sent or is said not to be, and both ends agree or have named why not. Found by
 * fast-check, which makes a failing history as short as it can.
 *
 *     SEED=17 HISTORIES=100000 npx tsx test/protocol/cfdp/histories.test.ts
 */
import fc from 'fast-check'
import t, { type Test } from 'tap'
import { CONDITION } from '../../../protocol/cfdp/condition.ts'
import type { RemoteChoice } from '../../../protocol/cfdp/remote.ts'
import { remoteEntity } from '../../../protocol/cfdp/remote.ts'
import { type EndName, type Sent, type Step, World } from './histories/world.ts'

const SEED = Number(process.env['SEED'] ?? 1)
const RUNS = Number(process.env['HISTORIES'] ?? 1_500)
const COMMAND = `SEED=${SEED} HISTORIES=${RUNS} npx tsx test/protocol/cfdp/histories.test.ts`

const USUAL = remoteEntity({ entity: 2 })
const ENDLESS = { timeoutMs: 5_000, triesMax: 0 }
const LIMITED = { timeoutMs: 5_000, triesMax: 4 }
const HISTORY = { maxLength: 120, size: 'max' } as const

const end = fc.constantFrom<EndName>('source', 'destination')
const nth = fc.nat(12)
const put = (classes: readonly boolean[]) =>
  fc.record({
    do: fc.constant('put' as const),
    octets: fc.nat(300),
    acknowledged: fc.constantFrom(...classes),
    unbounded: fc.boolean(),
    recordOctets: fc.constantFrom(0, 7, 60),
  })
/** What the world does without anybody's will. */
const harm: fc.WeightedArbitrary<Step>[] = [
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constant('say'), end, pdus: fc.integer({ min: 1, max: 4 }) }),
  },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('arrive'), nth }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('copy', 'lose'), nth }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('spoil'), nth, bit: fc.nat(2_000) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wait'), ms: fc.nat(9_000) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('grow'), nth, thousandths: fc.nat(1_000) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('complete'), nth }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('contact'), end, isOpen: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('freeze', 'thaw'), end }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom('suspend', 'resume', 'prompt', 'ask'),
      end,
      nth: fc.nat(2),
    }),
  },
]
const ending: fc.WeightedArbitrary<Step>[] = [
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom('cancel', 'abandon'), end, nth: fc.nat(2) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart'), end }) },
]
const choice = fc.record({
  nakMode: fc.constantFrom(...(['immediate', 'deferred', 'prompted', 'asynchronous'] as const)),
  verify: fc.constantFrom(...(['read back', 'stream'] as const)),
  reorderMs: fc.constantFrom(0, 100, 2_000),
  checksumType: fc.constantFrom(0, 2, 3),
})

t.test('from every state that harm leads to, a file of class 2 still arrives whole', async t => {
  const steps = fc.array(fc.oneof({ weight: 2, arbitrary: put([true]) }, ...harm), {
    ...HISTORY,
  })
  check(
    t,
    fc.property(choice, steps, (chosen, history) => {
      const world = lived(remote(chosen, ENDLESS), history)
      const faults = [...world.broken]
      for (const one of world.sent)
        if (!isWhole(world, one)) faults.push(`${one.name} is not there`)
      for (const name of ['source', 'destination'] as const)
        for (const { condition } of world.end(name).told('transaction-finished'))
          if (condition !== CONDITION.noError) faults.push(`${name}: ended with ${condition}`)
      return told(faults)
    }),
  )
})

t.test(
  'with limits, commands and restarts every transaction ends, and nobody is told a wrong end',
  async t => {
    const steps = fc.array(
      fc.oneof({ weight: 2, arbitrary: put([true, false]) }, ...harm, ...ending),
      HISTORY,
    )
    check(
      t,
      fc.property(choice, steps, (chosen, history) => {
        const world = lived(remote(chosen, LIMITED), history)
        return told([...world.broken, ...world.sent.flatMap(one => disagreements(world, one))])
      }),
    )
  },
)

type Chosen = typeof choice extends fc.Arbitrary<infer T> ? T : never

function remote(chosen: Chosen, limits: typeof LIMITED): Partial<RemoteChoice> {
  const { nakMode, reorderMs, checksumType, verify } = chosen
  const inactivityMs = limits.triesMax === 0 ? 0 : 60_000
  return {
    checksumType,
    verify,
    pduCrc: true,
    segmentOctetsMax: 40,
    sending: { ...USUAL.sending, ack: limits, inactivityMs },
    receiving: { ...USUAL.receiving, ack: limits, nak: limits, nakMode, reorderMs, inactivityMs },
  }
}

function lived(chosen: Partial<RemoteChoice>, history: readonly Step[]): World {
  const world = new World(chosen)
  for (const step of history) world.take(step)
  if (!world.calm()) world.broken.push('it never ends')
  for (const name of ['source', 'destination'] as const) {
    const { queued, sending, receiving } = world.end(name).machine.load
    if (queued + sending + receiving > 0)
      world.broken.push(`${name}: ${queued}, ${sending} and ${receiving} are left over`)
  }
  return world
}

/** Of one file, after the end. */
function disagreements(world: World, one: Sent): readonly string[] {
  const faults: string[] = []
  const ends = (name: EndName) =>
    world
      .end(name)
      .told('transaction-finished')
      .filter(({ id }) => id.sequence === one.id?.sequence)
  const [mine, theirs] = [ends('source'), ends('destination')]
  for (const found of [mine, theirs])
    if (found.length > 1) faults.push(`${one.name}: ended ${found.length} times`)
  const isSaidWhole = ({ condition, finished }: (typeof mine)[number]) =>
    condition === CONDITION.noError && finished?.complete === true
  const [source, destination] = [mine[0], theirs[0]]
  if (destination !== undefined && isSaidWhole(destination) && !isWhole(world, one))
    faults.push(`${one.name}: called complete, and differs`)
  if (source !== undefined && isSaidWhole(source) && !isWhole(world, one))
    faults.push(`${one.name}: the source is told that it is whole`)
  if (world.restarts.source === 0 && one.id !== undefined && source === undefined)
    faults.push(`${one.name}: the source is never told the end`)
  return faults
}

function isWhole(world: World, { name, octets }: Sent): boolean {
  const found = world.end('destination').files.get(name)
  return found !== undefined && Buffer.compare(found, octets) === 0
}

function told(faults: readonly string[]): void {
  if (faults.length > 0) throw new Error(faults.slice(0, 4).join('; '))
}

function check<T>(t: Test, property: fc.IProperty<T>): void {
  const found = fc.check(property, { seed: SEED, numRuns: RUNS })
  if (found.failed)
    t.fail(COMMAND, { why: String(found.errorInstance), history: fc.defaultReportMessage(found) })
  else t.pass(`${found.numRuns} histories`)
}
