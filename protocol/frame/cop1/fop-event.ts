/** Which event of the FOP-1 table a CLCW, a timer or a directive is. CCSDS 232.1-B-2, 5.2 and table 5-1. */
import type { Clcw } from '../clcw.ts'
import type { FopEvent } from './fop-table.ts'

/** The variables of FOP-1 that decide it. */
export interface FopVariables {
  /** V(S): the number of the next frame. */
  readonly next: number
  /** NN(R): the number of the oldest frame that is not acknowledged. */
  readonly oldest: number
  readonly transmissions: number
  readonly transmissionLimit: number
  readonly timeoutType: 0 | 1
  /** SS; 0: not suspended. */
  readonly suspended: number
  readonly isBcReady: boolean
}

export type FopDirective =
  /** How the AD service begins: at once, after a look at a CLCW, or after a control command was heard. */
  | { readonly kind: 'initiate'; readonly check: 'none' | 'clcw' | 'unlock' }
  | { readonly kind: 'initiate with V(R)'; readonly sequence: number }
  | { readonly kind: 'terminate' }
  | { readonly kind: 'resume' }
  | { readonly kind: 'set V(S)'; readonly sequence: number }
  /** K: frames that may be under way at once, 1 to 255. */
  | { readonly kind: 'set window'; readonly frames: number }
  /** T1: milliseconds until a frame that was not acknowledged is sent again. */
  | { readonly kind: 'set T1'; readonly ms: number }
  /** Times that a frame is sent at most, 1 to 255. */
  | { readonly kind: 'set transmission limit'; readonly times: number }
  /** At the limit: 0 gives up, 1 suspends. */
  | { readonly kind: 'set timeout type'; readonly type: 0 | 1 }

export function clcwEvent(clcw: Clcw, fop: FopVariables): FopEvent {
  if (clcw.cop !== 1) return 'E15'
  if (clcw.lockout) return 'E14'
  const underWay = (fop.next - fop.oldest) & 255
  const acknowledged = (clcw.report - fop.oldest) & 255
  if (acknowledged > underWay) return 'E13'
  if (acknowledged === underWay) return wholeEvent(clcw, acknowledged)
  if (!clcw.retransmit) {
    if (clcw.wait) return 'E7'
    return acknowledged === 0 ? 'E5' : 'E6'
  }
  return retransmitEvent(clcw, acknowledged, fop)
}

export function timerEvent({
  transmissions,
  transmissionLimit,
  timeoutType,
}: FopVariables): FopEvent {
  if (transmissions < transmissionLimit) return timeoutType === 0 ? 'E16' : 'E104'
  return timeoutType === 0 ? 'E17' : 'E18'
}

export function directiveEvent(directive: FopDirective, fop: FopVariables): FopEvent {
  switch (directive.kind) {
    case 'initiate':
      if (directive.check === 'unlock') return fop.isBcReady ? 'E25' : 'E26'
      return directive.check === 'none' ? 'E23' : 'E24'
    case 'initiate with V(R)':
      if (!isWithin(directive.sequence, 0, 255)) return 'E40'
      return fop.isBcReady ? 'E27' : 'E28'
    case 'terminate':
      return 'E29'
    case 'resume':
      return RESUME[fop.suspended] as FopEvent
    case 'set V(S)':
      return isWithin(directive.sequence, 0, 255) && fop.suspended === 0 ? 'E35' : 'E40'
    case 'set window':
      return isWithin(directive.frames, 1, 255) ? 'E36' : 'E40'
    case 'set T1':
      return directive.ms > 0 ? 'E37' : 'E40'
    case 'set transmission limit':
      return isWithin(directive.times, 1, 255) ? 'E38' : 'E40'
    case 'set timeout type':
      break
  }
  return 'E39'
}

/** Nothing is left unacknowledged. */
function wholeEvent(clcw: Clcw, acknowledged: number): FopEvent {
  if (clcw.retransmit) return 'E4'
  if (clcw.wait) return 'E3'
  return acknowledged === 0 ? 'E1' : 'E2'
}

function retransmitEvent(clcw: Clcw, acknowledged: number, fop: FopVariables): FopEvent {
  const isNew = acknowledged > 0
  if (fop.transmissionLimit === 1) return isNew ? 'E101' : 'E102'
  if (isNew) return clcw.wait ? 'E9' : 'E8'
  if (fop.transmissions < fop.transmissionLimit) return clcw.wait ? 'E11' : 'E10'
  return clcw.wait ? 'E103' : 'E12'
}

function isWithin(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most
}

const RESUME = ['E30', 'E31', 'E32', 'E33', 'E34'] as const
