/**
 * An emulator: the pure machine that behaves as a modem of one kind, as its host and the air see it, and misbehaves
 * on demand. It runs behind a line in emulated.ts, and in virtual time in the tests.
 */
import type { Instant, Machine } from '../../protocol/machine.ts'

export interface ModemEmulator extends Machine<EmulatorInput, EmulatorEffect> {
  /** Its power fails for a moment: what it held is gone. */
  reboot(now: Instant): void
  readonly counters: Readonly<Record<string, number>>
}

export type EmulatorInput =
  /** Octets from the host; borrowed until the call returns. */
  | { readonly kind: 'host'; readonly octets: Uint8Array }
  /** A frame off the air, whole and right: what the modem itself checks is not emulated. */
  | { readonly kind: 'air'; readonly octets: Uint8Array }

/** Octets are the receiver's own. */
export type EmulatorEffect =
  | { readonly kind: 'host'; readonly octets: Uint8Array }
  /** A frame has left. */
  | { readonly kind: 'air'; readonly octets: Uint8Array }

export const MISBEHAVIOURS = [
  'lost-credit',
  'double-credit',
  'stall',
  'reboot',
  'overrun',
  'baud',
  'noise',
  'lines',
] as const

/**
 * lost-credit: an answer to the host does not come; double-credit: it comes twice; stall: for some seconds it takes
 * and gives nothing; reboot: it restarts in the middle of what it is told; overrun: a frame that it took is lost in
 * it; baud: for a while every octet to and from the host is another one; noise: octets come that nobody sent; lines:
 * lines of text come between what is sent.
 */
export type Misbehaviour = (typeof MISBEHAVIOURS)[number]

export function isMisbehaviour(value: unknown): value is Misbehaviour {
  return (MISBEHAVIOURS as readonly unknown[]).includes(value)
}
