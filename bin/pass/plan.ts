/** From what was asked for to what each process is told: contacts, two configurations, arguments of the line. */
import type { Contact, Outages } from '../../hal/sim/sky.ts'

export interface PassPlan {
  /** Octets of all files together. */
  readonly octets: number
  readonly rateBps: number
  readonly uplinkRateBps: number
  readonly delayMs: number
  readonly ber: number
  readonly loss: number
  readonly outages?: Outages | undefined
  readonly passes: number
  readonly gapMs: number
  readonly seed: number
  /** Reed-Solomon codewords per frame; 0: none. */
  readonly interleave: 0 | 1 | 2 | 3 | 4 | 5 | 8
  /** 0: as long as such a pass could need, five times over. */
  readonly timeoutMs: number
}

/** Octets of a TM frame: what the interleave leaves, or the same without Reed-Solomon. */
export function frameOctets({ interleave }: Pick<PassPlan, 'interleave'>): number {
  return interleave === 0 ? PLAIN_FRAME_OCTETS : 223 * interleave
}

/** Octets on the line per frame: marker and codeblock. */
export function caduOctets(plan: Pick<PassPlan, 'interleave'>): number {
  return MARKER_OCTETS + (plan.interleave === 0 ? frameOctets(plan) : 255 * plan.interleave)
}

/** Line time that the files need if what is lost is sent again. */
export function lineTimeMs(plan: PassPlan): number {
  const onTheLine = plan.octets * (caduOctets(plan) / (frameOctets(plan) - FRAME_FIELDS_OCTETS))
  const heard = Math.max(0.05, 1 - expectedFrameLoss(plan))
  return (onTheLine * 8_000) / plan.rateBps / heard
}

export function timeoutMs(plan: PassPlan): number {
  if (plan.timeoutMs > 0) return plan.timeoutMs
  return Math.ceil(60_000 + 5 * lineTimeMs(plan) + plan.passes * (plan.gapMs + 10 * plan.delayMs))
}

/**
 * The contacts, from `startMs` on. The files are shared out evenly over the passes; the last one lasts until all
 * is done. The processes need a moment to start, which the first pass gives them.
 */
export function contactsFrom(startMs: number, plan: PassPlan): Contact[] {
  const lastingMs = Math.ceil(Math.max(MIN_CONTACT_MS, lineTimeMs(plan) / plan.passes))
  const contacts: Contact[] = []
  let at = startMs
  for (let pass = 1; pass <= plan.passes; pass++) {
    const length = pass === plan.passes ? timeoutMs(plan) + SPARE_MS : lastingMs
    const endMs = at + length + (pass === 1 ? STARTING_MS : 0)
    contacts.push({ startMs: at, endMs })
    at = endMs + plan.gapMs
  }
  return contacts
}

/**
 * The share of frames that this line will not bring: destroyed ones, those with more errors than the code
 * corrects, and those that fall into outages.
 */
export function expectedFrameLoss(plan: PassPlan): number {
  const outage = plan.outages === undefined ? 0 : outageShare(plan.outages)
  const heard = (1 - plan.loss) * (1 - frameErrorRate(plan)) * (1 - outage)
  return Math.round((1 - heard) * 1e4) / 1e4
}

export interface Places {
  /** Holds state, outbox and archive of both ends. */
  readonly folder: string
  /** Sockets have short paths, so they have a folder of their own. */
  readonly sockets: string
}

export interface Ends {
  readonly onboard: unknown
  readonly station: unknown
}

/** The configuration files, as objects. `ends` is what the line said when it was ready. */
export function configurations(
  plan: PassPlan,
  { places, ends, contacts }: { places: Places; ends: Ends; contacts: readonly Contact[] },
): { onboard: object; station: object } {
  const loss = expectedFrameLoss(plan)
  const shared = {
    downlink: {
      spacecraftId: 42,
      interleave: plan.interleave,
      ...(plan.interleave === 0 ? { frameOctets: PLAIN_FRAME_OCTETS } : {}),
      rateBps: plan.rateBps,
    },
    uplink: { rateBps: plan.uplinkRateBps },
    cfdp: { class: 2, ...timers(plan) },
    contacts: contacts.map(({ startMs, endMs }) => ({
      start: Math.round(startMs),
      end: Math.round(endMs),
      expectedFrameLoss: loss,
    })),
  }
  const onboard = {
    role: 'onboard',
    entity: 1,
    peer: 2,
    state: `${places.folder}/onboard`,
    outbox: `${places.folder}/outbox`,
    modem: ends.onboard,
    control: { socket: socketOf('onboard', places) },
    ...shared,
  }
  const station = {
    role: 'station',
    entity: 2,
    peer: 1,
    state: `${places.folder}/station`,
    archive: `${places.folder}/archive`,
    modem: ends.station,
    control: { socket: socketOf('station', places) },
    ...shared,
  }
  return { onboard, station }
}

export function socketOf(role: 'onboard' | 'station' | 'link', places: Places): string {
  return `${places.sockets}/${role}.sock`
}

/** Arguments of `downpour link`. */
export function linkArguments(
  plan: PassPlan,
  contacts: readonly Contact[],
  places: Places,
): string[] {
  const { outages } = plan
  const spans = contacts.map(({ startMs, endMs }) => `${Math.round(startMs)}/${Math.round(endMs)}`)
  return [
    ['rate', plan.rateBps],
    ['uplink-rate', plan.uplinkRateBps],
    ['delay', `${plan.delayMs}ms`],
    ['ber', plan.ber],
    ['loss', plan.loss],
    ['loss-unit', caduOctets(plan)],
    ['seed', plan.seed],
    ['contacts', spans.join(',')],
    ['socket', socketOf('link', places)],
    ...(outages === undefined
      ? []
      : [['outage', `every=${outages.everyMs}ms,for=${outages.lastingMs}ms`] as const]),
  ].flatMap(([name, value]) => [`--${name}`, String(value)])
}

/** An answer needs the way there and back, and its own time on the uplink. */
function timers(plan: PassPlan): { ackMs: number; nakMs: number } {
  const roundTripMs =
    2 * plan.delayMs + 8_000 * (1_024 / plan.uplinkRateBps + caduOctets(plan) / plan.rateBps)
  const waitMs = Math.ceil(Math.max(1_000, 1.5 * roundTripMs + 500))
  return { ackMs: waitMs, nakMs: waitMs }
}

function outageShare({ everyMs, lastingMs }: Outages): number {
  return lastingMs / (everyMs + lastingMs)
}

/** That a frame has more wrong symbols than its code corrects, or any wrong bit where it has no code. */
function frameErrorRate(plan: PassPlan): number {
  if (plan.interleave === 0) return 1 - (1 - plan.ber) ** (8 * frameOctets(plan))
  const symbol = 1 - (1 - plan.ber) ** 8
  let term = (1 - symbol) ** 255
  let corrected = term
  for (let errors = 1; errors <= 16; errors++) {
    term *= ((256 - errors) / errors) * (symbol / (1 - symbol))
    corrected += term
  }
  return 1 - Math.min(1, corrected) ** plan.interleave
}

const MARKER_OCTETS = 4
const PLAIN_FRAME_OCTETS = 1_115
/** Headers of frame, packet and PDU, and the trailer: about. */
const FRAME_FIELDS_OCTETS = 40
const STARTING_MS = 1_500
const MIN_CONTACT_MS = 1_000
const SPARE_MS = 3_600_000
