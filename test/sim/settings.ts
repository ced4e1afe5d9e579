/** Settings of both ends for simulated passes: a small fast link unless told. */
import type { SpacecraftSettings } from '../../onboard/settings.ts'
import { type DownlinkFormat, downlinkFormat } from '../../protocol/frame/link.ts'
import type { EdgeSettings } from '../../station/settings.ts'

export interface LinkChoice {
  readonly format?: Partial<DownlinkFormat>
  readonly contacts?: SpacecraftSettings['contacts']
  readonly modems?: SpacecraftSettings['modems']
  readonly stageMs?: number
  readonly cfdp?: Partial<SpacecraftSettings['cfdp']>
  readonly buffer?: SpacecraftSettings['buffer']
  readonly limits?: Partial<EdgeSettings['limits']>
  /** Aboard; null: no files are taken. */
  readonly uploads?: Partial<SpacecraftSettings['uploads']> | null
  readonly uplink?: Partial<EdgeSettings['uplink']>
  /** Of the station: whether octets go up before the spacecraft was heard. */
  readonly blind?: boolean
  /** Of the station alone: its files for the spacecraft. */
  readonly uploadCfdp?: Partial<EdgeSettings['uploads']['cfdp']>
  readonly urgentChannel?: number
  readonly housekeeping?: Partial<SpacecraftSettings['downlink']['housekeeping']>
}

const LIMITS: EdgeSettings['limits'] = {
  ack: { timeoutMs: 2_000, triesMax: 0 },
  nak: { timeoutMs: 2_000, triesMax: 0 },
  nakMode: 'immediate',
  reorderMs: 50,
  fileOctetsMax: 2 ** 40,
  reachOctets: 16 * 1_048_576,
  checksumRetriesMax: 2,
}
const UPLOADS = { limits: LIMITS, filesMax: 64, octetsMax: 2 ** 40 }

export function settingsFor(choice: LinkChoice = {}): {
  spacecraft: SpacecraftSettings
  station: EdgeSettings
} {
  const format = downlinkFormat({ interleave: 1, ...choice.format })
  const downlink = {
    ...format,
    virtualChannel: 0,
    apid: 5,
    rateBps: 1_000_000,
    urgentChannel: choice.urgentChannel,
    housekeeping: { virtualChannel: 1, apid: 8, periodMs: 0, ...choice.housekeeping },
  }
  const uplink = {
    spacecraftId: format.spacecraftId,
    virtualChannel: 0,
    apid: 6,
    commandApid: 60,
    randomized: true,
    segmentation: choice.uplink?.segmentation,
    security: choice.uplink?.security,
  }
  const cop1 = {
    window: 10,
    timeoutMs: 500,
    transmissionLimit: 5,
    timeoutType: 0,
    ...choice.uplink?.cop1,
  } as const
  const contacts = choice.contacts
  const spacecraft: SpacecraftSettings = {
    entity: 1,
    peer: 2,
    downlink,
    uplink: { ...uplink, farmWindow: 2 * cop1.window },
    cfdp: {
      acknowledged: true,
      closureRequested: false,
      checksumType: 2,
      pduCrc: false,
      entityOctets: 1,
      sequenceOctets: 4,
      segmentOctets: 400,
      aligned: false,
      limits: { ack: { timeoutMs: 2_000, triesMax: 0 } },
      ...choice.cfdp,
    },
    uploads: choice.uploads === null ? undefined : { ...UPLOADS, ...choice.uploads },
    buffer: choice.buffer ?? { filesMax: 1_000, octetsMax: 2 ** 40 },
    contacts,
    ...(choice.modems === undefined ? {} : { modems: choice.modems }),
    ...(choice.stageMs === undefined ? {} : { stageMs: choice.stageMs }),
    firstSequence: 1,
  }
  const station: EdgeSettings = {
    entity: 2,
    peer: 1,
    downlink,
    uplink: {
      frameOctetsMax: 256,
      service: 'bd',
      firstNumber: 1,
      firstCommand: 1,
      ...choice.uplink,
      ...uplink,
      cop1,
    },
    limits: { ...LIMITS, ...choice.limits },
    uploads: {
      filesMax: 64,
      fileOctetsMax: 2 ** 32 - 1,
      octetsMax: 2 ** 40,
      blind: choice.blind ?? false,
      cfdp: {
        checksumType: 2,
        pduCrc: spacecraft.cfdp.pduCrc,
        entityOctets: spacecraft.cfdp.entityOctets,
        sequenceOctets: 4,
        ...choice.uploadCfdp,
      },
      limits: { ack: { timeoutMs: 2_000, triesMax: 0 } },
      firstSequence: 1,
    },
    transactionsMax: 256,
    contacts,
  }
  return { spacecraft, station }
}
