/** Frames to and from a Lithium-1 or He-100 radio, which answers each: it has it, or it has not. */

import type { ModemCapabilities } from '../../ports.ts'
import { AIR_OCTETS } from '../air-share.ts'
import { AnsweringDriver, type Dialogue, type Reply } from '../answering-driver.ts'
import type { Heard, ModemDriver } from '../driver.ts'
import { encodeLithium, LITHIUM, type LithiumFrame, lithiumReader } from './frame.ts'

export interface LithiumSettings {
  readonly frameOctets: number
  readonly rateBps: number | undefined
}

export function lithiumDriver({ frameOctets, rateBps }: LithiumSettings): ModemDriver {
  const capabilities: ModemCapabilities = {
    archetype: 'slots',
    frameOctetsMax: frameOctets,
    credit: 'slots',
    rateBps,
    duplex: 'half',
  }
  const air = { rateBps, aroundOctets: AIR_OCTETS.lithium, gapMs: 0 }
  return new AnsweringDriver(capabilities, lithiumDialogue(), air)
}

function lithiumDialogue(): Dialogue {
  const decoder = lithiumReader()
  const events = { 'stray octets': 0 }
  return {
    events,
    encode: octets =>
      encodeLithium({
        toRadio: true,
        command: LITHIUM.transmit,
        body: { kind: 'payload', octets },
      }),
    *decode(octets) {
      for (const frame of decoder.push(octets)) yield* read(frame)
      events['stray octets'] = decoder.stray
    },
    reset: () => decoder.reset(),
    probe: () =>
      encodeLithium({
        toRadio: true,
        command: LITHIUM.noop,
        body: { kind: 'payload', octets: new Uint8Array(0) },
      }),
  }
}

function* read({ toRadio, command, body }: LithiumFrame): Generator<Heard | Reply> {
  if (toRadio) return
  if (command === LITHIUM.transmit && body.kind === 'done') yield { kind: 'taken', more: undefined }
  else if (command === LITHIUM.transmit && body.kind === 'not done') yield { kind: 'refused' }
  else if (command === LITHIUM.receive && body.kind === 'payload')
    yield { kind: 'heard', octets: body.octets }
  else if (command === LITHIUM.noop) yield { kind: 'telemetry', fields: { answers: body.kind } }
}
