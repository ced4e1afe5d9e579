/**
 * What the sending end of COP-1 does, event by event. CCSDS 232.1-B-2, table 5-1.
 *
 *     S1 active                                 S4 initialising, waits for a CLCW
 *     S2 retransmits                            S5 initialising, waits for a control command to be heard
 *     S3 retransmits, the far end has no room   S6 initial: there is no AD service
 *
 * An empty cell is "ignore", or an event that cannot happen in that state.
 */
export type FopState = 'S1' | 'S2' | 'S3' | 'S4' | 'S5' | 'S6'

/** Why the AD service ended. */
export type FopAlert = 'SYNCH' | 'CLCW' | 'LIMIT' | 'NN(R)' | 'LOCKOUT' | 'T1' | 'LLIF' | 'TERM'

export type FopAction =
  | 'accept'
  | 'reject'
  | 'confirm'
  | 'add FDU'
  | 'look for FDU'
  | 'remove acknowledged'
  | 'retransmit AD'
  | 'retransmit BC'
  | 'release BC'
  | 'start timer'
  | 'cancel timer'
  | 'initialise'
  | 'transmit unlock'
  | 'transmit set V(R)'
  | 'transmit BD'
  | 'set V(S)'
  | 'set V(S) to V(R)'
  | 'set parameter'
  | 'suspend'
  | 'resume'
  | 'AD ready'
  | 'BC ready'
  | 'BD ready'
  | 'look for directive'
  | 'alert'

/** What is done, in order, and the state after it. */
export interface FopCell {
  readonly to: FopState
  readonly actions: readonly FopAction[]
  /** Of an alert: its reason. */
  readonly why?: FopAlert
}

type Row = readonly [FopEntry, FopEntry, FopEntry, FopEntry, FopEntry, FopEntry]
/** undefined: nothing is done, and the state stays. */
type FopEntry = FopCell | undefined

function to(state: FopState, ...actions: FopAction[]): FopCell {
  return { to: state, actions }
}

function alert(why: FopAlert, ...before: FopAction[]): FopCell {
  return { to: 'S6', actions: [...before, 'alert'], why }
}

/** The same in every state, which stays. */
function always(...actions: FopAction[]): Row {
  return [
    to('S1', ...actions),
    to('S2', ...actions),
    to('S3', ...actions),
    to('S4', ...actions),
    to('S5', ...actions),
    to('S6', ...actions),
  ]
}

/** Of those that are refused but in S6. */
function onlyInitial(cell: FopCell): Row {
  const [s1, s2, s3, s4, s5] = always('reject')
  return [s1, s2, s3, s4, s5, cell]
}

const _ = undefined
const REMOVE_AND_LOOK = to('S1', 'remove acknowledged', 'look for FDU')
const ALL_REMOVED = to('S1', 'remove acknowledged', 'cancel timer', 'look for FDU')
const REPAIR = to('S2', 'remove acknowledged', 'retransmit AD', 'look for FDU')
const AGAIN = to('S2', 'retransmit AD', 'look for FDU')
const REMOVE_AND_WAIT = to('S3', 'remove acknowledged')
const OVER_LIMIT = alert('LIMIT', 'remove acknowledged')
const SUSPEND = to('S6', 'suspend')
const TERMINATE: FopCell = { to: 'S6', actions: ['accept', 'alert', 'confirm'], why: 'TERM' }

