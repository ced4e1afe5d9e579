/** A file of the ack buffer as a CFDP transmission. */
import type { Transmission } from '../protocol/cfdp/transmission.ts'
import type { Entry } from './buffer/ack-buffer.ts'
import type { SpacecraftSettings } from './settings.ts'

/** Of one whose checksum is known. */
export function transmissionOf(entry: Entry, settings: SpacecraftSettings): Transmission {
  const { cfdp, entity, peer } = settings
  const name = UTF8.encode(entry.name)
  return {
    source: entity,
    sequence: entry.sequence,
    destination: peer,
    entityOctets: cfdp.entityOctets,
    sequenceOctets: cfdp.sequenceOctets,
    acknowledged: cfdp.acknowledged,
    closureRequested: cfdp.closureRequested,
    pduCrc: cfdp.pduCrc,
    fileSize: entry.identity.octets,
    checksumType: cfdp.checksumType,
    checksum: entry.checksum as number,
    sourceName: name,
    destinationName: name,
    options: [],
  }
}

const UTF8 = new TextEncoder()
