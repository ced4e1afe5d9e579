/**
 * The configuration of one end: one YAML (or JSON) file, checked against the schema, with every default filled in
 * and every path absolute. What comes out can be used without another question.
 */
import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { DownlinkFormat } from '../../protocol/frame/link.ts'
import type { Fields } from '../../protocol/plan/fields.ts'
import type { PlannedContact } from '../../protocol/plan/plan.ts'
import { inconsistencies } from './consistency.ts'
import { contactsOf, type Planned } from './contacts.ts'
import { withDefaults } from './defaults.ts'
import { withEnvironment } from './environment.ts'
import { ConfigFault } from './fault.ts'
import {
  finishModem,
  type ModemConfig,
  type ModemKeys,
  modemsOf,
  type NamedModem,
  type Rates,
} from './modem.ts'
import { SCHEMA } from './schema.ts'
import { parseText } from './text.ts'
import type { AssociationConfig, SdlsConfig, UplinkConfig } from './uplink.ts'
import { faultsOf } from './validate.ts'

export type Config = OnboardConfig | StationConfig

export interface OnboardConfig extends LinkConfig {
  readonly role: 'onboard'
  /** Folder whose files are brought down. */
  readonly outbox: string
  /** Folder where files from the ground appear; undefined: none are taken. */
  readonly inbox: string | undefined
  /** Several modems, as contacts name them; `modem` is the first. */
  readonly modems?: readonly NamedModem[]
}

export interface StationConfig extends LinkConfig {
  readonly role: 'station'
  /** Folder where whole files appear. */
  readonly archive: string
  /** What the plan calls it. */
  readonly station?: string
}

export interface LinkConfig {
  /** CFDP entity ids of this end and the other. */
  readonly entity: number
  readonly peer: number
  /** Folder of the journal and the control socket. */
  readonly state: string
  readonly uploads: UploadsConfig
  readonly buffer: BufferConfig
  /** For files of the outbox. */
  readonly rules: readonly RuleConfig[]
  readonly modem: ModemConfig
  /** Another modem that this end hears by. */
  readonly receiver?: ModemConfig
  /** onboard: what is done about a process that dies at every start. */
  readonly safeMode: { readonly deaths: number; readonly withinMs: number }
  /** onboard: a watchdog device. */
  readonly watchdog?: string
  readonly downlink: DownlinkConfig
  readonly uplink: UplinkConfig
  readonly cfdp: CfdpConfig
  /** In UTC, by start; undefined: always in contact. */
  readonly contacts: readonly PlannedContact[] | undefined
  /** When their plan was made, in UTC; undefined: it does not say. */
  readonly planIssued: number | undefined
  readonly control: { readonly socket: string; readonly http: number | undefined }
}

export interface UploadsConfig {
  /** onboard: the name under which a file is the contact plan; undefined: none is. */
  readonly plan?: string
  readonly filesMax: number
  readonly fileOctetsMax: number
  readonly octetsMax: number
  /** station: file data go up before the spacecraft was heard in a contact. */
  readonly blind: boolean
}

export interface BufferConfig {
  readonly filesMax: number
  readonly octetsMax: number
  readonly whenFull: 'refuse' | 'drop'
  readonly dropBegun: boolean
  readonly late: 'keep' | 'drop'
}

export interface RuleConfig {
  readonly match: string
  readonly priority?: number
  readonly deadlineS?: number
  readonly pinned?: boolean
  readonly filesMax?: number
  readonly octetsMax?: number
}

export interface DownlinkConfig extends DownlinkFormat {
  readonly virtualChannel: number
  readonly urgentChannel?: number
  readonly housekeeping: {
    readonly virtualChannel: number
    readonly apid: number
    readonly periodMs: number
  }
  readonly apid: number
  /** Bits per second of the channel, markers and check symbols counted. */
  readonly rateBps: number
}

export interface CfdpConfig {
  readonly class: 1 | 2
  readonly checksum: 'crc32c' | 'crc32' | 'modular' | 'null'
  readonly segmentOctets: number | 'auto'
  readonly pduCrc: boolean
  readonly entityOctets: number
  readonly sequenceOctets: number
  readonly nak: 'immediate' | 'deferred'
  /** Milliseconds of contact, not of the wall. */
  readonly ackMs: number
  readonly nakMs: number
  /** 0: never give up. */
  readonly ackLimit: number
  readonly nakLimit: number
}

type Environment = Readonly<Record<string, string | undefined>>

/** @throws ConfigFault with every reason at once; the error of the disk if the file cannot be read. */
export async function loadConfig(path: string, env: Environment = process.env): Promise<Config> {
  return readConfig(await readFile(path, 'utf8'), path, env)
}

