/** Keys from files that only their owner can read. What is in them is in no message. */
import { open } from 'node:fs/promises'

/** A key file that cannot be used. The message has its path, never its content. */
export class KeyRefused extends Error {
  override readonly name = 'KeyRefused'
}

/** 32 octets: as they are, or as 64 hexadecimal digits in a line. @throws KeyRefused; the error of the disk */
export async function readKey(path: string): Promise<Uint8Array> {
  const file = await open(path, 'r')
  try {
    const about = await file.stat()
    if (!about.isFile()) throw new KeyRefused(`Cannot use ${path} as a key: it is no file`)
    const mode = about.mode & 0o777
    if ((mode & ~OWNER_READS) !== 0)
      throw new KeyRefused(
        `Cannot use ${path} as a key: its mode is ${octal(mode)}; it must be ${octal(OWNER_READS)}`,
      )
    const octets = Buffer.alloc(FILE_OCTETS_MAX)
    const { bytesRead } = await file.read(octets, 0, octets.length, 0)
    const key = keyIn(octets.subarray(0, bytesRead))
    octets.fill(0)
    if (key === undefined)
      throw new KeyRefused(
        `Cannot use ${path} as a key: it must hold 32 octets, or 64 hexadecimal digits`,
      )
    return key
  } finally {
    await file.close()
  }
}

function keyIn(octets: Buffer): Uint8Array | undefined {
  if (octets.length === KEY_OCTETS) return Uint8Array.from(octets)
  const text = octets.toString('latin1').trim()
  return /^[0-9a-f]{64}$/i.test(text) ? Uint8Array.from(Buffer.from(text, 'hex')) : undefined
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0')
}

const KEY_OCTETS = 32
/** Digits, and the end of a line. */
const FILE_OCTETS_MAX = 66
const OWNER_READS = 0o400
