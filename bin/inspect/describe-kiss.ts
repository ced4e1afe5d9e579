/** KISS frames as objects ready for JSON: what a TNC, a radio or gr-satellites says on its line, and when it heard. */
import { KISS, KissDecoder, type KissFrame, kissTime } from '../../hal/modems/kiss/frame.ts'
import { hexOf } from '../../protocol/cfdp/pdu/describe-octets.ts'
import type { Described } from './describe-link.ts'

/** All frames in these octets of a line. Octets of none are not good: the end of a frame is the last. */
export function inspectKiss(octets: Uint8Array): Described {
  const decoder = new KissDecoder(octets.length)
  const frames = [...decoder.push(octets)].map(describe)
  // One that does not end would be ended by the next.
  const isCut = [...decoder.push(END)].length > 0
  const { stray } = decoder.counters
  const description = {
    kind: 'kiss',
    length: octets.length,
    frames,
    ...(stray > 0 ? { stray_octets: stray } : {}),
    ...(isCut ? { malformed: 'Cannot find the end of the last frame' } : {}),
  }
  return { description, good: stray === 0 && !isCut && frames.length > 0 }
}

function describe(frame: KissFrame): object {
  const { port, command, octets } = frame
  const heardUtcMs = kissTime(frame)
  return {
    port,
    command: COMMANDS.get(command) ?? command,
    length: octets.length,
    ...(heardUtcMs === undefined ? {} : { heard_at: new Date(heardUtcMs).toISOString() }),
    ...(command === KISS.setHardware ? { text: new TextDecoder('latin1').decode(octets) } : {}),
    ...(command === KISS.data ? { octets: hexOf(octets) } : {}),
  }
}

const END = Uint8Array.of(0xc0)
const COMMANDS: ReadonlyMap<number, string> = new Map([
  [KISS.data, 'data'],
  [KISS.setHardware, 'set_hardware'],
  [KISS.timestamp, 'timestamp'],
])
