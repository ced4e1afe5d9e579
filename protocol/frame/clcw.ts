/**
 * The communications link control word: what the spacecraft says of the commands it heard, in the
 * operational control field of every TM frame. CCSDS 232.0-B-4, 4.2.
 *
 *       1     2       3      2    6      2     1    1     1      1      1      2     1     8     bits
 *     +----+-----+--------+-----+----+-------+----+-----+------+------+------+------+---+--------+
 *     |type| ver | status | cop | vc | spare |no  |no   |lock- | wait | re-  | FARM |sp.| report |
 *     | 0  |  0  |        |     |    |       |RF  |lock | out  |      |transm| B    |   |        |
 *     +----+-----+--------+-----+----+-------+----+-----+------+------+------+------+---+--------+
 */
export interface Clcw {
  /** Mission-specific, 3 bits. */
  readonly status: number
  /** 1: COP-1. */
  readonly cop: number
  /** 0 to 63: the virtual channel of the uplink. */
  readonly virtualChannel: number
  readonly noRf: boolean
  readonly noBitLock: boolean
  readonly lockout: boolean
  readonly wait: boolean
  readonly retransmit: boolean
  /** Counts bypass frames accepted, modulo 4. */
  readonly farmB: number
  /** V(R): the sequence number expected next. */
  readonly report: number
}

/** The word, as an unsigned integer of 32 bits. */
export function encodeClcw(clcw: Clcw): number {
  const flags =
    (clcw.noRf ? NO_RF : 0) |
    (clcw.noBitLock ? NO_BIT_LOCK : 0) |
    (clcw.lockout ? LOCKOUT : 0) |
    (clcw.wait ? WAIT : 0) |
    (clcw.retransmit ? RETRANSMIT : 0)
  return (
    (((clcw.status & 7) << 26) |
      ((clcw.cop & 3) << 24) |
      ((clcw.virtualChannel & 63) << 18) |
      flags |
      ((clcw.farmB & 3) << 9) |
      (clcw.report & 255)) >>>
    0
  )
}

/** undefined: the word is another report than a CLCW of version 0. */
export function decodeClcw(word: number): Clcw | undefined {
  if (word >>> 29 !== 0) return undefined
  return {
    status: (word >>> 26) & 7,
    cop: (word >>> 24) & 3,
    virtualChannel: (word >>> 18) & 63,
    noRf: (word & NO_RF) !== 0,
    noBitLock: (word & NO_BIT_LOCK) !== 0,
    lockout: (word & LOCKOUT) !== 0,
    wait: (word & WAIT) !== 0,
    retransmit: (word & RETRANSMIT) !== 0,
    farmB: (word >>> 9) & 3,
    report: word & 255,
  }
}

const NO_RF = 0x8000
const NO_BIT_LOCK = 0x4000
const LOCKOUT = 0x2000
const WAIT = 0x1000
const RETRANSMIT = 0x0800
