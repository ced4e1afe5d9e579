/** Frames to and from an OpenLST radio: 245 octets each, and no word of how much it holds, so its air sets the pace. */

import type { ModemCapabilities } from '../../ports.ts'
import { AIR_OCTETS } from '../air-share.ts'
import type { Heard, ModemDriver } from '../driver.ts'
import { type Answer, type Framing, PacedDriver } from '../paced-driver.ts'
import { encodeOpenLst, OPENLST, type OpenLstFrame, openLstReader } from './frame.ts'

export interface OpenLstSettings {
  readonly frameOctets: number
  /** Addresses of the radio on this side and of the one on the other: `hwid`. */
  readonly address: number
  readonly peerAddress: number
  /** Users bits per second, behind its error correction. */
  readonly rateBps: number | undefined
}

export function openLstDriver(settings: OpenLstSettings): ModemDriver {
  const { frameOctets, rateBps } = settings
  const capabilities: ModemCapabilities = {
    archetype: 'framed',
    frameOctetsMax: frameOctets,
    credit: 'none',
    rateBps,
    duplex: 'half',
  }
  return new PacedDriver(capabilities, openLstFraming(settings), {
    rateBps,
    aroundOctets: AIR_OCTETS.openlst,
    gapMs: 0,
  })
}

function openLstFraming({ address, peerAddress }: OpenLstSettings): Framing {
  const isOurs = (frame: OpenLstFrame) => isData(frame) || isAnswer(frame)
  const isData = (frame: OpenLstFrame) =>
    frame.address === address && frame.system === DATA_SYSTEM && frame.command === DATA_COMMAND
  const isAnswer = (frame: OpenLstFrame) =>
    frame.address === address && frame.system === OPENLST.radio
  const decoder = openLstReader(isOurs)
  const events = { 'stray octets': 0, 'frames missed': 0, 'restarts seen': 0 }
  let sequence = 0
  let expected: number | undefined
  const next = () => {
    sequence = (sequence + 1) & 0xffff
    return sequence
  }
  function* read(frame: OpenLstFrame): Generator<Heard | Answer> {
    if (isAnswer(frame)) {
      yield { kind: 'telemetry', fields: telemetryOf(frame) }
      return
    }
    // The other end may have started again.
    const missed = expected === undefined ? 0 : (frame.sequence - expected) & 0xffff
    if (missed < MISSED_MAX) events['frames missed'] += missed
    else events['restarts seen'] += 1
    expected = (frame.sequence + 1) & 0xffff
    yield { kind: 'heard', octets: frame.data }
  }
  return {
    events,
    encode: data =>
      encodeOpenLst({
        address: peerAddress,
        sequence: next(),
        system: DATA_SYSTEM,
        command: DATA_COMMAND,
        data,
      }),
    *decode(octets) {
      for (const frame of decoder.push(octets)) yield* read(frame)
      events['stray octets'] = decoder.stray
    },
    reset: () => decoder.reset(),
    probe: () => {
      const question = { system: OPENLST.radio, command: OPENLST.getTelemetry, data: NONE }
      return encodeOpenLst({ address, sequence: next(), ...question })
    },
  }
}

/** The fields of its telemetry begin with its uptime in seconds; those behind depend on the build. */
function telemetryOf({ command, data }: OpenLstFrame): Record<string, string | number> {
  if (command !== OPENLST.telemetry || data.length < 5) return { answer: command }
  const view = new DataView(data.buffer, data.byteOffset)
  return { uptimeS: view.getUint32(1, true), octets: data.length }
}

/** What is neither the radio's own nor a command of any board that ships with it. */
const DATA_SYSTEM = 0x44
const DATA_COMMAND = 0x50
const MISSED_MAX = 1_000
const NONE = new Uint8Array(0)
