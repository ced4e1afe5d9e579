/**
 * Frames between a host and AstroDev's Lithium-1 and He-100 radios.
 *
 *     +---------+-----------+---------+--------+----------+- - - - -+----------+
 *     | 'H' 'e' | direction | command | length | checksum | payload | checksum |
 *     +---------+-----------+---------+--------+----------+- - - - -+----------+
 *                 1           1         2        2          0 to 255   2
 *
 * Direction 10 is to the radio, 20 from it. A length of 0A0A says "done", FFFF "not done", and there is no payload.
 * The checksums are Fletcher's modulo 256: the first from the direction on, the second goes on behind it.
 */
import { type FindFrame, FrameReader } from '../frame-reader.ts'

export interface LithiumFrame {
  readonly toRadio: boolean
  readonly command: number
  readonly body:
    | { readonly kind: 'done' }
    | { readonly kind: 'not done' }
    /** Its own. */
    | { readonly kind: 'payload'; readonly octets: Uint8Array }
}

export const LITHIUM = { noop: 0x01, transmit: 0x03, receive: 0x04, telemetry: 0x07 } as const
export const LITHIUM_OCTETS_MAX = 255

/** @throws RangeError if the payload is too long */
export function encodeLithium({ toRadio, command, body }: LithiumFrame): Uint8Array {
  const payload = body.kind === 'payload' ? body.octets : NONE
  if (payload.length > LITHIUM_OCTETS_MAX)
    throw new RangeError(`Cannot send ${payload.length} octets: at most ${LITHIUM_OCTETS_MAX}`)
  const octets = new Uint8Array(HEADER_OCTETS + (payload.length > 0 ? payload.length + 2 : 0))
  octets.set([...SYNC, toRadio ? TO_RADIO : FROM_RADIO, command])
  const length = body.kind === 'payload' ? payload.length : body.kind === 'done' ? DONE : NOT_DONE
  new DataView(octets.buffer).setUint16(4, length)
  octets.set(fletcher(octets, 2, 6), 6)
  if (payload.length === 0) return octets
  octets.set(payload, HEADER_OCTETS)
  octets.set(fletcher(octets, 2, HEADER_OCTETS + payload.length), HEADER_OCTETS + payload.length)
  return octets
}

export function lithiumReader(): FrameReader<LithiumFrame> {
  return new FrameReader(frameAt)
}

function frameAt(all: Uint8Array, at: number): ReturnType<FindFrame<LithiumFrame>> {
  if (all[at] !== SYNC[0] || (at + 1 < all.length && all[at + 1] !== SYNC[1])) return undefined
  if (at + HEADER_OCTETS > all.length) return 'cut'
  const [one, two] = fletcher(all, at + 2, at + 6)
  if (all[at + 6] !== one || all[at + 7] !== two) return undefined
  const toRadio = all[at + 2] === TO_RADIO
  const command = all[at + 3] as number
  const length = ((all[at + 4] as number) << 8) | (all[at + 5] as number)
  const headerEnd = at + HEADER_OCTETS
  const frame = (body: LithiumFrame['body'], end: number) => ({
    frame: { toRadio, command, body },
    end,
  })
  if (length === DONE) return frame({ kind: 'done' }, headerEnd)
  if (length === NOT_DONE) return frame({ kind: 'not done' }, headerEnd)
  if (length === 0) return frame({ kind: 'payload', octets: NONE }, headerEnd)
  if (length > LITHIUM_OCTETS_MAX) return undefined
  const end = headerEnd + length
  if (end + 2 > all.length) return 'cut'
  const [three, four] = fletcher(all, at + 2, end)
  if (all[end] !== three || all[end + 1] !== four) return undefined
  return frame({ kind: 'payload', octets: all.slice(headerEnd, end) }, end + 2)
}

function fletcher(octets: Uint8Array, start: number, end: number): [number, number] {
  let [one, two] = [0, 0]
  for (let at = start; at < end; at++) {
    one = (one + (octets[at] as number)) & 0xff
    two = (two + one) & 0xff
  }
  return [one, two]
}

const NONE = new Uint8Array(0)
const SYNC = Uint8Array.of(0x48, 0x65)
const TO_RADIO = 0x10
const FROM_RADIO = 0x20
const HEADER_OCTETS = 8
const DONE = 0x0a0a
const NOT_DONE = 0xffff
