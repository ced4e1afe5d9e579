/**
 * A disk in memory that can fill up and lose its power after any octet. What was synced survives; of the
 * rest, all, or what a seed says.
 */
import type { Disk, DiskFile } from '../journal/disk.ts'

interface Write {
  readonly at: number
  readonly octets: Uint8Array
}

interface Inode {
  octets: Uint8Array
  synced: Uint8Array
  unsynced: Write[]
}

export class PowerCut extends Error {
  override readonly name = 'PowerCut'
}

export class SimDisk implements Disk {
  #names = new Map<string, Inode>()
  #syncedNames = new Map<string, Inode>()
  /** The disk has room for so many octets in all its files. */
  roomOctets = Infinity
  /** Octets, names and syncs that still go through before the power goes. */
  powerLeft = Infinity
  /** Octets, names and syncs that went through. */
  powerUsed = 0

  async open(path: string, create: boolean): Promise<DiskFile> {
    let inode = this.#names.get(path)
    if (create) {
      this.#spend(1)
      inode = { octets: new Uint8Array(), synced: new Uint8Array(), unsynced: [] }
      this.#names.set(path, inode)
    }
    if (inode === undefined) throw systemError('ENOENT', `no file ${path}`)
    return this.#file(inode)
  }

  async rename(from: string, to: string): Promise<void> {
    this.#spend(1)
    const inode = this.#names.get(from)
    if (inode === undefined) throw systemError('ENOENT', `no file ${from}`)
    this.#names.delete(from)
    this.#names.set(to, inode)
  }

  async remove(path: string): Promise<void> {
    this.#spend(1)
    this.#names.delete(path)
  }

  async names(folder: string): Promise<readonly string[]> {
    const start = `${folder}/`
    return [...this.#names.keys()].filter(n => n.startsWith(start)).map(n => n.slice(start.length))
  }

  async syncFolder(): Promise<void> {
    this.#spend(1)
    this.#syncedNames = new Map(this.#names)
  }

  /** The octets of a file as programs see them now. */
  octetsOf(path: string): Uint8Array | undefined {
    return this.#names.get(path)?.octets
  }

  put(path: string, octets: Uint8Array): void {
    const inode = { octets: octets.slice(), synced: octets.slice(), unsynced: [] }
    this.#names.set(path, inode)
    this.#syncedNames.set(path, inode)
  }

  /**
   * The disk when the power is back. `survives` is asked for each write that was not synced, and for all
   * names that were not; without it everything that went through is there.
   */
  powered(survives: () => boolean = () => true): SimDisk {
    const disk = new SimDisk()
    for (const [path, inode] of survives() ? this.#names : this.#syncedNames) {
      let octets = inode.synced
      for (const write of inode.unsynced) if (survives()) octets = overwritten(octets, write)
      disk.put(path, octets)
    }
    return disk
  }

  #file(inode: Inode): DiskFile {
    return {
      octets: async () => inode.octets.length,
      read: async (into, position) => {
        const octets = inode.octets.subarray(position, position + into.length)
        into.set(octets)
        return octets.length
      },
      write: async (octets, position) => {
        const used = [...this.#names.values()].reduce((sum, other) => sum + other.octets.length, 0)
        const room = inode.octets.length - position + Math.max(0, this.roomOctets - used)
        const count = Math.min(octets.length, Math.max(0, room), this.powerLeft)
        const write = { at: position, octets: octets.slice(0, count) }
        inode.octets = overwritten(inode.octets, write)
        inode.unsynced.push(write)
        this.#spend(count)
        if (count < octets.length && this.powerLeft === 0) throw new PowerCut('no power')
        if (count < octets.length) throw systemError('ENOSPC', 'no space left on device')
      },
      sync: async () => {
        this.#spend(1)
        inode.synced = inode.octets.slice()
        inode.unsynced = []
      },
      close: async () => {},
    }
  }

  #spend(count: number): void {
    if (count > this.powerLeft) throw new PowerCut('no power')
    this.powerLeft -= count
    this.powerUsed += count
  }
}

function overwritten(octets: Uint8Array, write: Write): Uint8Array {
  const end = write.at + write.octets.length
  const answer = new Uint8Array(Math.max(octets.length, end))
  answer.set(octets)
  answer.set(write.octets, write.at)
  return answer
}

function systemError(code: string, message: string): Error {
  return Object.assign(new Error(`${code}: ${message}`), { code })
}
