/** The record by which no number of SDLS is used twice: it is in the journal before the first of them is. */
export interface ReservedRecord {
  readonly kind: 'reserved'
  readonly spi: number
  /** Numbers below this one may have been used. */
  readonly next: number
}

/** The first number that is free under `spi`, by the records of a journal; undefined: none was ever reserved. */
export function reservedFor(
  spi: number | undefined,
  records: readonly unknown[],
): number | undefined {
  let first: number | undefined
  for (const value of records)
    if (isReserved(value) && value.spi === spi) first = Math.max(first ?? 0, value.next)
  return first
}

function isReserved(value: unknown): value is ReservedRecord {
  if (typeof value !== 'object' || value === null) return false
  const { kind, spi, next } = value as Partial<ReservedRecord>
  return kind === 'reserved' && Number.isSafeInteger(spi) && Number.isSafeInteger(next)
}
