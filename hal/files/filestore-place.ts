/** Where a name from the air leads to inside a folder, if it leads there without a link and without a way out. */
import type { Stats } from 'node:fs'
import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import type { FilestoreOutcome } from '../../protocol/cfdp/filestore/outcome.ts'
import { errorCode } from '../file-error.ts'
import { safeName } from './safe-name.ts'

export interface Place {
  readonly path: string
  /** The folder that it lies in. */
  readonly folder: string
  readonly isFolderThere: boolean
  /** What has the name; of a symbolic link the link itself. */
  readonly found: Stats | undefined
}

/** The name leads nowhere that a request may go. */
export class PlaceRefused extends Error {
  override readonly name = 'PlaceRefused'
  readonly outcome: FilestoreOutcome

  constructor(outcome: FilestoreOutcome, message: string) {
    super(message)
    this.outcome = outcome
  }
}

/** `root` is a real path. @throws PlaceRefused */
export async function placeOf(root: string, octets: Uint8Array = NOTHING): Promise<Place> {
  const name = safeName(octets)
  if (name === undefined) throw new PlaceRefused('not allowed', 'the name is not possible')
  const components = name.split('/')
  const last = components.pop() as string
  let folder = root
  let isFolderThere = true
  for (const component of components) {
    folder = join(folder, component)
    const found: Stats | undefined = isFolderThere ? await statOf(folder) : undefined
    if (found?.isDirectory() === false)
      throw new PlaceRefused('not allowed', 'the name leads through something that is not a folder')
    isFolderThere = found !== undefined
  }
  const path = join(folder, last)
  return { path, folder, isFolderThere, found: isFolderThere ? await statOf(path) : undefined }
}

async function statOf(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path)
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  }
}

const NOTHING = new Uint8Array(0)
