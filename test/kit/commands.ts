/** What a station sends, for tests that do not look at how. */
import { aesGcm } from '../../hal/aes-gcm.ts'
import type { Body, Header } from '../../protocol/cfdp/pdu/pdu.ts'
import { encodeCltu } from '../../protocol/frame/cltu.ts'
import type { Security } from '../../protocol/frame/sdls/association.ts'
import { encodeTcFrame } from '../../protocol/frame/tc.ts'
import type { CommandEncoder } from '../../station/commands.ts'

/** One PDU with the BD service: its CLTUs, one behind the other. */
export function commandOctets(encoder: CommandEncoder, header: Header, body: Body): Uint8Array {
  const cltus = encoder
    .fields(header, body)
    .map(field => encoder.cltu({ type: 'bd', fdu: { field } }))
  return Uint8Array.from(cltus.flatMap(cltu => [...cltu]))
}

/** A frame of type AD, not secured, whose number is far from any that is expected first. */
export function lockingCommand(): Uint8Array {
  const about = { spacecraftId: 42, virtualChannel: 0, bypass: false, control: false, sequence: 99 }
  const frame = encodeTcFrame({ ...about, field: Uint8Array.of(1) }, { fecf: true })
  return encodeCltu(frame, { randomized: true })
}

/** One association, whose key is made of one octet. */
export function securityOf(spi: number, key = 7): Security {
  const aead = aesGcm(new Uint8Array(32).fill(key))
  return {
    spi,
    associations: [{ spi, mode: 'encrypt', aead, operational: true }],
    window: 2 ** 48,
    segmented: false,
  }
}
