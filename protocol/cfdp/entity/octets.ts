/**
 * PDUs to octets and back, with the quirks of the peer that they go to or come from. What a quirk changes is
 * changed in the octets, so that nothing behind this file knows of it.
 */
import { OctetWriter } from '../../octets/writer.ts'
import { encodePdu, headerOctets } from '../pdu/codec.ts'
import type { Body, Header, Metadata, Pdu } from '../pdu/pdu.ts'
import type { Quirks } from '../remote.ts'

export class PduEncoder {
  readonly #out = new OctetWriter(2_048)

  /** The octets, borrowed until the next call. */
  encode(header: Header, body: Body, quirks: Quirks): Uint8Array {
    this.#out.clear()
    encodePdu({ header, body }, this.#out)
    const octets = this.#out.written()
    // Such a peer has no CRC that would have to be made anew.
    if (quirks.closureAtBit7 && body.kind === 'metadata' && body.closureRequested) {
      const at = flagsAt(header)
      octets[at] = (octets[at] as number) | BIT_7
    }
    return octets
  }
}

/** What the peer meant: `octets` are those that `pdu` was read from. */
export function meant(pdu: Pdu, octets: Uint8Array, quirks: Quirks): Body {
  const { header, body } = pdu
  if (!quirks.closureAtBit7 || body.kind !== 'metadata') return body
  const closureRequested = ((octets[flagsAt(header)] as number) & BIT_7) !== 0
  return { ...body, closureRequested } satisfies Metadata
}

/** The first octet of Metadata stands behind the directive code. */
function flagsAt(header: Header): number {
  return headerOctets(header) + 1
}

const BIT_7 = 0x80
