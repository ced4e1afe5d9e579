/** A transmission for tests to which its particulars do not matter. */
import type { Transmission } from '../../protocol/cfdp/transmission.ts'

export function someTransmission(changes: Partial<Transmission> = {}): Transmission {
  return {
    source: 1,
    sequence: 5,
    destination: 2,
    entityOctets: 1,
    sequenceOctets: 4,
    acknowledged: true,
    closureRequested: false,
    pduCrc: false,
    fileSize: 1_000,
    checksumType: 0,
    checksum: 0x1234_5678,
    sourceName: new TextEncoder().encode('file.dat'),
    destinationName: new TextEncoder().encode('file.dat'),
    options: [],
    ...changes,
  }
}
