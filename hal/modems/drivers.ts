/** The driver that a configuration asks for. Its kind alone is loaded. */
import type { FramedConfig } from '../config/modem.ts'
import { ENDUROSAT_GAP_MS } from './air-share.ts'
import type { ModemDriver } from './driver.ts'

/** Rejects with a RangeError if the configuration asks for what the protocol does not have. */
export function driverOf(config: FramedConfig): Promise<ModemDriver> {
  return OPENERS[config.kind](config)
}

type Opener = (config: FramedConfig) => Promise<ModemDriver>

const OPENERS: Readonly<Record<FramedConfig['kind'], Opener>> = {
  async kiss({ frameOctets, rateBps, tncPort = 0, asksQueue = true, ...config }) {
    const { kissDriver } = await import('./kiss/driver.ts')
    const { callsign, peerCallsign = 'CQ' } = config
    const callsigns =
      callsign === undefined ? undefined : { source: callsign, destination: peerCallsign }
    return kissDriver({ frameOctets, rateBps, tncPort, asksQueue, callsigns })
  },

  async csp({ frameOctets, rateBps, address = 0, peerAddress = 0, ...config }) {
    const { cspDriver } = await import('./csp/driver.ts')
    const { cspPort: port = 10, cspVersion: version = 1, crcOver = 'payload' } = config
    const ends = { source: address, destination: peerAddress, radio: config.radioAddress ?? 0 }
    return cspDriver({ frameOctets, rateBps, ...ends, port, version, crcOver })
  },

  async openlst({ frameOctets, rateBps, address = 0, peerAddress = 0 }) {
    const { openLstDriver } = await import('./openlst/driver.ts')
    return openLstDriver({ frameOctets, rateBps, address, peerAddress })
  },

  async 'endurosat-uhf'({ frameOctets, rateBps, address = 0x22, radioMode = 3, ...config }) {
    const { EnduroSatUhfDriver } = await import('./endurosat-uhf/driver.ts')
    const { gapMs = ENDUROSAT_GAP_MS, baudRate = 115_200 } = config
    if (baudRate !== 9_600 && baudRate !== 19_200 && baudRate !== 115_200)
      throw new RangeError(`Cannot run its UART at ${baudRate} baud`)
    return new EnduroSatUhfDriver({ frameOctets, rateBps, address, radioMode, baudRate, gapMs })
  },

  async lithium({ frameOctets, rateBps }) {
    const { lithiumDriver } = await import('./lithium/driver.ts')
    return lithiumDriver({ frameOctets, rateBps })
  },

  async 'endurosat-dvbs2'({ frameOctets, rateBps, ...config }) {
    const { EnduroSatDvbS2Driver } = await import('./endurosat-dvbs2/driver.ts')
    const { moduleId: module = 0x2002, imageOctets = 1_000_000 } = config
    return new EnduroSatDvbS2Driver({ frameOctets, rateBps, module, imageOctets })
  },

  async trxvu({ frameOctets, rateBps, sendAddress = 0x60, receiveAddress = 0x61 }) {
    const { trxvuDriver } = await import('./trxvu/driver.ts')
    return trxvuDriver({ frameOctets, rateBps, sendAddress, receiveAddress })
  },

  async txs({ frameOctets, rateBps, address = 0, ...config }) {
    const { txsDriver } = await import('./txs/driver.ts')
    const { sendCommand: send = 0, stateCommand: state = 0, housekeepingCommand = 0 } = config
    const commands = { send, state, housekeeping: housekeepingCommand }
    return txsDriver({ frameOctets, rateBps, address, commands })
  },

  async hstxc({ frameOctets, rateBps, encoder, channel, powerDbm, address = 0x26 }) {
    const { HstxcDriver } = await import('./hstxc/driver.ts')
    return new HstxcDriver({ frameOctets, rateBps, address, encoder, channel, powerDbm })
  },

  async udp({ frameOctets, rateBps, marker = true }) {
    const { udpDriver } = await import('./udp/driver.ts')
    return udpDriver({ frameOctets, rateBps, marker })
  },

  async gse({ frameOctets, rateBps, ...config }) {
    const { GseDriver } = await import('./gse/driver.ts')
    const { codeRate: rate = '1/2', codeSize: size = 'normal', protocolType = 0x88b5 } = config
    return new GseDriver({ rate, size, frameOctets, rateBps, protocol: protocolType })
  },
}
