/** The files that are being sent: each the one that was digested, or none. */
import type { TransactionId } from '../../protocol/cfdp/pdu/pdu.ts'
import { digest } from '../files/digest.ts'
import { type FileIdentity, SourceChanged } from '../files/file-source.ts'
import { readSource } from '../source-files.ts'

export class Sources {
  readonly #files = new Map<string, { readonly path: string; readonly identity: FileIdentity }>()

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
