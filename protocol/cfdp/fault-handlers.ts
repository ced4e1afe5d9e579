/**
 * What an end does about a fault. CCSDS 727.0-B-5, 4.8; for the override in the Metadata, 5.4.4:
 *
 *      8 bits   8 bits   4           4
 *     +--------+--------+-----------+---------+
 *     | type 4 | 1      | condition | handler |
 *     +--------+--------+-----------+---------+
 *
 * The handler is 1 cancel, 2 suspend, 3 ignore, 4 abandon. What is written otherwise overrides nothing.
 */
import { CONDITION } from './condition.ts'
import type { Tlv } from './pdu/pdu.ts'
import { TLV } from './pdu/tlv.ts'

/** To abandon is to end at once, without another word to the other end. */
export type FaultHandler = 'cancel' | 'suspend' | 'ignore' | 'abandon'

/** By condition code. What is not named is cancelled, or abandoned where the two ends cannot talk any more. */
export type FaultHandlers = Readonly<Partial<Record<number, FaultHandler>>>

/** `handlers` as the Metadata's options have it; the last word on a condition counts. */
export function overridden(options: readonly Tlv[], handlers: FaultHandlers = {}): FaultHandlers {
  const all: Partial<Record<number, FaultHandler>> = { ...handlers }
  for (const { type, value } of options) {
    const [octet] = value
    if (type !== TLV.faultHandler || octet === undefined || value.length !== 1) continue
    const condition = octet >>> 4
    const handler = HANDLERS[octet & 0x0f]
    if (handler !== undefined && isFault(condition)) all[condition] = handler
  }
  return all
}

/** The option of a Metadata PDU that says what the receiver does about `condition`. */
export function overrideOption(condition: number, handler: FaultHandler): Tlv {
  const value = Uint8Array.of((condition << 4) | HANDLERS.indexOf(handler))
  return { type: TLV.faultHandler, value }
}

/** No error and the two requests of a user are conditions, but no faults. Table 5-5. */
function isFault(condition: number): boolean {
  return condition !== CONDITION.noError && condition <= CONDITION.unsupportedChecksumType
}

const HANDLERS: readonly (FaultHandler | undefined)[] = [
  undefined,
  'cancel',
  'suspend',
  'ignore',
  'abandon',
]
