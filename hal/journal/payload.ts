/** What a journal record holds: one value as one CBOR item (RFC 8949). */
// Not from 'cbor-x' itself, which brings streams and a native module: 5 MB of memory.
import { Encoder } from 'cbor-x/encode'

/**
 * Octets of its own. Numbers, strings, booleans, null, undefined, bigint up to 64 bits, Uint8Array, arrays
 * and plain objects come back as they were.
 */
export function encodePayload(value: unknown): Uint8Array {
  return new Uint8Array(CBOR.encode(value))
}

/** Nothing of the answer is a view of `payload`. Undefined if it is not one CBOR item. */
export function decodePayload(payload: Uint8Array): { readonly value: unknown } | undefined {
  try {
    // From a Buffer, byte strings would come back as Buffers.
    return { value: CBOR.decode(new Uint8Array(payload)) }
  } catch {
    return undefined
  }
}

const CBOR = new Encoder({ tagUint8Array: false, useRecords: false, copyBuffers: true })
