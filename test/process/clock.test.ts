/**
 * A flight process whose clock is set while it runs: by a receiver that found the time, by one that lost it, by an
 * operator. UTC is all that steps, as in a kernel.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { BufferListing } from '../../onboard/buffer/listing.ts'
import { Bench, run } from '../kit/bench.ts'
import { Random } from '../kit/random.ts'
import { wrongClock } from '../kit/tampered.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** Within which the process has followed a step. */
const SOON_MS = 3_000
const random = new Random(1)

// Each has processes and folders of its own, and waits more than it works.
t.jobs = 2

t.test('contacts begin when the clock says so, however it came to that', async t => {
  const now = Date.now()
  const contacts = [{ start: now - HOUR / 2, end: now + HOUR / 2 }]
  const bench = await Bench.prepare(t, { rateBps: 2_000_000, onboard: { contacts } })
  const clock = wrongClock(bench, -now)
  await bench.start('onboard', clock.nodeOptions)
  await bench.start('station')
  bench.drop('kept', random.octets(20_000))
  await bench.until(
    'it is in the buffer',
    async () => (await bench.status('onboard')).buffer.files === 1,
  )
  t.match(await bench.status('onboard'), { contact: { open: false }, frames: { sent: 0 } })

  clock.set(0)
  await bench.until('it is safe', async () => (await bench.status('onboard')).buffer.files === 0)
  t.ok(readFileSync(join(bench.archive, 'kept')).length === 20_000)
  t.match(bench.events('onboard', 'clock stepped').length, 1)

  clock.set(-1_500)
  await followed(bench, 2)
  t.equal(bench.events('onboard', 'contact begins').length, 1, 'it is the same contact')
  t.match(await bench.ask('onboard', '/metrics'), /downpour_clock_steps_total 2/)
})

t.test('steps over the whole plan, in the middle of a file that nobody hears yet', async t => {
  const now = Date.now()
  const at = (fromHour: number, toHour: number, role: 'main' | 'secondary', station: string) => {
    return { start: now + fromHour * HOUR, end: now + toHour * HOUR, role, station }
  }
  const contacts = [
    at(-0.5, 0.5, 'main', 'Malindi'),
    at(2, 3, 'secondary', 'Kourou'),
    at(5, 6, 'main', 'Malindi'),
  ]
  const bench = await Bench.prepare(t, { rateBps: 400_000, onboard: { contacts } })
  const clock = wrongClock(bench)
  await bench.start('onboard', clock.nodeOptions)
  const octets = random.octets(400_000)
  bench.drop('image.raw', octets)
  await sent(bench, 10_000)
  const turns = () =>
    ['begins', 'changes', 'ends'].map(turn => bench.events('onboard', `contact ${turn}`).length)
  t.strictSame(turns(), [1, 0, 0])

  let steps = 0
  const step = async (hours: number) => {
    clock.set(hours * HOUR)
    await followed(bench, ++steps)
    const { contact, frames } = await bench.status('onboard')
    return { startsInHours: Math.round((contact.startsInMs ?? 0) / HOUR), frames: frames.sent }
  }
  const { startsInHours, frames } = await step(1)
  t.equal(startsInHours, 4, 'the next main contact')
  t.strictSame(turns(), [1, 0, 1], 'past the end: nobody hears')
  t.match(await step(-2.2), { startsInHours: 2, frames }, 'before the first one')
  t.match(await step(10), { startsInHours: 0, frames }, 'behind the last one')
  await t.rejects(bench.ask('onboard', '/healthz'), /the contact plan has no contact left/)
  t.strictSame(turns(), [1, 0, 1])

  await step(2.5)
  t.match(bench.events('onboard', 'contact begins').at(-1), { role: 'secondary' })
  await sent(bench, 60_000)
  await step(0)
  t.strictSame(turns(), [2, 1, 1], 'from Kourou to Malindi')
  await bench.start('station')
  await bench.until('it is safe', async () => (await bench.status('onboard')).buffer.files === 0)
  t.ok(readFileSync(join(bench.archive, 'image.raw')).equals(octets))
  t.equal((await bench.status('station')).files.length, 1, 'one transaction')
})

