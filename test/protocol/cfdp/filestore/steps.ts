/** Requests one after the other, and what becomes of each, on a filestore with a file "a" (one) and "b" (two). */
import type { FilestoreOutcome } from '../../../../protocol/cfdp/filestore/outcome.ts'
import { FILESTORE_ACTION as A } from '../../../../protocol/cfdp/pdu/filestore.ts'

type Step = readonly [
  action: number,
  first: string,
  second: string | undefined,
  outcome: FilestoreOutcome,
]

export const STEPS: readonly Step[] = [
  [A.createFile, 'new', undefined, 'successful'],
  [A.createFile, 'new', undefined, 'not allowed'],
  [A.createFile, 'none/new', undefined, 'not allowed'],
  [A.createDirectory, 'd', undefined, 'successful'],
  [A.createDirectory, 'd', undefined, 'not allowed'],
  [A.createDirectory, 'none/d', undefined, 'not allowed'],
  [A.renameFile, 'new', 'd/renamed', 'successful'],
  [A.renameFile, 'new', 'd/renamed', 'missing'],
  [A.renameFile, 'a', 'b', 'exists'],
  [A.renameFile, 'a', 'none/a', 'not allowed'],
  [A.renameFile, 'd', 'e', 'not allowed'],
  [A.appendFile, 'a', 'b', 'successful'],
  [A.appendFile, 'none', 'b', 'missing'],
  [A.appendFile, 'a', 'none', 'second missing'],
  [A.appendFile, 'a', 'd', 'not allowed'],
  [A.replaceFile, 'b', 'a', 'successful'],
  [A.replaceFile, 'none', 'b', 'missing'],
  [A.replaceFile, 'a', 'none', 'second missing'],
  [A.replaceFile, 'd', 'none', 'not allowed'],
  [A.deleteFile, 'none', undefined, 'missing'],
  [A.deleteFile, 'd', undefined, 'not allowed'],
  [A.removeDirectory, 'none', undefined, 'missing'],
  [A.removeDirectory, 'd', undefined, 'not allowed'],
  [A.removeDirectory, 'a', undefined, 'not allowed'],
  [A.denyDirectory, 'd', undefined, 'not allowed'],
  [A.denyFile, 'd', undefined, 'not allowed'],
  [A.deleteFile, 'd/renamed', undefined, 'successful'],
  [A.removeDirectory, 'd', undefined, 'successful'],
  [A.denyDirectory, 'd', undefined, 'successful'],
  [A.denyFile, 'none', undefined, 'successful'],
  [A.denyFile, 'a', undefined, 'successful'],
  [9, 'a', undefined, 'not performed'],

  [A.createFile, '', undefined, 'not allowed'],
  [A.createFile, 'b/a', undefined, 'not allowed'],
]
