/**
 * A journal on a disk that takes nothing: worn out, mounted to be read only, or full to the last octet. What it holds
 * can be read; what is appended is in no journal, so nothing may be promised that a later start has to keep.
 */
import type { Journal } from '../ports.ts'
import { openToRead } from './disk.ts'
import { headerOf, recordsOf } from './recovery.ts'

/** The records at `path`, oldest first, as far as they can be read; none where nothing can, or of another kind. */
export async function readableRecords(path: string, kind: string): Promise<readonly unknown[]> {
  try {
    const file = await openToRead(path)
    try {
      const { records } = await recordsOf(file)
      const [header, ...rest] = records
      return JSON.stringify(header) === JSON.stringify(headerOf(kind)) ? rest : []
    } finally {
      await file.close()
    }
  } catch {
    return []
  }
}

/** A journal that begins with `records`, and keeps nothing. */
export function unwritableJournal(
  records: readonly unknown[],
): Journal & { readonly canGrow: boolean } {
  let recovered = records
  return {
    canGrow: false,
    octets: 0,
    takeRecovered() {
      const taken = recovered
      recovered = []
      return taken
    },
    append() {},
    async flush() {},
    async compact() {},
    async close() {},
  }
}
