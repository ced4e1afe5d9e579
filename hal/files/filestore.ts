/**
 * A folder on which filestore requests are executed, and nothing outside of it is touched. CCSDS 727.0-B-5, 4.9.
 *
 *     root/.filestore/     files being made: they get their names by rename when they are whole
 *     root/<name>          names as safeName() lets them through: relative, none hidden, no way up
 *
 * Names come over the air. No component of one may be a symbolic link, and what is not a file or a folder is left
 * alone. Nothing gets an executable bit. What the disk or the limits refuse is an outcome, never a rejection.
 */
import { constants, type Stats } from 'node:fs'
import { link, mkdir, open, realpath, rm, rmdir, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { FilestoreOutcome } from '../../protocol/cfdp/filestore/outcome.ts'
import { FILESTORE_ACTION, type FilestoreRequest } from '../../protocol/cfdp/pdu/filestore.ts'
import { errorCode } from '../file-error.ts'
import { FilestoreDraft } from './filestore-draft.ts'
import { type Place, PlaceRefused, placeOf } from './filestore-place.ts'
import { syncFolder } from './sync-folder.ts'

export interface Performed {
  readonly outcome: FilestoreOutcome
  /** More of it, for people. */
  readonly message: string
}

export interface FilestoreLimits {
  /** The largest file that an append or a replacement makes. */
  readonly fileOctetsMax: number
  /** Octets that all of them together may add while this object lives; what deletions free counts against it. */
  readonly growthOctetsMax: number
}

export const FILESTORE_LIMITS: FilestoreLimits = {
  fileOctetsMax: 2 ** 32,
  growthOctetsMax: 2 ** 34,
}

export class Filestore {
  readonly #root: string
  readonly #limits: FilestoreLimits
  readonly #drafts: string
  #grown = 0
  /** One request at a time: what one finds, no other changes meanwhile. */
  #turn: Promise<unknown> = Promise.resolve()

  private constructor(root: string, limits: FilestoreLimits) {
    this.#root = root
    this.#limits = limits
    this.#drafts = join(root, DRAFTS)
  }

  /** Makes the folder if it is not there, and clears what a crash left of files being made. */
  static async open(folder: string, limits: Partial<FilestoreLimits> = {}): Promise<Filestore> {
    await mkdir(folder, { recursive: true })
    const root = await realpath(folder)
    const drafts = join(root, DRAFTS)
    await rm(drafts, { recursive: true, force: true })
    await mkdir(drafts, { mode: 0o700 })
    return new Filestore(root, { ...FILESTORE_LIMITS, ...limits })
  }

  /** Executes it, after those before. Never rejects. */
  perform(request: FilestoreRequest): Promise<Performed> {
    const turn = this.#turn.then(() => this.#attempt(request))
    this.#turn = turn
    return turn
  }

  /** The path of a file that may be read. @throws PlaceRefused if there is no such file */
  async source(name: Uint8Array): Promise<string> {
    const place = await placeOf(this.#root, name)
    if (place.found?.isFile() === true) return place.path
    throw new PlaceRefused('missing', 'there is no such file')
  }

  /** The path of a folder that may be listed; no name at all is the root. @throws PlaceRefused */
  async folder(name: Uint8Array): Promise<string> {
    if (name.length === 0 || (name.length === 1 && name[0] === DOT)) return this.#root
    const place = await placeOf(this.#root, name)
    if (place.found?.isDirectory() === true) return place.path
    throw new PlaceRefused('missing', 'there is no such folder')
  }

  /** A file in the making, for what is sent and not kept. */
  draft(): Promise<FilestoreDraft> {
    return FilestoreDraft.open(this.#drafts)
  }

  async #attempt(request: FilestoreRequest): Promise<Performed> {
    try {
      await this.#execute(request)
      return { outcome: 'successful', message: '' }
    } catch (error) {
      if (error instanceof PlaceRefused) return { outcome: error.outcome, message: error.message }
      // Of an error of the system its name is told, and no path of this computer.
      return { outcome: 'not allowed', message: errorCode(error) ?? 'it failed' }
    }
  }

  async #execute({ action, firstName, secondName }: FilestoreRequest): Promise<void> {
    const place = await placeOf(this.#root, firstName)
    switch (action) {
      case FILESTORE_ACTION.createFile:
        return createFile(place)
      case FILESTORE_ACTION.deleteFile:
        return this.#deleteFile(place)
      case FILESTORE_ACTION.renameFile:
        return rename(place, await placeOf(this.#root, secondName))
      case FILESTORE_ACTION.appendFile:
        return this.#join(place, await placeOf(this.#root, secondName), true)
      case FILESTORE_ACTION.replaceFile:
        return this.#join(place, await placeOf(this.#root, secondName), false)
      case FILESTORE_ACTION.createDirectory:
        await mkdir(requireFree(place).path)
        return syncFolder(place.folder)
      case FILESTORE_ACTION.removeDirectory:
        return removeDirectory(place)
      case FILESTORE_ACTION.denyFile:
        return place.found === undefined ? undefined : this.#deleteFile(place)
      case FILESTORE_ACTION.denyDirectory:
        return place.found === undefined ? undefined : removeDirectory(place)
      default:
        throw new PlaceRefused('not performed', `action ${action} is not known`)
    }
  }

  async #deleteFile(place: Place): Promise<void> {
    const { size } = requireFile(place, 'missing')
    await unlink(place.path)
    await syncFolder(place.folder)
    this.#grown = Math.max(0, this.#grown - size)
  }

  /** The second one goes behind the first one, or in its place; until all of it is there, the first one stays. */
  async #join(first: Place, second: Place, isAppended: boolean): Promise<void> {
    refuseOthers(first, second)
    const held = requireFile(first, 'missing').size
    const more = requireFile(second, 'second missing').size
    const size = isAppended ? held + more : more
    const growth = size - held
    const { fileOctetsMax, growthOctetsMax } = this.#limits
    if (size > fileOctetsMax)
      throw new PlaceRefused(
        'not allowed',
        `files of more than ${fileOctetsMax} octets are not made`,
      )
    if (this.#grown + growth > growthOctetsMax)
      throw new PlaceRefused('not allowed', 'the quota is used up')
    const draft = await this.draft()
    try {
      if (isAppended) await draft.copy(first.path, held)
      await draft.copy(second.path, more)
      await draft.become(first.path)
    } finally {
      await draft.discard()
    }
    await syncFolder(first.folder)
    this.#grown = Math.max(0, this.#grown + growth)
  }
}

async function createFile(place: Place): Promise<void> {
  const { O_CREAT, O_EXCL, O_WRONLY, O_NOFOLLOW } = constants
  const flags = O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW
  await (await open(requireFree(place).path, flags, 0o644)).close()
  await syncFolder(place.folder)
}

/** link(2) never overwrites, whatever came between; of a crash between the two steps both names are left. */
async function rename(from: Place, to: Place): Promise<void> {
  refuseOthers(from)
  requireFile(from, 'missing')
  if (to.found !== undefined) throw new PlaceRefused('exists', 'the new name is taken')
  await link(from.path, requireFree(to).path)
  await unlink(from.path)
  await syncFolder(to.folder)
  await syncFolder(from.folder)
}

async function removeDirectory(place: Place): Promise<void> {
  if (place.found === undefined) throw new PlaceRefused('missing', 'there is no such folder')
  if (!place.found.isDirectory()) throw new PlaceRefused('not allowed', 'it is not a folder')
  await rmdir(place.path)
  await syncFolder(place.folder)
}

function requireFile({ found }: Place, ifMissing: FilestoreOutcome): Stats {
  if (found === undefined) throw new PlaceRefused(ifMissing, 'there is no such file')
  if (!found.isFile()) throw new PlaceRefused('not allowed', 'it is not a file')
  return found
}

/** Links, folders and devices are not files, whether or not another file is missing. */
function refuseOthers(...places: readonly Place[]): void {
  for (const { found } of places)
    if (found?.isFile() === false) throw new PlaceRefused('not allowed', 'it is not a file')
}

function requireFree(place: Place): Place {
  if (place.found !== undefined) throw new PlaceRefused('not allowed', 'the name is taken')
  if (!place.isFolderThere) throw new PlaceRefused('not allowed', 'its folder is not there')
  return place
}

const DRAFTS = '.filestore'
const DOT = 0x2e
