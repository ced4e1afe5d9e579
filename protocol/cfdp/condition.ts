/** Condition codes. CCSDS 727.0-B-5, table 5-5. */
export const CONDITION = {
  noError: 0,
  positiveAckLimitReached: 1,
  keepAliveLimitReached: 2,
  invalidTransmissionMode: 3,
  filestoreRejection: 4,
  fileChecksumFailure: 5,
  fileSizeError: 6,
  nakLimitReached: 7,
  inactivityDetected: 8,
  invalidFileStructure: 9,
  checkLimitReached: 10,
  unsupportedChecksumType: 11,
  suspendRequestReceived: 14,
  cancelRequestReceived: 15,
} as const

/** What an operator reads. Reserved codes are named by their number. */
export function conditionName(code: number): string {
  return NAMES[code] ?? `reserved condition ${code}`
}

const NAMES: Readonly<Record<number, string>> = {
  0: 'no error',
  1: 'positive ACK limit reached',
  2: 'keep alive limit reached',
  3: 'invalid transmission mode',
  4: 'filestore rejection',
  5: 'file checksum failure',
  6: 'file size error',
  7: 'NAK limit reached',
  8: 'inactivity detected',
  9: 'invalid file structure',
  10: 'check limit reached',
  11: 'unsupported checksum type',
  14: 'suspend request received',
  15: 'cancel request received',
}
