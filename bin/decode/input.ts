/** The chunks of a file, or of standard input for `-`. */
import { type FileHandle, open } from 'node:fs/promises'
import { UsageError } from '../options.ts'

export interface Input {
  /** 0: nobody knows. */
  readonly octets: number
  /** Each chunk is borrowed until the next is asked for. */
  chunks(): AsyncIterable<Uint8Array>
}

/** @throws UsageError if it cannot be opened, or holds no octets but other files */
export async function openInput(path: string): Promise<Input> {
  if (path === '-') return { octets: 0, chunks: () => process.stdin as AsyncIterable<Uint8Array> }
  try {
    const handle = await open(path)
    const stat = await handle.stat()
    if (stat.isDirectory()) {
      await handle.close()
      throw new UsageError(`Cannot read ${path}: it is a folder`)
    }
    const { size } = stat
    return { octets: size, chunks: () => chunksOf(handle) }
  } catch (error) {
    if (error instanceof UsageError) throw error
    if (error instanceof Error) throw new UsageError(`Cannot read ${path}: ${error.message}`)
    throw error
  }
}

async function* chunksOf(handle: FileHandle): AsyncIterable<Uint8Array> {
  const buffer = new Uint8Array(CHUNK_OCTETS)
  try {
    for (;;) {
      const { bytesRead } = await handle.read(buffer)
      if (bytesRead === 0) return
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    await handle.close()
  }
}

const CHUNK_OCTETS = 256 * 1024
