/**
 * What the receiving end of COP-1 does, event by event. CCSDS 232.1-B-2, table 6-1.
 *
 *     open     takes frames of type AD in order
 *     wait     has no buffer for the next one
 *     lockout  has seen a number that no sender in step with it can have used: takes no more until told
 *
 * Frames of type BD are taken in every state.
 */
export type FarmState = 'open' | 'wait' | 'lockout'

export type FarmEvent =
  /** A frame of type AD: the one expected, with a buffer for it and without. */
  | 'E1'
  | 'E2'
  /** Ahead of the one expected, within the window; behind it, within the window; outside. */
  | 'E3'
  | 'E4'
  | 'E5'
  /** A frame of type BD. */
  | 'E6'
  /** The control commands Unlock and Set V(R). */
  | 'E7'
  | 'E8'
  /** A frame that is not valid. */
  | 'E9'
  /** A buffer is free again. */
  | 'E10'
  /** It is time to report. */
  | 'E11'

export type FarmAction =
  | 'accept'
  | 'advance V(R)'
  | 'count'
  | 'set V(R)'
  | 'retransmit on'
  | 'retransmit off'
  | 'wait on'
  | 'wait off'
  | 'report'

/** What is done, in order, and the state after it. A frame that is not accepted is discarded. */
export interface FarmCell {
  readonly to: FarmState
  readonly actions: readonly FarmAction[]
}

function to(state: FarmState, ...actions: FarmAction[]): FarmCell {
  return { to: state, actions }
}

export const FARM_TABLE: Readonly<Record<FarmEvent, Readonly<Record<FarmState, FarmCell>>>> = {
  E1: {
    open: to('open', 'accept', 'advance V(R)', 'retransmit off'),
    // Not applicable: while no buffer is free the event is E2.
    wait: to('wait'),
    lockout: to('lockout'),
  },
  E2: {
    open: to('wait', 'retransmit on', 'wait on'),
    wait: to('wait'),
    lockout: to('lockout'),
  },
  E3: { open: to('open', 'retransmit on'), wait: to('wait'), lockout: to('lockout') },
  E4: { open: to('open'), wait: to('wait'), lockout: to('lockout') },
  E5: { open: to('lockout'), wait: to('lockout'), lockout: to('lockout') },
  E6: {
    open: to('open', 'accept', 'count'),
    wait: to('wait', 'accept', 'count'),
    lockout: to('lockout', 'accept', 'count'),
  },
  E7: {
    open: to('open', 'count', 'retransmit off'),
    wait: to('open', 'count', 'retransmit off', 'wait off'),
    lockout: to('open', 'count', 'retransmit off', 'wait off'),
  },
  E8: {
    open: to('open', 'count', 'retransmit off', 'set V(R)'),
    wait: to('open', 'count', 'retransmit off', 'wait off', 'set V(R)'),
    lockout: to('lockout', 'count'),
  },
  E9: { open: to('open'), wait: to('wait'), lockout: to('lockout') },
  E10: { open: to('open'), wait: to('open', 'wait off'), lockout: to('lockout', 'wait off') },
  E11: {
    open: to('open', 'report'),
    wait: to('wait', 'report'),
    lockout: to('lockout', 'report'),
  },
}
