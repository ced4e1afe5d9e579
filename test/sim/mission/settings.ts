/** Settings of both ends in a mission: small frames, so that days of them can be flown. */
import type { SpacecraftContact, SpacecraftSettings } from '../../../onboard/settings.ts'
import { caduOctets } from '../../../protocol/frame/link.ts'
import type { EdgeSettings } from '../../../station/settings.ts'
import { settingsFor } from '../settings.ts'
import { FRAME_FILE_OCTETS, type Orders } from './orders.ts'
import { isMain } from './scenario.ts'

export function settingsOf(orders: Orders): {
  spacecraft: SpacecraftSettings
  station: EdgeSettings
} {
  const limits = { timeoutMs: 20_000, triesMax: orders.isCalm ? 4 : 0 }
  const { windows } = orders.scenario
  const contacts: SpacecraftContact[] = windows.map(window => ({
    ...window,
    expectedFrameLoss: orders.losses.get(window.station)?.expected,
  }))
  const { spacecraft, station } = settingsFor({
    format: { interleave: 0, frameOctets: 128, fecf: true, ocf: false, randomized: false },
    cfdp: { aligned: true, segmentOctets: FRAME_FILE_OCTETS, limits: { ack: limits } },
    limits: { ack: limits, nak: limits },
    contacts,
  })
  const rateBps = 8 * caduOctets(spacecraft.downlink) * orders.framesPerSecond
  const mains = windows.filter(isMain)
  return {
    spacecraft: { ...spacecraft, downlink: { ...spacecraft.downlink, rateBps } },
    station: { ...station, contacts: mains },
  }
}
