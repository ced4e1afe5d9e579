/** What a configuration file means for the machine of each end. */
import type { Config, OnboardConfig, StationConfig } from '../hal/config/config.ts'
import { expectationOf, outletsOf, segmentOf } from '../hal/config/derive.ts'
import { stageMsOf } from '../hal/config/modem.ts'
import { isSecondary, ownContacts } from '../hal/config/own-contacts.ts'
import type { SpacecraftSettings } from '../onboard/settings.ts'
import { CHECKSUM } from '../protocol/cfdp/checksum.ts'
import type { ReceivingLimits } from '../protocol/cfdp/reception.ts'
import type { Contacts } from '../protocol/contacts.ts'
import type { Security } from '../protocol/frame/sdls/association.ts'
import type { Instant } from '../protocol/machine.ts'
import { coverage, shifted } from '../protocol/plan/plan.ts'
import type { EdgeSettings } from '../station/settings.ts'

/** `now` and `utcMs` are of one moment: contacts are in UTC, machines live in instants. */
export function spacecraftSettings(
  config: OnboardConfig,
  now: Instant,
  utcMs: number,
  security?: Security,
): SpacecraftSettings {
  const { cfdp, downlink, uplink } = config
  const segment = segmentOf(config)
  const [outlet] = outletsOf(config)
  return {
    entity: config.entity,
    peer: config.peer,
    downlink: { ...downlink, ...(config.modems === undefined ? outlet : {}) },
    uplink: {
      spacecraftId: downlink.spacecraftId,
      virtualChannel: uplink.virtualChannel,
      apid: uplink.apid,
      commandApid: uplink.commandApid,
      randomized: uplink.randomized,
      farmWindow: 2 * uplink.cop1.window,
      segmentation: uplink.segmentation,
      security,
    },
    cfdp: {
      acknowledged: cfdp.class === 2,
      closureRequested: false,
      checksumType: CHECKSUM[cfdp.checksum],
      pduCrc: cfdp.pduCrc,
      entityOctets: cfdp.entityOctets,
      sequenceOctets: cfdp.sequenceOctets,
      segmentOctets: segment.octets,
      aligned: segment.aligned,
      adapts: cfdp.segmentOctets === 'auto' ? expectationOf(config) : undefined,
      limits: { ack: { timeoutMs: cfdp.ackMs, triesMax: cfdp.ackLimit } },
    },
    uploads: uploadsAboard(config),
    buffer: { ...config.buffer, rules: config.rules },
    contacts: planned(config.contacts, now - utcMs),
    ...modemsOf(config),
    planIssued: config.planIssued === undefined ? undefined : config.planIssued + now - utcMs,
    epochUtcMs: utcMs - now,
    firstSequence: firstSequence(utcMs, cfdp.sequenceOctets),
  }
}

export function edgeSettings(
  config: StationConfig,
  now: Instant,
  utcMs: number,
  security?: Security,
): EdgeSettings {
  const { cfdp, downlink, uplink, uploads, buffer } = config
  const service = isSecondary(config) ? 'none' : uplink.service
  return {
    entity: config.entity,
    peer: config.peer,
    downlink,
    uplink: {
      spacecraftId: downlink.spacecraftId,
      virtualChannel: uplink.virtualChannel,
      apid: uplink.apid,
      commandApid: uplink.commandApid,
      randomized: uplink.randomized,
      frameOctetsMax: uplink.frameOctetsMax,
      service,
      cop1: {
        window: uplink.cop1.window,
        timeoutMs: uplink.cop1.timeoutMs,
        transmissionLimit: uplink.cop1.transmissionLimit,
        timeoutType: uplink.cop1.atLimit === 'alert' ? 0 : 1,
      },
      segmentation: uplink.segmentation,
      security,
      firstNumber: firstNumber(utcMs),
      firstCommand: firstCommand(utcMs),
    },
    limits: receivingLimits(cfdp, buffer.octetsMax),
    uploads: {
      ...uploads,
      cfdp: {
        checksumType: CHECKSUM[cfdp.checksum],
        pduCrc: cfdp.pduCrc,
        entityOctets: cfdp.entityOctets,
        sequenceOctets: cfdp.sequenceOctets,
      },
      limits: { ack: { timeoutMs: cfdp.ackMs, triesMax: cfdp.ackLimit } },
      firstSequence: firstSequence(utcMs, cfdp.sequenceOctets),
    },
    transactionsMax: buffer.filesMax,
    contacts: instants(ownContacts(config), now - utcMs),
    epochUtcMs: utcMs - now,
  }
}

