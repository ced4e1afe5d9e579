/**
 * What a flight process begins with: its journal, how often it started, and whether it is to be safe. Whatever the disk
 * says, there is an answer: a spacecraft that does not start can not be helped by anybody.
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode } from '../../hal/file-error.ts'
import { Archive } from '../../hal/files/archive.ts'
import { FileJournal } from '../../hal/journal/file-journal.ts'
import { setAside } from '../../hal/journal/set-aside.ts'
import { readableRecords, unwritableJournal } from '../../hal/journal/unwritable.ts'
import type { Log } from '../../hal/log.ts'
import type { Journal } from '../../hal/ports.ts'
import { countStart, type Start } from '../../hal/starts.ts'
import { salvage } from '../command/salvage.ts'

export interface Beginning {
  readonly start: Start
  readonly journal: Journal & { readonly canGrow: boolean }
  /** Why it is to do nothing but listen and tell; undefined: it is not. */
  readonly safe: string | undefined
}

/** @throws JournalRefused, until the safe mode is due */
export async function begin(state: string, deathsMax: number, log: Log): Promise<Beginning> {
  const path = join(state, 'onboard.journal')
  const start = await countStart(state, deathsMax, error =>
    log.error('starts are not counted', { why: String(error) }),
  )
  try {
    if (start.isNews) {
      log.error('safe mode', { aside: await setAside(path, KIND, salvage) })
      await start.enterSafe()
    }
    const journal = await usable(path)
    const { tornOctets, filesAside } = journal.damage
    if (tornOctets > 0 || filesAside > 0)
      log.error('journal is damaged', { tornOctets, filesAside })
    return { start, journal, safe: start.isSafe ? 'nothing is sent but housekeeping' : undefined }
  } catch (error) {
    if (errorCode(error) === undefined) throw error
    const why = `the journal cannot be written: ${String(error)}`
    log.error('safe mode', { why })
    const records = salvage(await readableRecords(path, KIND))
    return { start, journal: unwritableJournal(records), safe: why }
  }
}

/** The folder for files from the ground; undefined: the disk refuses it, and none are taken. */
export async function openInbox(folder: string, log: Log): Promise<Archive | undefined> {
  try {
    return await Archive.open(folder)
  } catch (error) {
    log.error('no files are taken from the ground', { why: String(error) })
    return undefined
  }
}

/** What is wrong with it shows as long as it is. */
export async function makeOutbox(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch(() => {})
}

/** Rejects as a full disk does where nearly nothing can be written down any more. */
async function usable(path: string): Promise<FileJournal> {
  const journal = await FileJournal.open(path, KIND)
  if (journal.canGrow || journal.reservedOctets >= LEAST_OCTETS) return journal
  await journal.close()
  throw Object.assign(new Error('the disk is full, and the reserve is used up'), { code: 'ENOSPC' })
}

const KIND = 'onboard'
/** Room for some commands, and for what is said of files under way. */
const LEAST_OCTETS = 4_096
