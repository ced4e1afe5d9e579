/** What is said of a transaction to a user elsewhere: a code of two bits, and a report as text. 6.4. */
import type { Status } from '../entity/indications.ts'
import type { TransactionId } from '../pdu/pdu.ts'

/** Transactions as the entity knows them. */
export interface Transactions {
  statusOf(id: TransactionId): Status | undefined
  hasEnded(id: TransactionId): boolean
}

/** 1 active, 2 terminated, 3 unrecognized. */
export function transactionStatusOf(transactions: Transactions, id: TransactionId): number {
  if (transactions.statusOf(id) !== undefined) return ACTIVE
  return transactions.hasEnded(id) ? TERMINATED : UNRECOGNIZED
}

/** A line for each thing that is known. */
export function reportOf({ source, sequence }: TransactionId, status: Status): string {
  const lines = [`transaction=${source}-${sequence}`]
  for (const [name, value] of Object.entries(status)) lines.push(`${name}=${value ?? 'unknown'}`)
  return `${lines.join('\n')}\n`
}

const ACTIVE = 1
const TERMINATED = 2
const UNRECOGNIZED = 3
