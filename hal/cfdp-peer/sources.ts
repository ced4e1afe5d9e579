/** The files that are being sent: each the one that was digested, or none. */
import { FileChecksum } from '../../protocol/cfdp/checksum.ts'
import type { TransactionId } from '../../protocol/cfdp/pdu/pdu.ts'
import { digest } from '../files/digest.ts'
import { type FileIdentity, SourceChanged } from '../files/file-source.ts'
import { readSource } from '../source-files.ts'

export class Sources {
  /** One that still grows has no identity. */
  readonly #files = new Map<string, { path: string; identity: FileIdentity | undefined }>()

  /** Rejects if it cannot be read, or changes meanwhile. */
  async digest(
    id: TransactionId,
    path: string,
    checksumType: number,
  ): Promise<{ readonly octets: number; readonly checksum: number }> {
    const { identity, checksum } = await digest(path, checksumType)
    this.#files.set(keyOf(id), { path, identity })
    return { octets: identity.octets, checksum }
  }

  /** It grows, and is read as far as it is there. */
  follow(id: TransactionId, path: string): void {
    this.#files.set(keyOf(id), { path, identity: undefined })
  }

  /** The checksum of so many octets from its start. Rejects with SourceChanged as read() does. */
  async digestFirst(id: TransactionId, octets: number, checksumType: number): Promise<number> {
    const checksum = new FileChecksum(checksumType)
    for (let at = 0; at < octets; at += STRETCH_OCTETS)
      checksum.update(await this.read(id, at, Math.min(STRETCH_OCTETS, octets - at)))
    return checksum.value
  }

  /** Rejects with SourceChanged if it is another file by now. */
  async read(id: TransactionId, offset: number, length: number): Promise<Uint8Array> {
    const file = this.#files.get(keyOf(id))
    if (file === undefined) throw new SourceChanged('Cannot read a file that was let go')
    return readSource({ ...file, offset, length, into: new Uint8Array(length) })
  }

  forget(id: TransactionId): void {
    this.#files.delete(keyOf(id))
  }
}

function keyOf({ source, sequence }: TransactionId): string {
  return `${source}-${sequence}`
}

const STRETCH_OCTETS = 256 * 1_024
