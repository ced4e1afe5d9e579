/**
 * Where received files grow, and where they are delivered. While a file is not whole it lies in a hidden
 * folder under the number of its transaction, octets at their places, holes between them.
 *
 *     archive/.partial/<source>-<sequence>.part      growing
 *     archive/<name>, <name>.2, ...                  delivered, never overwritten
 */
import {
  constants,
  type FileHandle,
  link,
  lstat,
  mkdir,
  open,
  readdir,
  realpath,
  rm,
} from 'node:fs/promises'
import { join } from 'node:path'
import { type Unsigned, unsigned } from '../../protocol/octets/reader.ts'
import { errorCode, unless } from '../file-error.ts'
import { checksumOf } from './digest.ts'
import { COMPONENT_OCTETS_MAX } from './safe-name.ts'
import { syncFolder } from './sync-folder.ts'

/** The transaction that a file belongs to. */
export interface FileId {
  readonly source: Unsigned
  readonly sequence: Unsigned
}

/** The disk took so many octets of a write and no more: the rest is lost. */
export class WriteCut extends Error {
  override readonly name = 'WriteCut'
  readonly written: number

  /** @param cause what the file system said */
  constructor(written: number, cause: unknown) {
    super(`Cannot write all of it: ${String(cause)}`, { cause })
    this.written = written
  }
}

/** The file system has something else at the place that the name leads to: deliver under another name. */
export class NameRefused extends Error {
  override readonly name = 'NameRefused'
}

export class Archive {
  readonly #root: string
  readonly #partial: string
  /** Open files, the one used last at the end. */
  readonly #open = new Map<string, OpenFile>()
  /** Files whose partial name is on the disk for sure. */
  readonly #named = new Set<string>()

  private constructor(root: string) {
    this.#root = root
    this.#partial = join(root, '.partial')
  }

  /** Makes the folder if it is not there. */
  static async open(folder: string): Promise<Archive> {
    await mkdir(join(folder, '.partial'), { recursive: true })
    return new Archive(await realpath(folder))
  }

  /** Begins a file, or goes on with one that is there. */
  async open(id: FileId): Promise<void> {
    await this.#lend(id, async () => {})
  }

