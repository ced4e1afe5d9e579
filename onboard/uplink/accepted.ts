/** The record by which no frame of SDLS is taken twice: it is in the journal before the frame changes anything. */
export interface AcceptedRecord {
  readonly kind: 'accepted number'
  readonly spi: number
  /** The number taken last, of up to 96 bits, in decimal digits. */
  readonly number: string
}

/** A record as it came from the disk, or undefined: it is another one. */
export function acceptedRecord(value: unknown): AcceptedRecord | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { kind, spi, number } = value as Partial<AcceptedRecord>
  if (kind !== 'accepted number' || !Number.isSafeInteger(spi)) return undefined
  return typeof number === 'string' && DIGITS.test(number) ? (value as AcceptedRecord) : undefined
}

const DIGITS = /^\d{1,29}$/
