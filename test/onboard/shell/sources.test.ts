import { existsSync, lstatSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import { type FileIdentity, identityOf } from '../../../hal/files/file-source.ts'
import { Outbox } from '../../../hal/files/outbox.ts'
import { Inbox } from '../../../hal/inbox.ts'
import { openLog } from '../../../hal/log.ts'
import { Notebook } from '../../../hal/notebook.ts'
import { Questions } from '../../../hal/questions.ts'
import { SimClock } from '../../../hal/sim/clock.ts'
import { SimJournal } from '../../../hal/sim/journal.ts'
import type { SpacecraftInput } from '../../../onboard/events.ts'
import { type Answer, Sources } from '../../../onboard/shell/sources.ts'
import { SpacecraftBench } from '../../kit/spacecraft-bench.ts'

t.test('Sources.release() makes room for a file of the same name', async t => {
  const { drop, offered, released } = bench(t)
  for (const name of ['a', 'folder/b']) {
    const file = drop(name, 'first')
    t.strictSame(await offered(), [name])
    t.strictSame(await offered(), [])
    await released(file)
    t.notOk(existsSync(file.path), 'it is on the ground, and removed')
    // Before anybody has looked, and seen that there was none.
    drop(name, 'second')
    t.strictSame(await offered(), [name], 'the next one is a new file')
    t.strictSame(await offered(), [], 'once')
  }
})

t.test('Sources.release() leaves a file that took the place, and it is offered', async t => {
  const { drop, offered, released } = bench(t)
  const file = drop('a', 'first')
  t.strictSame(await offered(), ['a'])
  const { path } = drop('a', 'second')
  t.strictSame(await offered(), [], 'the first one is still under way')
  await released(file)
  t.ok(existsSync(path), 'the ground does not have it')
  t.strictSame(await offered(), ['a'])
})

function bench(t: Test) {
  const folder = t.testdir({ outbox: {} })
  const outbox = new Outbox(join(folder, 'outbox'), 0)
  const inbox = new Inbox<SpacecraftInput>()
  const { machine } = new SpacecraftBench()
  const clock = new SimClock()
  const log = openLog(1, clock, 'error')
  const journal = Object.assign(new SimJournal(), { canGrow: true })
  const notebook = new Notebook(journal, () => [], clock, log)
  const questions = new Questions<SpacecraftInput, Answer>(inbox)
  const sources = new Sources({ machine, inbox, outbox, notebook, questions, log })
  return {
    drop: (name: string, octets: string) => {
      const path = join(outbox.folder, name)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(`${path}.part`, octets)
      renameSync(`${path}.part`, path)
      return { path, identity: identityOf(lstatSync(path)) }
    },
    offered: async () => (await outbox.scan(Date.now() + 1_000)).map(({ name }) => name),
    released: async (file: { path: string; identity: FileIdentity }) => {
      await sources.release({ kind: 'release', sequence: 1, ...file, remove: true })
      t.match(inbox.take(), { kind: 'released', sequence: 1 })
    },
  }
}