export const FOP_TABLE = {
  // A CLCW comes; which of these it is: fop-event.ts.
  E1: [
    _,
    alert('SYNCH'),
    alert('SYNCH'),
    to('S1', 'confirm', 'cancel timer'),
    to('S1', 'confirm', 'release BC', 'cancel timer'),
    _,
  ],
  E2: [ALL_REMOVED, ALL_REMOVED, ALL_REMOVED, _, _, _],
  E3: [alert('CLCW'), alert('CLCW'), alert('CLCW'), alert('CLCW'), alert('CLCW'), _],
  E4: [alert('SYNCH'), alert('SYNCH'), alert('SYNCH'), alert('SYNCH'), _, _],
  E5: [_, alert('SYNCH'), alert('SYNCH'), _, _, _],
  E6: [REMOVE_AND_LOOK, REMOVE_AND_LOOK, REMOVE_AND_LOOK, _, _, _],
  E7: [alert('CLCW'), alert('CLCW'), alert('CLCW'), _, _, _],
  E101: [OVER_LIMIT, OVER_LIMIT, OVER_LIMIT, _, _, _],
  E102: [alert('LIMIT'), alert('LIMIT'), alert('LIMIT'), _, _, _],
  E8: [REPAIR, REPAIR, REPAIR, _, _, _],
  E9: [REMOVE_AND_WAIT, REMOVE_AND_WAIT, REMOVE_AND_WAIT, _, _, _],
  E10: [AGAIN, _, AGAIN, _, _, _],
  E11: [to('S3'), to('S3'), _, _, _, _],
  E12: [to('S2'), _, to('S2'), _, _, _],
  E103: [to('S3'), to('S3'), _, _, _, _],
  E13: [alert('NN(R)'), alert('NN(R)'), alert('NN(R)'), alert('NN(R)'), _, _],
  E14: [alert('LOCKOUT'), alert('LOCKOUT'), alert('LOCKOUT'), alert('LOCKOUT'), _, _],
  E15: [alert('CLCW'), alert('CLCW'), alert('CLCW'), alert('CLCW'), alert('CLCW'), _],

  // The timer expires: the limit of transmissions is not reached, with timeout type 0 and 1; it is.
  E16: [
    to('S1', 'retransmit AD', 'look for FDU'),
    AGAIN,
    _,
    alert('T1'),
    to('S5', 'retransmit BC', 'look for directive'),
    _,
  ],
  E104: [
    to('S1', 'retransmit AD', 'look for FDU'),
    AGAIN,
    _,
    SUSPEND,
    to('S5', 'retransmit BC', 'look for directive'),
    _,
  ],
  E17: [alert('T1'), alert('T1'), alert('T1'), alert('T1'), alert('T1'), _],
  E18: [SUSPEND, SUSPEND, SUSPEND, SUSPEND, alert('T1'), _],

  // An FDU is handed in: for the AD service, with room for it and without; for the BD service, likewise.
  E19: [
    to('S1', 'add FDU', 'look for FDU'),
    to('S2', 'add FDU', 'look for FDU'),
    to('S3', 'add FDU'),
    to('S4', 'reject'),
    to('S5', 'reject'),
    to('S6', 'reject'),
  ],
  E20: always('reject'),
  E21: always('accept', 'transmit BD'),
  E22: always('reject'),

  // Initiate: without a check, with a check of the CLCW, with Unlock, with Set V(R).
  E23: onlyInitial(to('S1', 'accept', 'initialise', 'confirm')),
  E24: onlyInitial(to('S4', 'accept', 'initialise', 'start timer')),
  E25: onlyInitial(to('S5', 'accept', 'initialise', 'transmit unlock')),
  E26: always('reject'),
  E27: onlyInitial(to('S5', 'accept', 'initialise', 'set V(S) to V(R)', 'transmit set V(R)')),
  E28: always('reject'),
  // Terminate, and resume from each state of suspension.
  E29: [TERMINATE, TERMINATE, TERMINATE, TERMINATE, TERMINATE, TERMINATE],
  E30: always('reject'),
  E31: [_, _, _, _, _, to('S1', 'accept', 'resume', 'confirm')],
  E32: [_, _, _, _, _, to('S2', 'accept', 'resume', 'confirm')],
  E33: [_, _, _, _, _, to('S3', 'accept', 'resume', 'confirm')],
  E34: [_, _, _, _, _, to('S4', 'accept', 'resume')],
  // Set V(S), window, T1, limit of transmissions, timeout type; and directives that make no sense.
  E35: onlyInitial(to('S6', 'accept', 'set V(S)', 'confirm')),
  E36: always('accept', 'set parameter', 'confirm'),
  E37: always('accept', 'set parameter', 'confirm'),
  E38: always('accept', 'set parameter', 'confirm'),
  E39: always('accept', 'set parameter', 'confirm'),
  E40: always('reject'),

  // The procedures below took a frame, or refused it: AD, BC, BD.
  E41: [
    to('S1', 'AD ready', 'look for FDU'),
    to('S2', 'AD ready', 'look for FDU'),
    to('S3', 'AD ready'),
    to('S4', 'AD ready'),
    to('S5', 'AD ready'),
    to('S6', 'AD ready'),
  ],
  E42: [alert('LLIF'), alert('LLIF'), alert('LLIF'), alert('LLIF'), alert('LLIF'), _],
  E43: [
    to('S1', 'BC ready'),
    to('S2', 'BC ready'),
    to('S3', 'BC ready'),
    to('S4', 'BC ready'),
    to('S5', 'BC ready', 'look for directive'),
    to('S6', 'BC ready'),
  ],
  E44: [alert('LLIF'), alert('LLIF'), alert('LLIF'), alert('LLIF'), alert('LLIF'), _],
  E45: always('BD ready'),
  E46: [alert('LLIF'), alert('LLIF'), alert('LLIF'), alert('LLIF'), alert('LLIF'), _],
} as const satisfies Readonly<Record<string, Row>>

export type FopEvent = keyof typeof FOP_TABLE

/** What to do about `event` in `state`. */
export function fopCell(event: FopEvent, state: FopState): FopCell {
  const row: Row = FOP_TABLE[event]
  return row[COLUMN[state]] ?? to(state)
}

const COLUMN = { S1: 0, S2: 1, S3: 2, S4: 3, S5: 4, S6: 5 } as const
