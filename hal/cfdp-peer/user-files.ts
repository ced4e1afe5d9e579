/** Files that operations of users need: those that are asked for by name, and lists and reports that are made. */
import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { UserEffect, UserInput } from '../../protocol/cfdp/user/operations.ts'
import type { Filestore } from '../files/filestore.ts'
import type { FilestoreDraft } from '../files/filestore-draft.ts'
import { safeName } from '../files/safe-name.ts'

export type FileWish = Extract<UserEffect, { kind: 'locate file' | 'make listing' | 'make report' }>

export class UserFiles {
  readonly #filestore: Filestore | undefined
  readonly #made = new Map<string, FilestoreDraft>()

  constructor(filestore: Filestore | undefined) {
    this.#filestore = filestore
  }

  /** Never rejects. */
  async make(wish: FileWish): Promise<UserInput> {
    const { token } = wish
    const filestore = this.#filestore
    try {
      if (filestore === undefined) throw new Error('there is no filestore here')
      if (wish.kind === 'locate file')
        return { kind: 'file ready', token, file: await filestore.source(wish.name) }
      const text =
        wish.kind === 'make report'
          ? wish.text
          : await listOf(await filestore.folder(wish.directory))
      return { kind: 'file ready', token, file: await this.#write(filestore, text) }
    } catch (error) {
      return { kind: 'file refused', token, why: String(error) }
    }
  }

  /** Removes what was made; what was only found stays. */
  async release(file: string): Promise<void> {
    const draft = this.#made.get(file)
    this.#made.delete(file)
    await draft?.discard().catch(() => undefined)
  }

  async #write(filestore: Filestore, text: string): Promise<string> {
    const draft = await filestore.draft()
    this.#made.set(draft.path, draft)
    await draft.write(text)
    await draft.finish()
    return draft.path
  }
}

/**
 * A line for each file and folder that may be asked for, by name: what it is, its octets, when it was written in UTC,
 * and its name; between them tabs. Hidden ones, links and devices are left out.
 */
async function listOf(folder: string): Promise<string> {
  const lines: string[] = []
  for (const name of (await readdir(folder)).toSorted()) {
    if (lines.length >= LISTED_MAX) break
    if (safeName(Buffer.from(name)) !== name) continue
    const found = await lstat(join(folder, name)).catch(() => undefined)
    if (found?.isFile() !== true && found?.isDirectory() !== true) continue
    const isFile = found.isFile()
    const time = found.mtime.toISOString()
    lines.push([isFile ? 'file' : 'folder', isFile ? found.size : '-', time, name].join('\t'))
  }
  return lines.map(line => `${line}\n`).join('')
}

/** Names in one list. */
const LISTED_MAX = 10_000