/** The same from a text; `path` is what relative paths in it are relative to. @throws ConfigFault */
export async function readConfig(text: string, path: string, env: Environment): Promise<Config> {
  const { value, faults } = withEnvironment(await parseText(text, path), SCHEMA, env)
  const wrong = [...faults, ...faultsOf(value, SCHEMA)]
  if (wrong.length > 0) throw new ConfigFault(path, wrong)
  const checked = withDefaults(value, SCHEMA) as Checked
  const folder = dirname(resolve(path))
  const planned = await contactsOf(checked, folder)
  const config = finish(checked, planned, folder)
  const inconsistent = [...planned.faults, ...inconsistencies(config)]
  if (inconsistent.length > 0) throw new ConfigFault(path, inconsistent)
  return config
}

/** What the schema has let through, with its defaults: complete but for what depends on other keys. */
type Checked = (
  | (Omit<OnboardConfig, Loose> & { readonly inbox?: string })
  | Omit<StationConfig, Loose>
) & {
  readonly modem?: ModemKeys
  readonly modems?: Readonly<Record<string, ModemKeys>>
  readonly receiver?: ModemKeys
  readonly downlink: Omit<DownlinkConfig, 'frameOctets' | 'rateBps'> & {
    readonly frameOctets?: number
    readonly rateBps?: number
  }
  readonly uplink: Omit<UplinkConfig, 'segmentation' | 'sdls'> & {
    readonly segmentation?: NonNullable<UplinkConfig['segmentation']>
    readonly sdls?: SdlsConfig
  }
  readonly cfdp: Omit<CfdpConfig, 'checksum'> & { readonly checksum: CfdpConfig['checksum'] | null }
  readonly contacts?: readonly Fields[]
  readonly plan?: string
  readonly control: { readonly socket?: string; readonly http?: number }
}

type Loose =
  | 'inbox'
  | 'modem'
  | 'modems'
  | 'receiver'
  | 'downlink'
  | 'uplink'
  | 'cfdp'
  | 'contacts'
  | 'control'

function finish(
  { plan: _file, receiver: keys, modem: single, modems: several, ...checked }: Checked,
  { contacts, issued: planIssued }: Planned,
  folder: string,
): Config {
  const state = resolve(folder, checked.state)
  const { interleave, frameOctets, rateBps } = checked.downlink
  const isAboard = checked.role === 'onboard'
  const rates = {
    downlinkBps: rateBps,
    sentBps: (downlinkBps: number) => (isAboard ? downlinkBps : checked.uplink.rateBps),
  }
  const modems = several && modemsOf(several, rates, folder)
  const { modem, downlinkBps } = modems?.[0] ?? finishModem(single as ModemKeys, rates, folder)
  const receiver = receiverOf(keys, { ...rates, downlinkBps }, folder)
  const link: LinkConfig = {
    ...checked,
    state,
    modem,
    ...receiver,
    downlink: {
      ...checked.downlink,
      rateBps: rateBps ?? downlinkBps,
      frameOctets: frameOctets ?? (interleave === 0 ? FRAME_OCTETS : 223 * interleave),
    },
    uplink: finishUplink(checked.uplink, folder),
    cfdp: { ...checked.cfdp, checksum: checked.cfdp.checksum ?? 'null' },
    contacts,
    planIssued,
    control: {
      socket: resolve(folder, checked.control.socket ?? resolve(state, 'control.sock')),
      http: checked.control.http,
    },
  }
  return checked.role === 'onboard'
    ? {
        ...link,
        role: 'onboard',
        outbox: resolve(folder, checked.outbox),
        inbox: checked.inbox === undefined ? undefined : resolve(folder, checked.inbox),
        ...(modems === undefined ? {} : { modems }),
      }
    : { ...link, role: 'station', archive: resolve(folder, checked.archive) }
}

function receiverOf(keys: ModemKeys | undefined, rates: Rates, folder: string) {
  return keys === undefined ? {} : { receiver: finishModem(keys, rates, folder).modem }
}

function finishUplink(uplink: Checked['uplink'], folder: string): UplinkConfig {
  const { segmentation, sdls } = uplink
  const at = <Of extends AssociationConfig>(one: Of): Of => ({
    ...one,
    keyFile: resolve(folder, one.keyFile),
  })
  return {
    ...uplink,
    segmentation,
    sdls: sdls && { ...at(sdls), others: sdls.others.map(at) },
  }
}

/** Without Reed-Solomon: as long as the frames of interleave 5. */
const FRAME_OCTETS = 1115
