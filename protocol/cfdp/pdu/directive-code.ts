/** Directive codes: the first octet of a File Directive PDU's data field. CCSDS 727.0-B-5, table 5-4. */
export const DIRECTIVE = {
  eof: 0x04,
  finished: 0x05,
  ack: 0x06,
  metadata: 0x07,
  nak: 0x08,
  prompt: 0x09,
  keepAlive: 0x0c,
} as const
