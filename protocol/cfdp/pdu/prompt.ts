/**
 * The Prompt PDU: the sender asks the receiver for a NAK, or for a Keep Alive.
 * CCSDS 727.0-B-5, 5.2.7. One bit, set for a Keep Alive, and seven spare ones.
 */
import type { OctetReader } from '../../octets/reader.ts'
import type { OctetWriter } from '../../octets/writer.ts'
import type { Prompt } from './pdu.ts'

export function encodePrompt(prompt: Prompt, out: OctetWriter): void {
  out.octet(prompt.wants === 'keep alive' ? 0x80 : 0)
}

/** @throws DecodeFault and nothing else, whatever the octets are. */
export function decodePrompt(fields: OctetReader): Prompt {
  return { kind: 'prompt', wants: (fields.octet() & 0x80) === 0 ? 'nak' : 'keep alive' }
}
