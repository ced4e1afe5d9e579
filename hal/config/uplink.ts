/** The uplink of a configuration, and what stands around a packet, or a part of one, in one of its TC frames. */
import { SECURITY_OCTETS } from '../../protocol/frame/sdls/association.ts'
import { SEGMENT_HEADER_OCTETS } from '../../protocol/frame/segment.ts'

export interface UplinkConfig {
  readonly virtualChannel: number
  readonly apid: number
  readonly commandApid: number
  readonly randomized: boolean
  readonly rateBps: number
  readonly frameOctetsMax: number
  readonly service: 'ad' | 'bd' | 'none'
  readonly cop1: {
    /** Frames under way at once; the receiving window is twice that. */
    readonly window: number
    /** Milliseconds of contact. */
    readonly timeoutMs: number
    readonly transmissionLimit: number
    readonly atLimit: 'alert' | 'suspend'
  }
  readonly segmentation: { readonly map: number; readonly packetOctetsMax: number } | undefined
  readonly sdls: SdlsConfig | undefined
}

export interface SdlsConfig extends AssociationConfig {
  readonly window: number
  readonly others: readonly (AssociationConfig & { readonly operational: boolean })[]
}

export interface AssociationConfig {
  readonly spi: number
  readonly keyFile: string
  readonly mode: 'encrypt' | 'authenticate'
}

/** Octets of header, error control, segment header and security. */
export function frameOverhead({
  segmentation,
  sdls,
}: Pick<UplinkConfig, 'segmentation' | 'sdls'>): number {
  const segment = segmentation === undefined ? 0 : SEGMENT_HEADER_OCTETS
  return TC_OCTETS + segment + (sdls === undefined ? 0 : SECURITY_OCTETS)
}

/** Header and error control of a TC frame. */
const TC_OCTETS = 5 + 2
