/** Somebody records the uplink and sends it again to a flight process that was killed meanwhile. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { Bench, run } from '../kit/bench.ts'
import { smallDisk } from '../kit/small-disk.ts'
import { dataFields, recorded, replay, securedUplink } from '../kit/uplink-recording.ts'

const REFUSED = { isOpened: false, isDone: false }
const TAKEN = { isOpened: true, isDone: true }
const DIGITS = 'c0ffee00'.repeat(8)
const MIB = 1_048_576

// Each has processes and folders of its own, and waits more than it works.
t.jobs = 2

t.test(
  'a recorded command is refused after SIGKILL, also where the journal is set aside',
  async t => {
    const bench = await Bench.open(t, {
      rateBps: 2_000_000,
      both: { uplink: securedUplink(t, DIGITS) },
      onboard: { safeMode: { deaths: 2, withinMs: 600_000 } },
    })
    const freeze = await recordedFreeze(t, bench)
    t.strictSame(await heardOf(bench, freeze), REFUSED, 'in the same process')
    for (const isSafe of [false, true]) {
      await bench.kill('onboard')
      await bench.start('onboard')
      t.match((await bench.status('onboard')).modes, { safe: isSafe })
      t.strictSame(await heardOf(bench, freeze), REFUSED, isSafe ? 'in safe mode' : 'after a kill')
      t.match(bench.events('onboard', 'uplink refused').at(-1), { why: 'replayed', spi: 21 })
    }
    await bench.start('station')
    const again = await run('command', 'freeze', '--wait', '--socket', bench.socket('station'))
    t.match(again, { code: 0 }, 'the station goes on with new numbers')
  },
)

t.test('where the journal cannot be written, numbers last as long as the process', async t => {
  const bench = await Bench.prepare(t, {
    rateBps: 2_000_000,
    both: { uplink: securedUplink(t, DIGITS) },
  })
  const disk = smallDisk(t, join(bench.folder, 'onboard'), MIB)
  if (disk === undefined) return
  await bench.startAll()
  const written = await recordedFreeze(t, bench)
  const restart = async (mode: 'ro' | 'rw') => {
    await bench.kill('onboard')
    execFileSync('mount', ['-o', `remount,${mode}`, disk.folder])
    await bench.start('onboard')
    t.match((await bench.status('onboard')).modes, { safe: mode === 'ro' })
  }

  await restart('ro')
  await t.rejects(bench.ask('onboard', '/healthz'), /safe mode: the journal cannot be written/)
  t.strictSame(await heardOf(bench, written), REFUSED, 'the old journal still tells its number')
  await bench.start('station')
  const unwritten = await recordedFreeze(t, bench)
  t.strictSame(await heardOf(bench, unwritten), REFUSED, 'in the process that took it')

  await restart('ro')
  t.strictSame(await heardOf(bench, written), REFUSED, 'the old journal tells it at each start')
  t.strictSame(await heardOf(bench, unwritten), TAKEN, 'no journal knows of it')
  await thaw(t, bench)
  t.strictSame(await heardOf(bench, unwritten), REFUSED, 'a second time in one process')

  await restart('rw')
  t.strictSame(await heardOf(bench, unwritten), TAKEN, 'this journal does not know of it either')
  await thaw(t, bench)
  await restart('rw')
  t.strictSame(await heardOf(bench, unwritten), REFUSED, 'now it is written down')
  t.strictSame(await heardOf(bench, written), REFUSED)
})

/** The station freezes the spacecraft and goes away; aboard that is undone, so that a second time shows. */
async function recordedFreeze(t: Test, bench: Bench): Promise<Uint8Array> {
  const socket = bench.socket('station')
  const recording = await recorded(bench, async () => {
    t.match(await run('command', 'freeze', '--wait', '--socket', socket), { code: 0 })
  })
  await bench.kill('station')
  await thaw(t, bench)
  t.ok(dataFields(recording).length > 0, 'something was recorded')
  return recording
}

async function thaw(t: Test, bench: Bench): Promise<void> {
  t.match(await run('command', 'thaw', '--socket', bench.socket('onboard')), { code: 0 })
  t.match((await bench.status('onboard')).modes, { frozen: false })
}

/** What comes of a recording: whether a frame of it is opened, and whether what it says is done. */
async function heardOf(bench: Bench, recording: Uint8Array): Promise<typeof TAKEN> {
  const before = await frames(bench)
  await replay(bench, recording)
  const count = dataFields(recording).length
  await bench.until('all of it is heard', async () => {
    const { opened, refused } = await frames(bench)
    return opened + refused === before.opened + before.refused + count
  })
  const { modes } = await bench.status('onboard')
  return { isOpened: (await frames(bench)).opened > before.opened, isDone: modes.frozen }
}

async function frames(bench: Bench): Promise<{ opened: number; refused: number }> {
  const { opened = 0, ...refusals } = (await bench.status('onboard')).uplink.sdls ?? {}
  return { opened, refused: Object.values(refusals).reduce((sum, count) => sum + count, 0) }
}