function uploadsAboard({
  inbox,
  uploads,
  cfdp,
  modems,
}: OnboardConfig): SpacecraftSettings['uploads'] {
  if (inbox === undefined) return undefined
  const limits = receivingLimits(cfdp, uploads.fileOctetsMax)
  return { ...uploads, limits, modems: modems?.map(({ name }) => name) }
}

function receivingLimits(cfdp: Config['cfdp'], fileOctetsMax: number): ReceivingLimits {
  return {
    ack: { timeoutMs: cfdp.ackMs, triesMax: cfdp.ackLimit },
    nak: { timeoutMs: cfdp.nakMs, triesMax: cfdp.nakLimit },
    nakMode: cfdp.nak,
    reorderMs: REORDER_MS,
    fileOctetsMax,
    reachOctets: REACH_OCTETS,
    checksumRetriesMax: CHECKSUM_RETRIES,
  }
}

function modemsOf(config: OnboardConfig): Pick<SpacecraftSettings, 'modems' | 'stageMs'> {
  const { modem, modems } = config
  const stages = (modems?.map(one => one.modem) ?? [modem])
    .map(stageMsOf)
    .filter(ms => ms !== undefined)
  const outlets = outletsOf(config)
  const named = modems?.map(({ name, modem: own, downlinkBps: rateBps }, i) => {
    const stores = stageMsOf(own) !== undefined
    return { name, rateBps, carriedBps: outlets[i]?.carriedBps, stores }
  })
  return {
    ...(stages.length === 0 ? {} : { stageMs: Math.max(...stages) }),
    ...(named === undefined ? {} : { modems: named }),
  }
}

/** The contacts on a clock that shows `shift` more. */
function planned(contacts: Config['contacts'], shift: number): SpacecraftSettings['contacts'] {
  if (contacts === undefined) return undefined
  return shifted({ issued: undefined, contacts }, shift).contacts
}

/** When the spacecraft can hear, on a clock that shows `shift` more. */
function instants(contacts: Config['contacts'], shift: number): Contacts {
  if (contacts === undefined) return undefined
  return coverage(shifted({ issued: undefined, contacts }, shift), 'main')
}

/** Seconds since 2000: an end whose journal was destroyed does not use its old numbers again. */
function firstSequence(utcMs: number, octets: number): number {
  const seconds = Math.floor((utcMs - Date.UTC(2000, 0, 1)) / 1_000)
  const most = 2 ** Math.min(52, 8 * octets)
  return seconds > 0 && seconds < most / 2 ? seconds : 1
}

/**
 * By the clock too: a station whose journal was destroyed uses no number of SDLS again, as long as it sends fewer
 * frames than this many a second.
 */
function firstNumber(utcMs: number): number {
  const seconds = Math.floor((utcMs - Date.UTC(2000, 0, 1)) / 1_000)
  return Math.max(1, seconds * FRAMES_PER_SECOND_MAX)
}

/** By the clock too: one command a second, and counters of four octets last until 2136. */
function firstCommand(utcMs: number): number {
  return Math.max(1, Math.floor((utcMs - Date.UTC(2000, 0, 1)) / 1_000))
}

const FRAMES_PER_SECOND_MAX = 4_096
/** One line keeps its order; what is missing is missing for good as soon as what follows is there. */
const REORDER_MS = 50
const REACH_OCTETS = 16 * 1_048_576
const CHECKSUM_RETRIES = 2