  /** Puts octets at their place; durable after sync(). Rejects with WriteCut if the disk does not take all of them. */
  async write(id: FileId, offset: number, octets: Uint8Array): Promise<void> {
    let done = 0
    try {
      await this.#lend(id, async handle => {
        while (done < octets.length) {
          const left = octets.length - done
          done += (await handle.write(octets, done, left, offset + done)).bytesWritten
        }
      })
    } catch (error) {
      throw new WriteCut(done, error)
    }
  }

  /** What was written is on the disk when it resolves. */
  async sync(id: FileId): Promise<void> {
    await this.#lend(id, handle => handle.datasync())
    // The first time, the name of the file must last, too.
    if (this.#named.has(keyOf(id))) return
    await syncFolder(this.#partial)
    this.#named.add(keyOf(id))
  }

  /** The checksum, of a type as in Metadata, of the first `size` octets as the disk has them. */
  checksum(id: FileId, size: number, type: number): Promise<number> {
    return this.#lend(id, handle => checksumOf(handle, size, type))
  }

  /** The first `size` octets, as the disk has them. */
  content(id: FileId, size: number): Promise<Uint8Array> {
    return this.#lend(id, async handle => {
      const octets = new Uint8Array(size)
      for (let done = 0; done < size; ) {
        const { bytesRead } = await handle.read(octets, done, size - done, done)
        if (bytesRead === 0) throw new Error(`Cannot read ${size} octets: ${done} are held`)
        done += bytesRead
      }
      return octets
    })
  }

  /**
   * Gives the file its name, and answers its path. Where the name is taken by another file, `name.2` and so on.
   * Until discard() it keeps its partial name too: so after a crash at any point it may be called
   * again, finds its own work, and answers the same path.
   * @param name a relative path from safeName()
   */
  async deliver(id: FileId, size: number, name: string): Promise<string> {
    const inode = await this.#lend(id, async handle => {
      const { ino, size: held } = await handle.stat()
      if (held < size)
        throw new Error(`Cannot deliver ${name}: ${held} octets are held, it has ${size}`)
      await handle.truncate(size)
      await handle.chmod(0o644)
      await handle.sync()
      return ino
    })
    const folder = await this.#folder(name)
    const base = name.slice(name.lastIndexOf('/') + 1)
    for (let n = 1; ; n++) {
      const path = join(folder, n === 1 ? base : numbered(base, n))
      if (await this.#linked(id, inode, path)) {
        await syncFolder(folder)
        return path
      }
    }
  }

  /** Forgets the partial file: it was delivered, and that is written down, or nobody wants it. */
  async discard(id: FileId): Promise<void> {
    const key = keyOf(id)
    const file = this.#open.get(key)
    this.#open.delete(key)
    await close(file)
    this.#named.delete(key)
    await rm(join(this.#partial, key), { force: true })
    await syncFolder(this.#partial)
  }

  /** The partial files there are, whoever began them. */
  async leftovers(): Promise<readonly FileId[]> {
    const names = await readdir(this.#partial)
    return names.flatMap(name => {
      const [, source, sequence] = /^(\d+)-(\d+)\.part$/.exec(name) ?? []
      if (source === undefined || sequence === undefined) return []
      return [{ source: unsigned(BigInt(source)), sequence: unsigned(BigInt(sequence)) }]
    })
  }

  async close(): Promise<void> {
    const files = [...this.#open.values()]
    this.#open.clear()
    await Promise.all(files.map(close))
  }

  /** Nobody closes the file while `use` has it, but discard(). */
  async #lend<Result>(id: FileId, use: (handle: FileHandle) => Promise<Result>): Promise<Result> {
    const key = keyOf(id)
    const file = this.#open.get(key) ?? { handle: this.#opened(key), users: 0 }
    this.#open.delete(key)
    this.#open.set(key, file)
    file.users += 1
    try {
      const handle = await file.handle
      await this.#closeIdle()
      return await use(handle)
    } finally {
      file.users -= 1
    }
  }

  async #opened(key: string): Promise<FileHandle> {
    const flags = constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW
    try {
      return await open(join(this.#partial, key), flags, 0o600)
    } catch (error) {
      this.#open.delete(key)
      throw error
    }
  }

  /** Of too many that are open, closes the one that was not used for longest. */
  async #closeIdle(): Promise<void> {
    if (this.#open.size <= HANDLES_MAX) return
    for (const [key, file] of this.#open) {
      if (file.users > 0) continue
      this.#open.delete(key)
      await close(file)
      return
    }
  }

  /** Makes the folders that `name` leads through, one by one: none of them may be a link to elsewhere. */
  async #folder(name: string): Promise<string> {
    let folder = this.#root
    for (const component of name.split('/').slice(0, -1)) {
      const next = join(folder, component)
      const made = await unless(
        'EEXIST',
        mkdir(next).then(() => true),
      )
      if (made === true) await syncFolder(folder)
      if (!(await lstat(next)).isDirectory())
        throw new NameRefused(`Cannot deliver ${name}: ${next} is not a folder`)
      folder = next
    }
    if ((await realpath(folder)) !== folder)
      throw new NameRefused(`Cannot deliver ${name}: ${folder} leads out of the archive`)
    return folder
  }

  /** Answers false if another file has the name. link(2) never overwrites, and no other can come between. */
  async #linked(id: FileId, inode: number, path: string): Promise<boolean> {
    try {
      await link(join(this.#partial, keyOf(id)), path)
      return true
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error
      return (await unless('ENOENT', lstat(path)))?.ino === inode
    }
  }
}

interface OpenFile {
  readonly handle: Promise<FileHandle>
  /** How many use it now. */
  users: number
}

/** One that could not be opened is closed. */
async function close(file: OpenFile | undefined): Promise<void> {
  const handle = await file?.handle.catch(() => undefined)
  await handle?.close()
}

/** `name.2`; a name that is too long for it gives up characters at its end. */
function numbered(base: string, n: number): string {
  const suffix = `.${n}`
  const characters = Array.from(base)
  while (Buffer.byteLength(characters.join('')) + suffix.length > COMPONENT_OCTETS_MAX)
    characters.pop()
  return characters.join('') + suffix
}

function keyOf(id: FileId): string {
  return `${id.source}-${id.sequence}.part`
}

/** Files kept open though nobody uses them; the rest are opened again when octets for them come. */
const HANDLES_MAX = 64
