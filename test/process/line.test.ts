import t, { type Test } from 'tap'
import type { Trouble } from '../../hal/link/trouble.ts'
import { Bench } from '../kit/bench.ts'
import { auditLine } from '../kit/line-audit.ts'
import { Random } from '../kit/random.ts'
import { delivered, sha256 } from './kills.ts'

const random = new Random(21)

// Each has processes and folders of its own, and waits more than it works.
t.jobs = 2

t.test('the device of an end vanishes, and comes back', async t => {
  const bench = await Bench.open(t)
  const pids = await pidsOf(bench)
  await flies(t, bench, 'image.raw', async () => {
    for (const end of ['station', 'onboard', 'station', 'onboard'] as const) {
      const { opens } = (await bench.status(end)).modem
      await bench.ask('link', '/pull', { end, hangup: true })
      await bench.until('the device is missed', async () => !(await bench.status(end)).modem.isOpen)
      await t.rejects(bench.ask(end, '/healthz'), /the modem is not there/)
      await bench.ask('link', '/plug', { end })
      await bench.until('it is open again', async () => {
        const { modem } = await bench.status(end)
        return modem.isOpen && modem.opens > opens
      })
      t.match(await bench.ask(end, '/healthz'), { ok: true })
      await bench.pause(300)
    }
  })
  for (const end of ['onboard', 'station'] as const) {
    const { modem } = await bench.status(end)
    t.ok(modem.errors > 0, `${end}: ${modem.errors} errors are counted, ${modem.lastError}`)
  }
  t.strictSame(await pidsOf(bench), pids, 'the processes live')
  t.strictSame((await auditLine(bench)).faults, [])
})

t.test('the line stalls, comes in crumbs, is turned over, carries noise', async t => {
  const bench = await Bench.open(t, { rateBps: 4_000_000 })
  const pids = await pidsOf(bench)
  const before = (await bench.status('station')).frames
  for (const kind of ['stall', 'crumbs', 'inverted', 'noise'] as const) {
    await flies(t, bench, `${kind}.raw`, async () => {
      await bench.pause(200)
      for (let i = 0; i < 3; i++) await suffers(bench, kind, 600)
    })
  }
  await bench.until('the ends hear each other again', async () => {
    const { locked } = await bench.status('station')
    return locked
  })
  const { frames } = await bench.status('station')
  t.ok(frames.lost > before.lost, `${frames.lost} frames lost are counted`)
  t.strictSame(await pidsOf(bench), pids, 'the processes live')
  t.strictSame((await auditLine(bench)).faults, [])
})

t.test('the line slips octets, and all of it is inverted', async t => {
  const bench = await Bench.open(t, { link: ['--slip', '40000', '--inverted', '--ber', '1e-6'] })
  await flies(t, bench, 'slipped.raw', async () => {})
  const { down } = await bench.status('link')
  const { frames } = await bench.status('station')
  t.ok(down.slips > 10, `${down.slips} slips`)
  t.ok(frames.lost + frames.bad > 0, `${frames.lost} frames lost, ${frames.bad} bad are counted`)
  t.strictSame((await auditLine(bench)).faults, [])
})

/** Octets of a file go down while `happens`; in the end it is there, and equal. */
async function flies(
  t: Test,
  bench: Bench,
  name: string,
  happens: () => Promise<void>,
): Promise<void> {
  const octets = random.octets(1_500_000)
  bench.drop(name, octets)
  await bench.until(`${name} is on its way`, async () =>
    (await bench.status('station')).files.some(file => file.heldOctets > 0 && file.name === name),
  )
  await happens()
  await bench.until(
    `${name} is safe`,
    async () => (await bench.status('onboard')).buffer.files === 0,
  )
  t.equal(delivered(bench.archive)[name], sha256(octets), `${name} is equal`)
}

async function suffers(bench: Bench, kind: Trouble, ms: number): Promise<void> {
  await bench.ask('link', '/trouble', { kind, ms })
  await bench.until('it is over', async () => (await bench.status('link')).troubles.length === 0)
  await bench.pause(ms / 3)
}

async function pidsOf(bench: Bench): Promise<readonly number[]> {
  const [onboard, station] = [await bench.status('onboard'), await bench.status('station')]
  return [onboard.pid, station.pid]
}
