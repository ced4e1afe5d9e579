/** Counts on from what the journal holds, flushes each number, and says so. Is killed by its test. */
import { writeSync } from 'node:fs'
import { FileJournal } from '../../../hal/journal/file-journal.ts'

const journal = await FileJournal.open(process.argv[2] as string, 'count', { reserveOctets: 2_000 })
let records = [...journal.takeRecovered()] as number[]
for (let n = (records.at(-1) ?? 0) + 1; ; n++) {
  journal.append(n)
  records.push(n)
  if (n % 20 === 0) {
    records = records.slice(-5)
    await journal.compact(records)
  } else await journal.flush()
  writeSync(1, `${n}\n`)
}
