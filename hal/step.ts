/**
 * One step of a machine, done in the world: nothing happens before the journal holds what was written before it.
 * The octets of files need not wait: a record speaks for them only behind their sync.
 */
import type { ReceptionId } from '../protocol/cfdp/journaled/records.ts'
import type { Arrivals } from './files/arrivals.ts'
import type { Notebook } from './notebook.ts'

interface JournalEffect {
  readonly kind: 'journal'
  readonly record: unknown
}

export interface StepParts<Effect> {
  readonly notebook: Pick<Notebook, 'write' | 'flush' | 'compact' | 'isDirty'>
  /** Of an end that receives files. */
  readonly arrivals: Pick<Arrivals, 'holds' | 'flush' | 'skips' | 'endStep'> | undefined
  readonly perform: (effect: Effect) => Promise<void>
}

/** Resolves when all of it is done, and the disk has all that was written. */
export async function performStep<
  Effect extends { readonly kind: string; readonly id?: ReceptionId },
>(effects: readonly (Effect | JournalEffect)[], parts: StepParts<Effect>): Promise<void> {
  const { notebook, arrivals, perform } = parts
  for (const effect of effects) {
    if (arrivals?.holds(effect) === true) await arrivals.flush()
    if (arrivals?.skips(effect) === true) continue
    if (isJournal(effect)) notebook.write(effect.record)
    else {
      const isData = effect.kind === 'write' || effect.kind === 'sync'
      if (notebook.isDirty && !isData) await notebook.flush()
      await perform(effect)
    }
  }
  await arrivals?.flush()
  await notebook.flush()
  // A step that the disk did not do whole is followed by its answer: until then the machine is ahead of the disk.
  if (arrivals?.endStep() !== false) await notebook.compact()
}

function isJournal(effect: { readonly kind: string }): effect is JournalEffect {
  return effect.kind === 'journal'
}
