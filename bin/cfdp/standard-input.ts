/** Standard input as a file that still grows: it is sent as it comes, and kept on the disk for what is asked for again. */
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export class StandardInput {
  readonly path: string
  readonly #folder: string

  private constructor(folder: string) {
    this.#folder = folder
    this.path = join(folder, 'input')
  }

  static async open(): Promise<StandardInput> {
    return new StandardInput(await mkdtemp(join(tmpdir(), 'downpour-send-')))
  }

  /** How many octets are there, until that was all. Rejects if the disk does not take them. */
  async *growth(input: AsyncIterable<Uint8Array> = process.stdin): AsyncGenerator<number> {
    const file = await open(this.path, 'w')
    try {
      let octets = 0
      for await (const chunk of input) {
        await file.writeFile(chunk)
        octets += chunk.length
        yield octets
      }
    } finally {
      await file.close()
    }
  }

  async close(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true })
  }
}
