/** The contact plan that was taken over last: a file in the state folder, always a whole one, old or new. */
import { open, readFile, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { readPlan, writePlan } from '../../protocol/plan/document.ts'
import { faultText } from '../../protocol/plan/fault.ts'
import type { ContactPlan } from '../../protocol/plan/plan.ts'
import { unless } from '../file-error.ts'
import { syncFolder } from '../files/sync-folder.ts'
import { ConfigFault } from './fault.ts'

/** Undefined: none was taken over. @throws ConfigFault, SyntaxError if it is damaged */
export async function keptPlan(state: string): Promise<ContactPlan | undefined> {
  const path = pathIn(state)
  const text = await unless('ENOENT', readFile(path, 'utf8'))
  if (text === undefined) return undefined
  const read = readPlan(JSON.parse(text))
  if (read.kind === 'plan') return read.plan
  throw new ConfigFault(path, read.faults.map(faultText))
}

/** Resolves when the disk has it, and the next start would find it. */
export async function keepPlan(state: string, plan: ContactPlan): Promise<void> {
  const path = pathIn(state)
  const draft = `${path}.part`
  const handle = await open(draft, 'w', 0o644)
  try {
    await handle.writeFile(`${JSON.stringify(writePlan(plan))}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(draft, path)
  await syncFolder(dirname(path))
}

function pathIn(state: string): string {
  return join(state, 'plan.json')
}
