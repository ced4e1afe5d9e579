/**
 * ProcessSecurity: takes the security header and the MAC off a frame, if they are right. What is not right is no
 * frame at all. CCSDS 355.0-B-2, 3.3 and 4.2.4.
 *
 * A frame is opened first and its number accepted later, when COP-1 has taken it: so one that comes too early can
 * be sent again as it is, by peers that secure a frame once and number it then.
 */
import type { TcFrame } from '../tc.ts'
import { IV_OCTETS, MAC_OCTETS } from './aead.ts'
import {
  type Association,
  associatedOctets,
  joined,
  SECURITY_HEADER_OCTETS,
  type Security,
} from './association.ts'

/** Why a frame is refused: too short; SPI unknown; SPI not operational; wrong MAC; seen before; too far ahead. */
export type SecurityRefusal =
  | 'short'
  | 'unknown'
  | 'not operational'
  | 'unauthentic'
  | 'replayed'
  | 'ahead'

export interface OpenedFrame {
  readonly kind: 'opened'
  readonly spi: number
  /** The number in the IV. */
  readonly number: bigint
  /** As it was before it was secured; borrowed from the frame where nothing was encrypted. */
  readonly frame: TcFrame
}

export interface RefusedFrame {
  readonly kind: 'refused'
  readonly why: SecurityRefusal
  readonly spi: number | undefined
}

export class SecurityReceiver {
  readonly #associations = new Map<number, Association>()
  readonly #segmented: boolean
  readonly #window: bigint
  /** The number accepted last, by SPI. */
  readonly #accepted = new Map<number, bigint>()
  readonly counters = {
    opened: 0,
    short: 0,
    unknown: 0,
    'not operational': 0,
    unauthentic: 0,
    replayed: 0,
    ahead: 0,
  }

  constructor({ associations, window, segmented }: Security) {
    for (const association of associations) this.#associations.set(association.spi, association)
    this.#segmented = segmented
    this.#window = BigInt(window)
  }

  open(frame: TcFrame): OpenedFrame | RefusedFrame {
    const { field, virtualChannel } = frame
    const header = field.subarray(0, this.#segmented ? 1 : 0)
    const at = header.length + SECURITY_HEADER_OCTETS
    if (field.length <= at + MAC_OCTETS) return this.#refuse('short')
    const spi = ((field[header.length] as number) << 8) | (field[header.length + 1] as number)
    const association = this.#associations.get(spi)
    if (association === undefined) return this.#refuse('unknown', spi)
    if (!association.operational) return this.#refuse('not operational', spi)
    const iv = field.subarray(at - IV_OCTETS, at)
    const associated = associatedOctets(virtualChannel, header, spi)
    const data = openedData(association, iv, associated, field.subarray(at))
    if (data === undefined) return this.#refuse('unauthentic', spi)
    const number = numberOf(iv)
    const last = this.#accepted.get(spi) ?? 0n
    if (number <= last) return this.#refuse('replayed', spi)
    if (number > last + this.#window) return this.#refuse('ahead', spi)
    this.counters.opened += 1
    return { kind: 'opened', spi, number, frame: { ...frame, field: joined(header, data) } }
  }

  /** What was opened was taken: its number and those before it are used up. */
  accept(spi: number, number: bigint): void {
    const last = this.#accepted.get(spi)
    if (last === undefined || number > last) this.#accepted.set(spi, number)
  }

  /** By SPI, the number accepted last. */
  accepted(): IterableIterator<[number, bigint]> {
    return this.#accepted.entries()
  }

  #refuse(why: SecurityRefusal, spi?: number): RefusedFrame {
    this.counters[why] += 1
    return { kind: 'refused', why, spi }
  }
}

function openedData(
  { aead, mode }: Association,
  iv: Uint8Array,
  associated: Uint8Array,
  secured: Uint8Array,
): Uint8Array | undefined {
  if (mode === 'encrypt') return aead.open(iv, associated, secured)
  const end = secured.length - MAC_OCTETS
  const data = secured.subarray(0, end)
  return aead.open(iv, joined(associated, data), secured.subarray(end)) && data
}

function numberOf(iv: Uint8Array): bigint {
  const view = new DataView(iv.buffer, iv.byteOffset)
  return (BigInt(view.getUint32(0)) << 64n) | view.getBigUint64(4)
}
