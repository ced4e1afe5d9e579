/** What the settings let into the ack buffer. */
import type { BufferSettings } from '../settings.ts'
import type { BufferLimits } from './ack-buffer.ts'

/** `buffer` is read at every look, for commands change it; `sequenceOctets` of a number are in each PDU. */
export function limitsOf(buffer: BufferSettings, sequenceOctets: number): BufferLimits {
  return {
    get filesMax() {
      return buffer.filesMax
    },
    get octetsMax() {
      return buffer.octetsMax
    },
    sequenceMax: Math.min(2 ** (8 * sequenceOctets) - 1, Number.MAX_SAFE_INTEGER),
    quotas: new Map(
      (buffer.rules ?? []).map(({ match, filesMax = Infinity, octetsMax = Infinity }) => [
        match,
        { filesMax, octetsMax },
      ]),
    ),
  }
}
