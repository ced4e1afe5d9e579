/** The ports: all that the house asks of the world. Adapters are in this folder, simulated ones in sim/. */
import type { Instant } from '../protocol/machine.ts'

/** A line to the other end: octets in order, some lost, some wrong, never any meaning. */
export interface Modem {
  /** Octets as they come off the air, owned by the reader. Where a chunk ends means nothing. One reader. */
  received(): AsyncIterable<Uint8Array>
  /**
   * How many octets it would take now without growing its queue; 0 while it is closed or full. Absolute:
   * ask again, never count. A send of more than this is allowed and waits.
   */
  readonly roomOctets: number
  /**
   * Resolves when `roomOctets` is `octets` or more, or the queue is empty and the line there: more than that
   * there will never be. Also resolves on close().
   */
  room(octets: number): Promise<void>
  /**
   * Takes octets, in order; borrowed until it resolves, which is when the line or the modem has them, or will
   * not have them. While the line is away (cable pulled) what was taken may be lost, as on the air. Rejects with
   * ModemClosed after close().
   */
  send(octets: Uint8Array): Promise<SendOutcome>
  /** Whether somebody hears: a modem that stores what it is to send keeps it until then. It may, until it is told. */
  transmit?(enabled: boolean): void
  /** When the newest octets were heard, if the modem says: UTC in milliseconds since 1970. */
  readonly heardUtcMs?: number | undefined
  /** What kind of modem it is; the same as long as it lives. */
  readonly capabilities: ModemCapabilities
  readonly counters: ModemCounters
  /** Ends `received()`; pending sends reject with ModemClosed. Twice is once. */
  close(): Promise<void>
}

/**
 * accepted: the line, or a modem that answers, has all of it. rejected: the modem said that it does not.
 * unknown: it went away, or fell silent, with these octets on the way. Nobody sends again for that: what is
 * missing on the ground is asked for.
 */
export type SendOutcome = 'accepted' | 'rejected' | 'unknown'

/** What the house must know of a modem. docs/decisions/0016-modems.md */
export interface ModemCapabilities {
  readonly archetype: 'stream' | 'framed' | 'slots' | 'fifo' | 'store' | 'tnc' | 'network'
  /** Octets that one frame of the modem carries for us; undefined: it carries a stream. */
  readonly frameOctetsMax: number | undefined
  /** What it says, absolute, of how much it would take: nothing, frames, octets, a FIFO, files, its queue. */
  readonly credit: 'none' | 'slots' | 'octets' | 'fifo' | 'store' | 'queue'
  /** Bits per second of frames, with all that the modem puts around them; undefined: it does not say. */
  readonly rateBps: number | undefined
  readonly duplex: 'full' | 'half' | 'send' | 'receive'
}

export interface ModemCounters {
  octetsIn: number
  octetsOut: number
  /** Times the line was opened, and opened again after it went away. */
  opens: number
  /** Errors of the line; the newest one's message is `lastError`. */
  errors: number
  lastError: string | undefined
  /** Whether the line is there now. */
  isOpen: boolean
  /** What a modem with a protocol of its own went through, by name: 'frames accepted', 'answers missed'. */
  readonly events?: Readonly<Record<string, number>>
}

export class ModemClosed extends Error {
  override readonly name = 'ModemClosed'
}

/** The one clock. Machines get its readings as arguments. */
export interface Clock {
  now(): Instant
  /** UTC in milliseconds since 1970; it may step. Only for the border: logs, file times, contact plans. */
  utcMs(): number
  /** Resolves at `deadline`, or when `signal` aborts. Never rejects. */
  until(deadline: Instant, signal: AbortSignal): Promise<void>
}

/** An append-only record store that survives a power cut at any octet. */
export interface Journal {
  /** The records that were whole when it was opened, oldest first. Read once, then let go. */
  takeRecovered(): readonly unknown[]
  /** Queues a record; nothing is durable before flush(). */
  append(record: unknown): void
  /** Resolves when all that was appended is on the disk. Rejects if the disk refuses; the records stay queued. */
  flush(): Promise<void>
  /** Octets that its records take on the disk. */
  readonly octets: number
  /**
   * Writes `records` to a new journal and puts it in this one's place by rename. They stand for all that was
   * appended before the call, flushed or not. If it rejects, the old journal and what was queued go on.
   */
  compact(records: readonly unknown[]): Promise<void>
  /** Flushes, and rejects if that does; it is closed all the same. */
  close(): Promise<void>
}
