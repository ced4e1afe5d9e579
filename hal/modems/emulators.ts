/** The emulator of each kind, as `downpour modem emulate` runs it. Its kind alone is loaded. */
import type { Air } from './air-pace.ts'
import type { ModemEmulator } from './emulator.ts'
import type { KindName } from './kinds.ts'
import { Mischief } from './mischief.ts'
import { TroubledEmulator } from './troubled.ts'

export type EmulatedKind = Exclude<KindName, 'serial' | 'tcp'>

export interface EmulationPlan {
  readonly air: Air
  readonly mischief: Mischief
  /** Where the kind has addresses, of this radio; of the station's it is 2. */
  readonly address: number
}

export async function emulatorOf(kind: EmulatedKind, plan: EmulationPlan): Promise<ModemEmulator> {
  return new TroubledEmulator(await EMULATORS[kind](plan), plan.mischief)
}

type Maker = (plan: EmulationPlan) => Promise<ModemEmulator>

const EMULATORS: Readonly<Record<EmulatedKind, Maker>> = {
  kiss: async plan => (await import('./kiss/emulator.ts')).kissEmulator(plan),
  csp: async plan => {
    const { cspEmulator } = await import('./csp/emulator.ts')
    return cspEmulator({
      ...plan,
      version: 1,
      crcOver: 'payload',
      radio: RADIO_BASE + plan.address,
    })
  },
  openlst: async plan => (await import('./openlst/emulator.ts')).openLstEmulator(plan),
  'endurosat-uhf': async plan =>
    (await import('./endurosat-uhf/emulator.ts')).enduroSatUhfEmulator(plan),
  lithium: async plan => (await import('./lithium/emulator.ts')).lithiumEmulator(plan),
  'endurosat-dvbs2': async plan =>
    (await import('./endurosat-dvbs2/emulator.ts')).enduroSatDvbS2Emulator(plan),
  trxvu: async plan => (await import('./trxvu/emulator.ts')).trxvuEmulator(plan),
  txs: async plan => (await import('./txs/emulator.ts')).txsEmulator(plan),
  hstxc: async plan => (await import('./hstxc/emulator.ts')).hstxcEmulator(plan),
  udp: async plan => (await import('./datagram-radio.ts')).datagramEmulator(plan),
  gse: async plan => (await import('./datagram-radio.ts')).datagramEmulator(plan),
}

/** The address of a CSP radio is this much above that of its host. */
export const RADIO_BASE = 10
