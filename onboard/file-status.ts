/** One file of the ack buffer as an operator sees it. */
export interface FileStatus {
  readonly name: string
  readonly octets: number
  readonly sequence: number
  readonly state: 'queued' | 'digesting' | 'sending' | 'awaiting' | 'done' | 'failed'
  readonly sentOctets: number
  readonly acknowledgedOctets: number
  /** No octet of it leaves until a command says so. */
  readonly suspended?: true
  readonly why?: string
}
