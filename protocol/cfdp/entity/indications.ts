/** What an entity tells its user. CCSDS 727.0-B-5, 3.4.5 to 3.4.16. */
import type { FaultHandler } from '../fault-handlers.ts'
import type { FilestoreResponse } from '../pdu/filestore.ts'
import type { Finished, Metadata, SegmentMetadata, TransactionId } from '../pdu/pdu.ts'

/** The indications of CCSDS 727.0-B-5, 3.4.5 to 3.4.16, and what became of a request that has no transaction. */
export type Indication =
  | { readonly kind: 'transaction'; readonly id: TransactionId; readonly token: number }
  | { readonly kind: 'put refused'; readonly token: number; readonly why: string }
  | { readonly kind: 'eof-sent'; readonly id: TransactionId }
  | { readonly kind: 'metadata-recv'; readonly id: TransactionId; readonly metadata: Metadata }
  | {
      readonly kind: 'file-segment-recv'
      readonly id: TransactionId
      readonly offset: number
      readonly length: number
      /** Record continuation state, 0 to 3 as in 5.3, and octets of the user at the other end, if any came. */
      readonly segmentMetadata: SegmentMetadata | undefined
    }
  | { readonly kind: 'eof-recv'; readonly id: TransactionId }
  | {
      readonly kind: 'transaction-finished'
      readonly id: TransactionId
      readonly condition: number
      /** Delivery code: the file is whole where it was to go. Undefined: nobody said. */
      readonly complete: boolean | undefined
      /** 0 discarded, 1 discarded by the filestore, 2 retained, 3 unreported. */
      readonly fileStatus: number
      /** What was said at the end, by whichever end said it. */
      readonly finished: Finished | undefined
      /** Where a file that was received is. */
      readonly path: string | undefined
      /** What became of the filestore requests, as far as the receiver said or says it. */
      readonly filestoreResponses: readonly FilestoreResponse[]
    }
  | {
      readonly kind: 'fault'
      readonly id: TransactionId
      readonly condition: number
      /** What is done about it. */
      readonly handler: FaultHandler
      /** Octets of the file that were sent, or are held. */
      readonly progress: number
      readonly why: string | undefined
    }
  | { readonly kind: 'suspended'; readonly id: TransactionId; readonly condition: number }
  | { readonly kind: 'resumed'; readonly id: TransactionId; readonly progress: number }
  /** It ends at once, and the other end is told nothing; 'transaction-finished' follows. */
  | {
      readonly kind: 'abandoned'
      readonly id: TransactionId
      readonly condition: number
      readonly progress: number
    }
  | { readonly kind: 'report'; readonly id: TransactionId; readonly status: Status | undefined }

/** What a report says; undefined in its place: this transaction is not known, or no more. */
export interface Status {
  readonly direction: 'sending' | 'receiving'
  readonly state: string
  readonly suspended: boolean
  readonly progress: number
  readonly fileOctets: number | undefined
  readonly condition: number
}
