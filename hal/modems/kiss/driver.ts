/**
 * Frames to and from a terminal node controller that speaks KISS: direwolf, a TNC on a serial line, gr-satellites.
 * direwolf says how many octets wait in its queue, `TXBUF:` in a hardware frame, and so it is asked; gr-satellites
 * says when each frame was heard.
 */

import type { ModemCapabilities } from '../../ports.ts'
import { AIR_OCTETS } from '../air-share.ts'
import type { Heard, ModemDriver } from '../driver.ts'
import { type Answer, type Framing, PacedDriver } from '../paced-driver.ts'
import { AX25_HEADER_OCTETS, type Callsigns, encodeUiHeader, uiInformation } from './ax25.ts'
import { encodeKiss, KISS, KissDecoder, type KissFrame, kissTime } from './frame.ts'

export interface KissSettings {
  /** Of our octets in a frame. */
  readonly frameOctets: number
  /** Radio port of the TNC, 0 to 15; what the others hear is not ours. */
  readonly tncPort: number
  /** Frames go in AX.25 UI frames; undefined: as they are. */
  readonly callsigns: Callsigns | undefined
  /** The TNC is asked for its queue. */
  readonly asksQueue: boolean
  readonly rateBps: number | undefined
}

export function kissDriver(settings: KissSettings): ModemDriver {
  const { frameOctets, rateBps, callsigns, asksQueue } = settings
  const capabilities: ModemCapabilities = {
    archetype: asksQueue ? 'tnc' : 'framed',
    frameOctetsMax: frameOctets,
    credit: asksQueue ? 'queue' : 'none',
    rateBps,
    duplex: 'half',
  }
  const aroundOctets = (callsigns === undefined ? 0 : AX25_HEADER_OCTETS) + AIR_OCTETS.kiss
  return new PacedDriver(capabilities, kissFraming(settings), { rateBps, aroundOctets, gapMs: 0 })
}

function kissFraming({ frameOctets, tncPort, callsigns, asksQueue }: KissSettings): Framing {
  const decoder = new KissDecoder(Math.max(FRAME_OCTETS_MAX, frameOctets + AX25_HEADER_OCTETS))
  const header = callsigns === undefined ? NONE : encodeUiHeader(callsigns)
  const events = { 'stray octets': 0, 'frames foreign': 0, timestamps: 0 }
  let heardUtcMs: number | undefined
  const hardware = (text: string) =>
    encodeKiss({ port: tncPort, command: KISS.setHardware, octets: new TextEncoder().encode(text) })

  function* read(frame: KissFrame): Generator<Heard | Answer> {
    const { port, command, octets } = frame
    if (command === KISS.setHardware) yield* readHardware(octets)
    else if (port !== tncPort) events['frames foreign'] += 1
    else if (command === KISS.timestamp) {
      heardUtcMs = kissTime(frame)
      events.timestamps += 1
    } else if (command !== KISS.data) events['frames foreign'] += 1
    else {
      const information = callsigns === undefined ? octets : uiInformation(octets)
      const time = heardUtcMs === undefined ? {} : { utcMs: heardUtcMs }
      heardUtcMs = undefined
      if (information === undefined) events['frames foreign'] += 1
      else yield { kind: 'heard', octets: information.slice(), ...time }
    }
  }

  return {
    events,
    encode: frame =>
      encodeKiss({ port: tncPort, command: KISS.data, octets: joined(header, frame) }),
    *decode(octets) {
      for (const frame of decoder.push(octets)) yield* read(frame)
      events['stray octets'] = decoder.counters.stray
    },
    reset: () => decoder.reset(),
    probe: () => hardware('TNC:'),
    ...(asksQueue ? { askQueue: () => hardware('TXBUF:') } : {}),
  }
}

/** `TXBUF:1234`, and to `TNC:` what the TNC calls itself: `DIREWOLF 1.6`. */
function* readHardware(octets: Uint8Array): Generator<Answer> {
  const text = new TextDecoder('latin1').decode(octets)
  const queued = /^TXBUF:(\d+)$/.exec(text)?.[1]
  if (queued !== undefined) yield { kind: 'queue', octets: Number(queued) }
  else yield { kind: 'telemetry', fields: { TNC: text.replace(/^TNC:/, '') } }
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  const whole = new Uint8Array(one.length + other.length)
  whole.set(one)
  whole.set(other, one.length)
  return whole
}

const NONE = new Uint8Array(0)
/** Of direwolf. */
const FRAME_OCTETS_MAX = 2_048
