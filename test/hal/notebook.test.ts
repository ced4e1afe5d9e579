import t from 'tap'
import type { Log } from '../../hal/log.ts'
import { Notebook } from '../../hal/notebook.ts'
import { SimClock } from '../../hal/sim/clock.ts'
import { SimJournal } from '../../hal/sim/journal.ts'

class Disk extends SimJournal {
  canGrow = true
}

/** What was logged as an error. */
function logOf(errors: string[]): Log {
  const ignore = () => {}
  const error = (event: string) => errors.push(event)
  return { debug: ignore, info: ignore, warn: ignore, error } as unknown as Log
}

t.test('flush() tries again until the disk takes it, and says what is wrong meanwhile', async t => {
  const clock = new SimClock()
  const disk = new Disk()
  const errors: string[] = []
  const notebook = new Notebook(disk, () => [], clock, logOf(errors))
  notebook.write({ kind: 'next', sequence: 1 })
  disk.isRefusing = true
  let isDone = false
  const flushed = notebook.flush().then(() => (isDone = true))
  await clock.advance(3_500)
  t.notOk(isDone)
  t.match(notebook.trouble, /ENOSPC/)
  t.equal(errors.length, 4)
  disk.isRefusing = false
  await clock.advance(1_000)
  await flushed
  t.equal(notebook.trouble, undefined)
  t.notOk(notebook.isDirty)
  t.strictSame(disk.powered().takeRecovered(), [{ kind: 'next', sequence: 1 }])
})

t.test('compact() writes the snapshot, and only when the journal has grown long', async t => {
  const disk = new Disk()
  const notebook = new Notebook(disk, () => ['all'], new SimClock(), logOf([]))
  notebook.write('x'.repeat(1_000))
  await notebook.flush()
  await notebook.compact()
  t.ok(disk.octets > 1_000, 'short: left as it is')
  for (let i = 0; i < 1_100; i++) notebook.write('x'.repeat(1_000))
  await notebook.flush()
  t.ok(disk.octets > 1_048_576, 'a flush leaves it long')
  await notebook.compact()
  t.strictSame(disk.powered().takeRecovered(), ['all'])
})