t.test('steps in a contact in which the ground is heard: nothing is sent twice', async t => {
  const now = Date.now()
  const contacts = [{ start: now - HOUR, end: now + HOUR }]
  const bench = await Bench.prepare(t, { rateBps: 400_000, onboard: { contacts } })
  const clock = wrongClock(bench)
  await Promise.all([bench.start('onboard', clock.nodeOptions), bench.start('station')])
  const { pid } = await bench.status('onboard')
  const octets = random.octets(300_000)
  bench.drop('image.raw', octets)
  await sent(bench, 10_000)
  let steps = 0
  const step = (minutes: number) => {
    clock.set(minutes * MINUTE)
    return followed(bench, ++steps)
  }
  for (const minutes of [30, -45, 50, -50]) await step(minutes)
  await noop(t, bench)
  await step(120)
  t.strictSame(bench.events('onboard', 'contact ends'), [], 'it goes on, for the ground was heard')
  await bench.until('it is safe', async () => {
    // And is heard, as long as it takes.
    const { orders } = await bench.status('station')
    if (orders.every(({ state }) => state !== 'waiting'))
      await bench.ask('station', '/command', { verb: 'noop' })
    return (await bench.status('onboard')).buffer.files === 0
  })
  t.ok(readFileSync(join(bench.archive, 'image.raw')).equals(octets))
  const { pdus, counters, contact } = await bench.status('onboard')
  t.match(pdus, { retransmitted: 0 }, 'no timer fired')
  t.match(counters.fault, { ack_limit: 0, inactivity_timer: 0 })
  t.match(contact, { open: false }, 'the plan has no contact any more')
  t.equal(bench.events('onboard', 'contact begins').length, 1, 'and yet there was one')
  await bench.until('nobody is heard', () => bench.events('onboard', 'contact ends').length === 1)
  bench.drop('later.raw', random.octets(50_000))
  await noop(t, bench)
  t.equal(bench.events('onboard', 'contact begins').length, 2, 'whoever is heard is answered')
  await bench.until('it is safe', async () => existsSync(join(bench.archive, 'later.raw')))
  t.equal((await bench.status('onboard')).pid, pid, 'it never ended')
})

t.test('what files were told of time goes through steps and kills', async t => {
  const now = Date.now()
  const bench = await Bench.prepare(t, {
    onboard: {
      contacts: [{ start: now + 90 * HOUR, end: now + 91 * HOUR }],
      buffer: { late: 'drop' },
      rules: [{ match: 'counted', deadlineS: 3_600 }],
    },
  })
  const clock = wrongClock(bench, -now)
  const start = () => bench.start('onboard', clock.nodeOptions)
  const restart = async () => {
    await bench.kill('onboard')
    await start()
  }
  await start()
  bench.drop('counted', random.octets(100))
  const path = join(bench.folder, 'said')
  writeFileSync(path, random.octets(100))
  await bench.ask('onboard', '/send', { path, deadlineMs: now + HOUR / 2 })
  const waiting = async () => {
    const files = await listed(bench)
    return files.flatMap(({ name, state }) => (state === 'queued' ? name : [])).toSorted()
  }
  await bench.until('both are taken', async () => (await waiting()).length === 2)

  clock.set(0)
  await followed(bench, 1)
  t.ok((await ages(bench)).every(isMinutes), 'they came by a clock of 1970, minutes ago')
  await restart()
  t.ok((await ages(bench)).every(isMinutes), 'the journal knows')
  clock.set(20 * HOUR)
  await followed(bench, 2)
  t.strictSame(await waiting(), ['counted', 'said'], 'a step past the deadlines drops nothing')
  await restart()
  t.strictSame(await waiting(), ['counted', 'said'], 'nor does a start past them')
  clock.set(-now)
  await restart()
  clock.set(0)
  await followed(bench, 3)
  t.ok((await ages(bench)).every(isMinutes), 'a clock that was lost and found changes no age')

  const drops = (count: number) =>
    bench.until('a file is dropped', () => bench.events('onboard', 'file dropped').length === count)
  clock.set(now + HOUR / 2 - SOON_MS - Date.now())
  await drops(1)
  t.strictSame(await waiting(), ['counted'], 'the deadline of the other one passed')
  await restart()
  clock.set(now + HOUR - SOON_MS - Date.now())
  await drops(2)
  t.match(bench.events('onboard', 'file dropped'), [{ name: 'said' }, { name: 'counted' }])
  const late = bench.events('onboard', 'deadline missed').map(event => event['deadlineMs'])
  t.equal(late[0], now + HOUR / 2)
  t.ok(isMinutes(Number(late[1]) - now - HOUR), 'an hour by the clock that was set later')
})

async function noop(t: Test, bench: Bench): Promise<void> {
  const socket = bench.socket('station')
  t.match(await run('command', 'noop', '--wait', '--socket', socket), { code: 0 })
}

/** So many of the octets of the one file went out. */
function sent(bench: Bench, octets: number): Promise<void> {
  return bench.until(`${octets} octets went out`, async () => {
    const [file] = (await bench.status('onboard')).files
    return (file?.sentOctets ?? 0) >= octets
  })
}

/** The flight processes have told of so many steps, and of what came of them. */
function followed(bench: Bench, steps: number): Promise<void> {
  return bench.until(
    'the clock is followed',
    () => bench.events('onboard', 'clock stepped').length === steps,
  )
}

async function listed(bench: Bench): Promise<BufferListing['files']> {
  return ((await bench.ask('onboard', '/buffer')) as BufferListing).files
}

async function ages(bench: Bench): Promise<readonly number[]> {
  return (await listed(bench)).map(({ ageMs }) => ageMs)
}

function isMinutes(ageMs: number): boolean {
  return ageMs >= 0 && ageMs < 10 * MINUTE
}
