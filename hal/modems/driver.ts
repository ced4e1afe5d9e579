/**
 * A driver: the pure machine that speaks the protocol of one kind of modem. Frames of the house go in and octets
 * for the modem come out; octets of the modem go in and what it heard off the air comes out. It runs over a real
 * line in driven-modem.ts, and in virtual time against an emulator in the tests.
 *
 * Credit is absolute: `roomFrames` says what the modem would take now by the newest word of it, and a driver that
 * waits for such a word asks again at its `deadline`. So an answer that is lost, or comes twice, costs one question.
 */
import type { Machine } from '../../protocol/machine.ts'
import type { ModemCapabilities, ModemCounters, SendOutcome } from '../ports.ts'

export interface ModemDriver extends Machine<DriverInput, DriverEffect> {
  readonly capabilities: ModemCapabilities
  /** How many frames it takes now. It is told no more of them than this. */
  readonly roomFrames: number
  /** Several sends that fit a frame go in one; they do unless it says false. */
  readonly packsSends?: boolean
  /** What it went through since its start, by name. */
  readonly events: Readonly<Record<string, number>>
}

export type DriverInput =
  /** The line to the modem came, or went: what was on it is lost, and the modem may be another one. */
  | { readonly kind: 'line'; readonly isThere: boolean }
  /** Off the line; borrowed until the call returns. */
  | { readonly kind: 'octets'; readonly octets: Uint8Array }
  /** One frame to send, `frameOctetsMax` octets at the most; the driver's own. */
  | { readonly kind: 'frame'; readonly octets: Uint8Array }
  /** The oldest 'write' that was not told of is on the line, or lost with it. */
  | { readonly kind: 'written'; readonly outcome: SendOutcome }
  /** Whether it may send: a file store stages until then. A driver may, until it is told. */
  | { readonly kind: 'transmit'; readonly enabled: boolean }
  /** The modem is to say who and how it is: answered by 'telemetry', once or never. */
  | { readonly kind: 'probe' }

export type DriverEffect =
  /** To the modem; the receiver's own. Answered, in order, by 'written'. */
  | { readonly kind: 'write'; readonly octets: Uint8Array }
  | Heard
  /** Of the oldest frame that was not told of. */
  | { readonly kind: 'outcome'; readonly outcome: SendOutcome }
  | { readonly kind: 'telemetry'; readonly fields: Telemetry }

/** Octets off the air, the receiver's own. */
export interface Heard {
  readonly kind: 'heard'
  readonly octets: Uint8Array
  /** When they were heard, if the modem says: UTC in milliseconds since 1970. */
  readonly utcMs?: number
}

export type Telemetry = Readonly<Record<string, string | number>>

/** The line that a driver works on: octets in chunks, or datagrams, or transfers of a bus. */
export interface HostLine {
  /** Each chunk is the reader's own. */
  received(): AsyncIterable<Uint8Array>
  send(octets: Uint8Array): Promise<SendOutcome>
  /** Tells `watcher` whether the line is there: now, and whenever that changes. */
  watch(watcher: (isThere: boolean) => void): void
  readonly counters: ModemCounters
  close(): Promise<void>
}
