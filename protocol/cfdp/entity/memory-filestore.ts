/**
 * Filestore requests executed on files in memory: what a disk does, without the disk. CCSDS 727.0-B-5, 4.9. Also
 * the model that the filestore on a disk is tested against.
 */
import type { FilestoreOutcome } from '../filestore/outcome.ts'
import { FILESTORE_ACTION, type FilestoreRequest } from '../pdu/filestore.ts'

export class MemoryFilestore {
  readonly files: Map<string, Uint8Array>
  readonly folders = new Set<string>()

  constructor(files: Map<string, Uint8Array>) {
    this.files = files
  }

  perform({ action, firstName, secondName }: FilestoreRequest): FilestoreOutcome {
    const first = textOf(firstName)
    const second = textOf(secondName ?? NOTHING)
    const names = secondName === undefined ? [first] : [first, second]
    if (names.some(name => this.#leadsNowhere(name))) return 'not allowed'
    switch (action) {
      case FILESTORE_ACTION.createFile:
        return this.#isFree(first) ? this.#put(first, NOTHING) : 'not allowed'
      case FILESTORE_ACTION.deleteFile:
        return this.#deleteFile(first)
      case FILESTORE_ACTION.renameFile:
        return this.#rename(first, second)
      case FILESTORE_ACTION.appendFile:
        return this.#join(first, second, true)
      case FILESTORE_ACTION.replaceFile:
        return this.#join(first, second, false)
      case FILESTORE_ACTION.createDirectory:
        if (!this.#isFree(first)) return 'not allowed'
        this.folders.add(first)
        return 'successful'
      case FILESTORE_ACTION.removeDirectory:
        return this.#removeDirectory(first)
      case FILESTORE_ACTION.denyFile:
        return ifThere(this.#deleteFile(first))
      case FILESTORE_ACTION.denyDirectory:
        return ifThere(this.#removeDirectory(first))
      default:
        return 'not performed'
    }
  }

  #deleteFile(name: string): FilestoreOutcome {
    if (this.#isFolder(name)) return 'not allowed'
    return this.files.delete(name) ? 'successful' : 'missing'
  }

  #rename(from: string, to: string): FilestoreOutcome {
    if (this.#isFolder(from)) return 'not allowed'
    const file = this.files.get(from)
    if (file === undefined) return 'missing'
    if (this.files.has(to) || this.#isFolder(to)) return 'exists'
    if (!this.#isFree(to)) return 'not allowed'
    this.files.delete(from)
    return this.#put(to, file)
  }

  /** The second one goes behind the first one, or in its place. */
  #join(first: string, second: string, isAppended: boolean): FilestoreOutcome {
    if (this.#isFolder(first) || this.#isFolder(second)) return 'not allowed'
    const held = this.files.get(first)
    if (held === undefined) return 'missing'
    const more = this.files.get(second)
    if (more === undefined) return 'second missing'
    const kept = isAppended ? held : NOTHING
    const joined = new Uint8Array(kept.length + more.length)
    joined.set(kept)
    joined.set(more, kept.length)
    return this.#put(first, joined)
  }

  #removeDirectory(name: string): FilestoreOutcome {
    if (!this.#isFolder(name)) return this.files.has(name) ? 'not allowed' : 'missing'
    for (const other of [...this.files.keys(), ...this.folders])
      if (other.startsWith(`${name}/`)) return 'not allowed'
    this.folders.delete(name)
    return 'successful'
  }

  #put(name: string, octets: Uint8Array): FilestoreOutcome {
    this.files.set(name, octets)
    return 'successful'
  }

  /** It is no name, or leads through a file. */
  #leadsNowhere(name: string): boolean {
    for (let at = name.indexOf('/'); at >= 0; at = name.indexOf('/', at + 1))
      if (this.files.has(name.slice(0, at))) return true
    return name === ''
  }

  /** Nothing has the name, and the folder that it lies in is there. */
  #isFree(name: string): boolean {
    const folder = name.slice(0, Math.max(0, name.lastIndexOf('/')))
    if (this.files.has(name) || this.#isFolder(name)) return false
    return folder === '' || this.#isFolder(folder)
  }

  #isFolder(name: string): boolean {
    if (this.folders.has(name)) return true
    for (const file of this.files.keys()) if (file.startsWith(`${name}/`)) return true
    return false
  }
}

/** What is to be gone may be gone already. */
function ifThere(outcome: FilestoreOutcome): FilestoreOutcome {
  return outcome === 'missing' ? 'successful' : outcome
}

function textOf(octets: Uint8Array): string {
  return new TextDecoder().decode(octets)
}

const NOTHING = new Uint8Array(0)
