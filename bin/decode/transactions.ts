/** The CFDP transactions of a recording. The union of all that was heard of a file counts, whatever its class. */
import { parsePdu } from '../../protocol/cfdp/pdu/codec.ts'
import { headerOctets } from '../../protocol/cfdp/pdu/header.ts'
import type { Body, Header, Pdu } from '../../protocol/cfdp/pdu/pdu.ts'
import { PACKET_HEADER_OCTETS } from '../../protocol/packet/space-packet.ts'
import type { FileWriter } from './file-writer.ts'
import { Transaction, type TransactionReport } from './transaction.ts'

export interface CfdpReport {
  /** By kind. */
  readonly pdus: Readonly<Record<string, number>>
  /** Packets of the APID asked for that hold none. */
  readonly malformed: number
  /** File data and directives beyond the transactions that are kept. */
  readonly ignored: number
  readonly transactions: readonly TransactionReport[]
}

export class Transactions {
  readonly #apid: number | undefined
  readonly #files: FileWriter | undefined
  readonly #open = new Map<string, Transaction>()
  readonly #pdus: Record<string, number> = {}
  #malformed = 0
  #ignored = 0

  /** Without an APID every packet that is a PDU to its last octet is one. Without files nothing is written. */
  constructor({
    apid,
    files,
  }: { readonly apid: number | undefined; files: FileWriter | undefined }) {
    this.#apid = apid
    this.#files = files
  }

  /** Resolves when the packet may be forgotten; undefined: it may at once. */
  take(packet: Uint8Array): Promise<void> | undefined {
    const pdu = this.#pduIn(packet)
    if (pdu === undefined) return undefined
    this.#pdus[pdu.body.kind] = (this.#pdus[pdu.body.kind] ?? 0) + 1
    if (pdu.header.towardSender) return undefined
    const { kind } = pdu.body
    if (kind !== 'metadata' && kind !== 'file data' && kind !== 'eof') return undefined
    const transaction = this.#transactionOf(pdu.header)
    // Of a file that is safe nothing more is wanted.
    if (transaction === undefined || transaction.checksumRight === true) return undefined
    const written = this.#put(transaction, pdu.body)
    // One that was found wrong is looked at again at the end, not at each octet that comes twice.
    if (!transaction.isComplete || transaction.checksumRight === false) return written
    return this.#close(transaction, written)
  }

  /** Writes what is not complete beside what is. */
  async end(): Promise<void> {
    for (const transaction of this.#open.values())
      if (transaction.path === undefined) await this.#endOf(transaction)
    await this.#files?.end()
  }

  report(): CfdpReport {
    return {
      pdus: this.#pdus,
      malformed: this.#malformed,
      ignored: this.#ignored,
      transactions: [...this.#open.values()].map(transaction => transaction.report()),
    }
  }

  #pduIn(packet: Uint8Array): Pdu | undefined {
    const octets = packet.subarray(PACKET_HEADER_OCTETS)
    const apid = (((packet[0] as number) & 7) << 8) | (packet[1] as number)
    if (this.#apid !== undefined && apid !== this.#apid) return undefined
    const pdu = parsePdu(octets)
    if (pdu.kind === 'pdu' && (this.#apid !== undefined || isExact(pdu, octets))) return pdu
    if (this.#apid !== undefined) this.#malformed += 1
    return undefined
  }

  #transactionOf(header: Header): Transaction | undefined {
    const key = `${header.source}-${header.sequence}`
    const known = this.#open.get(key)
    if (known !== undefined) return known
    if (this.#open.size >= TRANSACTIONS_MAX) {
      this.#ignored += 1
      return undefined
    }
    const transaction = new Transaction(header)
    this.#open.set(key, transaction)
    return transaction
  }

  #put(transaction: Transaction, body: Body): Promise<void> | undefined {
    if (body.kind === 'metadata') transaction.takeMetadata(body)
    // Cancelled once and complete in another pass: the EOF that says "no error" counts.
    else if (body.kind === 'eof' && transaction.eof?.condition !== 0) transaction.eof = body
    else if (body.kind === 'file data') {
      const offset = transaction.takeSegment(body)
      if (offset !== undefined) return this.#files?.write(transaction.header, offset, body.octets)
    }
    return undefined
  }

  async #endOf(transaction: Transaction): Promise<void> {
    if (this.#files === undefined) return
    if (transaction.isComplete) transaction.checksumRight = await this.#files.check(transaction)
    const isWhole = transaction.isComplete && transaction.checksumRight !== false
    await (isWhole ? this.#files.deliver(transaction) : this.#files.keepPart(transaction))
  }

  async #close(transaction: Transaction, written: Promise<void> | undefined): Promise<void> {
    await written
    transaction.checksumRight = transaction.summedRight ?? (await this.#files?.check(transaction))
    if (transaction.checksumRight === true) await this.#files?.deliver(transaction)
  }
}

/** Telemetry that looks like a PDU by chance has another length. */
function isExact(pdu: Pdu, octets: Uint8Array): boolean {
  const dataOctets = ((octets[1] as number) << 8) | (octets[2] as number)
  return headerOctets(pdu.header) + dataOctets === octets.length
}

const TRANSACTIONS_MAX = 100_000
