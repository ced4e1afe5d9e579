/**
 * What became of a filestore request, in words that mean the same for every action, and the status code that the
 * standard has for it. CCSDS 727.0-B-5, table 5-18: the same code means something else for each action.
 */
import { FILESTORE_ACTION } from '../pdu/filestore.ts'

export type FilestoreOutcome =
  | 'successful'
  /** The file, the folder, or the first of two files is not there. */
  | 'missing'
  | 'second missing'
  /** The new name is another file's already. */
  | 'exists'
  /** Everything else that speaks against it. */
  | 'not allowed'
  /** Not even tried. */
  | 'not performed'

/** An action that has no code for an outcome has one for "not allowed". */
export function statusOf(action: number, outcome: FilestoreOutcome): number {
  if (outcome === 'successful') return SUCCESSFUL
  if (outcome === 'not performed') return NOT_PERFORMED
  const codes = CODES[action]
  return codes?.[outcome] ?? codes?.['not allowed'] ?? NOT_PERFORMED
}

/** For people and programs that read the answer. */
export function outcomeOf(action: number, status: number): FilestoreOutcome {
  if (status === SUCCESSFUL) return 'successful'
  for (const [outcome, code] of Object.entries(CODES[action] ?? {}))
    if (code === status) return outcome as Failure
  return status === NOT_PERFORMED ? 'not performed' : 'not allowed'
}

type Failure = Exclude<FilestoreOutcome, 'successful' | 'not performed'>

const SUCCESSFUL = 0
const NOT_PERFORMED = 15

const TWO_FILES = { missing: 1, 'second missing': 2, 'not allowed': 3 } as const
const REMOVAL = { missing: 1, 'not allowed': 2 } as const
/** What is to be denied may be missing. */
const DENIAL = { 'not allowed': 2 } as const
const CREATION = { 'not allowed': 1 } as const

const CODES: Readonly<Record<number, Readonly<Partial<Record<Failure, number>>>>> = {
  [FILESTORE_ACTION.createFile]: CREATION,
  [FILESTORE_ACTION.deleteFile]: REMOVAL,
  [FILESTORE_ACTION.renameFile]: { missing: 1, exists: 2, 'not allowed': 3 },
  [FILESTORE_ACTION.appendFile]: TWO_FILES,
  [FILESTORE_ACTION.replaceFile]: TWO_FILES,
  [FILESTORE_ACTION.createDirectory]: CREATION,
  [FILESTORE_ACTION.removeDirectory]: REMOVAL,
  [FILESTORE_ACTION.denyFile]: DENIAL,
  [FILESTORE_ACTION.denyDirectory]: DENIAL,
}
