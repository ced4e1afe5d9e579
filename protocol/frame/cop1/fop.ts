/**
 * FOP-1: the sending end of COP-1 on one virtual channel. It numbers frames of type AD, keeps each until a CLCW
 * acknowledges it, and sends all that follow a lost one again. CCSDS 232.1-B-2, 5.
 *
 *             NN(R)                    V(S)           NN(R) + K
 *     ---------|-----------------------|---------------|------
 *      acknowledged    Sent_Queue        may be sent
 *
 * Time is contact time: outside contacts the timer stands still.
 */

import type { Instant, Machine } from '../../machine.ts'
import type { Clcw } from '../clcw.ts'
import type { ControlCommand } from './control-command.ts'
import {
  clcwEvent,
  directiveEvent,
  type FopDirective,
  type FopVariables,
  timerEvent,
} from './fop-event.ts'
import {
  type FopAction,
  type FopAlert,
  type FopEvent,
  type FopState,
  fopCell,
} from './fop-table.ts'
import { type SentFrame, SentQueue } from './sent-queue.ts'

export type FopInput<Fdu> =
  /** Of this virtual channel. */
  | { readonly kind: 'clcw'; readonly clcw: Clcw }
  | { readonly kind: 'transfer'; readonly service: 'ad' | 'bd'; readonly fdu: Fdu }
  | { readonly kind: 'directive'; readonly directive: FopDirective }
  /** Of the frame that was handed down last. */
  | { readonly kind: 'taken' | 'refused'; readonly type: FopFrame<Fdu>['type'] }

/** A frame to be built and sent. */
export type FopFrame<Fdu> =
  | { readonly type: 'ad'; readonly sequence: number; readonly fdu: Fdu }
  | { readonly type: 'bd'; readonly fdu: Fdu }
  | { readonly type: 'bc'; readonly command: ControlCommand }

export type FopEffect<Fdu> =
  | { readonly kind: 'frame'; readonly frame: FopFrame<Fdu> }
  /** Frames of type AD that were handed down and not taken are not to be sent. */
  | { readonly kind: 'abort' }
  | { readonly kind: 'transfer'; readonly outcome: TransferOutcome; readonly fdu: Fdu }
  | {
      readonly kind: 'directive'
      readonly outcome: 'accepted' | 'rejected' | 'confirmed' | 'failed'
      readonly directive: FopDirective
    }
  | { readonly kind: 'alert'; readonly why: FopAlert }
  /** The limit was reached with timeout type 1: a resume goes on from here. */
  | { readonly kind: 'suspended' }

export type TransferOutcome = 'accepted' | 'rejected' | 'acknowledged' | 'lost'

export interface FopSettings {
  /** K, 1 to 255; no more than the positive half of the FARM window. */
  readonly window: number
  /** T1 in milliseconds of contact. */
  readonly timeoutMs: number
  /** 1 to 255. */
  readonly transmissionLimit: number
  readonly timeoutType: 0 | 1
}

interface BcCopy {
  readonly command: ControlCommand
  toBeSent: boolean
}

export class Fop<Fdu> implements Machine<FopInput<Fdu>, FopEffect<Fdu>> {
  #settings: FopSettings
  #state: FopState = 'S6'
  #transmissions = 1
  #suspended = 0
  #isAdReady = true
  #isBcReady = true
  #isBdReady = true
  readonly #sent = new SentQueue<Fdu>()
  #waiting: { readonly fdu: Fdu } | undefined
  /** The control command that was not acknowledged yet. */
  #command: BcCopy | undefined
  /** How the service is being initiated, until that is confirmed. */
  #initiating: FopDirective | undefined
  #deadline: Instant | undefined
  #effects: FopEffect<Fdu>[] = []

  constructor(settings: FopSettings) {
    this.#settings = settings
  }

  get state(): FopState {
    return this.#state
  }

  /** Whether a resume would go on. */
  get isSuspended(): boolean {
    return this.#suspended > 0
  }

  /** V(S) and NN(R), frames not acknowledged, and whether one FDU waits for its turn. */
  get outlook(): {
    readonly next: number
    readonly oldest: number
    readonly underWay: number
    readonly isWaiting: boolean
  } {
    const { next, oldest, length: underWay } = this.#sent
    return { next, oldest, underWay, isWaiting: this.#waiting !== undefined }
  }

  get deadline(): Instant | undefined {
    return this.#deadline
  }

  receive(input: FopInput<Fdu>, now: Instant): void {
    this.#step(this.#eventOf(input), input, now)
  }

  tick(now: Instant): void {
    if (this.#deadline === undefined || now < this.#deadline) return
    this.#deadline = undefined
    this.#step(timerEvent(this.#variables), undefined, now)
  }

  drain(): readonly FopEffect<Fdu>[] {
    const effects = this.#effects
    if (effects.length > 0) this.#effects = []
    return effects
  }

  get #variables(): FopVariables {
    return {
      next: this.#sent.next,
      oldest: this.#sent.oldest,
      transmissions: this.#transmissions,
      transmissionLimit: this.#settings.transmissionLimit,
      timeoutType: this.#settings.timeoutType,
      suspended: this.#suspended,
      isBcReady: this.#isBcReady,
    }
  }

  #eventOf(input: FopInput<Fdu>): FopEvent {
    if (input.kind === 'clcw') return clcwEvent(input.clcw, this.#variables)
    if (input.kind === 'directive') return directiveEvent(input.directive, this.#variables)
    if (input.kind !== 'transfer') return ANSWERS[input.kind][input.type]
    if (input.service === 'bd') return this.#isBdReady ? 'E21' : 'E22'
    return this.#waiting === undefined ? 'E19' : 'E20'
  }

  /** Looks the event up in the table and does what stands there. */
  #step(event: FopEvent, input: FopInput<Fdu> | undefined, now: Instant): void {
    const { to, actions, why } = fopCell(event, this.#state)
    for (const action of actions) {
      if (action === 'alert') this.#alert(why as FopAlert)
      else if (isOnInput(action)) this.#doWith(action, input as FopInput<Fdu>, now)
      else this.#do(action, now)
    }
    this.#state = to
  }

  /** Those that are about what came in. */
  #doWith(action: OnInput, input: FopInput<Fdu>, now: Instant): void {
    if (action === 'confirm') this.#confirm(input)
    else if (input.kind === 'clcw') this.#remove(input.clcw.report)
    else if (input.kind === 'transfer') this.#take(action, input.fdu)
    else if (input.kind === 'directive') this.#obey(action, input.directive, now)
  }

  #take(action: OnInput, fdu: Fdu): void {
    if (action === 'add FDU') this.#waiting = { fdu }
    else if (action === 'transmit BD') {
      this.#isBdReady = false
      this.#frame({ type: 'bd', fdu })
    } else {
      const outcome = action === 'accept' ? 'accepted' : 'rejected'
      this.#effects.push({ kind: 'transfer', outcome, fdu })
    }
  }

  #obey(action: OnInput, directive: FopDirective, now: Instant): void {
    if (action === 'accept') {
      if (directive.kind.startsWith('initiate')) this.#initiating = directive
      this.#say('accepted', directive)
    } else if (action === 'reject') this.#say('rejected', directive)
    else if (action === 'transmit unlock') this.#transmitCommand({ kind: 'unlock' }, now)
    else if ('sequence' in directive && action === 'transmit set V(R)')
      this.#transmitCommand({ kind: 'set V(R)', sequence: directive.sequence }, now)
    else this.#set(directive)
  }

  #do(action: Exclude<FopAction, OnInput | 'alert'>, now: Instant): void {
    switch (action) {
      case 'look for FDU':
        return this.#lookForFdu(now)
      case 'retransmit AD':
        return this.#retransmit(now)
      case 'start timer':
        return this.#startTimer(now)
      case 'cancel timer':
        this.#deadline = undefined
        return
      case 'initialise':
        return this.#initialise()
      case 'look for directive':
        return this.#lookForDirective(now)
      case 'retransmit BC':
        return this.#retransmitCommand(now)
      case 'release BC':
        this.#command = undefined
        return
      case 'suspend':
        return this.#suspend()
      case 'resume':
        return this.#resume(now)
      case 'AD ready':
        this.#isAdReady = true
        return
      case 'BC ready':
        this.#isBcReady = true
        return
      case 'BD ready':
        this.#isBdReady = true
    }
  }

  /** The directive that came in; with a CLCW, the one by which the service is initiated. */
  #confirm(input: FopInput<Fdu>): void {
    const directive = input.kind === 'directive' ? input.directive : this.#initiating
    if (directive === this.#initiating) this.#initiating = undefined
    this.#say('confirmed', directive as FopDirective)
  }

  #say(outcome: 'accepted' | 'rejected' | 'confirmed' | 'failed', directive: FopDirective): void {
    this.#effects.push({ kind: 'directive', outcome, directive })
  }

  /** First what is to be sent again, then the FDU that waits, if the window has room for it. 5.2.5. */
  #lookForFdu(now: Instant): void {
    if (!this.#isAdReady) return
    const { again } = this.#sent
    if (again !== undefined) {
      again.toBeSent = false
      this.#transmit(again, now)
      return
    }
    if (this.#waiting === undefined || this.#sent.length >= this.#settings.window) return
    const { fdu } = this.#waiting
    this.#waiting = undefined
    if (this.#sent.length === 0) this.#transmissions = 1
    this.#effects.push({ kind: 'transfer', outcome: 'accepted', fdu })
    this.#transmit(this.#sent.put(fdu), now)
  }

  #transmit({ sequence, fdu }: SentFrame<Fdu>, now: Instant): void {
    this.#isAdReady = false
    this.#startTimer(now)
    this.#frame({ type: 'ad', sequence, fdu })
  }

  #remove(report: number): void {
    for (const fdu of this.#sent.acknowledge(report))
      this.#effects.push({ kind: 'transfer', outcome: 'acknowledged', fdu })
    this.#transmissions = 1
  }

  #retransmit(now: Instant): void {
    this.#abort()
    this.#transmissions += 1
    this.#startTimer(now)
    this.#sent.sendAllAgain()
  }

  #abort(): void {
    this.#effects.push({ kind: 'abort' })
    this.#isAdReady = true
  }

  #transmitCommand(command: ControlCommand, now: Instant): void {
    this.#command = { command, toBeSent: true }
    this.#lookForDirective(now)
  }

  #retransmitCommand(now: Instant): void {
    this.#transmissions += 1
    this.#startTimer(now)
    const copy = this.#command as BcCopy
    copy.toBeSent = true
  }

  #lookForDirective(now: Instant): void {
    const copy = this.#command as BcCopy
    if (!this.#isBcReady || !copy.toBeSent) return
    copy.toBeSent = false
    this.#isBcReady = false
    this.#startTimer(now)
    this.#frame({ type: 'bc', command: copy.command })
  }

  #set(directive: FopDirective): void {
    if ('sequence' in directive) this.#sent.restart(directive.sequence)
    else if ('frames' in directive) this.#settings = { ...this.#settings, window: directive.frames }
    else if ('ms' in directive) this.#settings = { ...this.#settings, timeoutMs: directive.ms }
    else if ('times' in directive)
      this.#settings = { ...this.#settings, transmissionLimit: directive.times }
    else if ('type' in directive)
      this.#settings = { ...this.#settings, timeoutType: directive.type }
  }

  #initialise(): void {
    this.#purge()
    this.#transmissions = 1
    this.#suspended = 0
  }

  #alert(why: FopAlert): void {
    this.#deadline = undefined
    this.#purge()
    this.#suspended = 0
    this.#command = undefined
    if (this.#initiating !== undefined) this.#say('failed', this.#initiating)
    this.#initiating = undefined
    this.#effects.push({ kind: 'alert', why })
  }

  #purge(): void {
    for (const fdu of this.#sent.purge())
      this.#effects.push({ kind: 'transfer', outcome: 'lost', fdu })
    if (this.#waiting !== undefined)
      this.#effects.push({ kind: 'transfer', outcome: 'rejected', fdu: this.#waiting.fdu })
    this.#waiting = undefined
    this.#abort()
  }

  #suspend(): void {
    this.#suspended = Number(this.#state.slice(1))
    this.#effects.push({ kind: 'suspended' })
  }

  #resume(now: Instant): void {
    this.#suspended = 0
    this.#startTimer(now)
  }

  #startTimer(now: Instant): void {
    this.#deadline = now + this.#settings.timeoutMs
  }

  #frame(frame: FopFrame<Fdu>): void {
    this.#effects.push({ kind: 'frame', frame })
  }
}

function isOnInput(action: FopAction): action is OnInput {
  return (ON_INPUT as readonly FopAction[]).includes(action)
}

type OnInput = (typeof ON_INPUT)[number]

const ON_INPUT = [
  'accept',
  'reject',
  'confirm',
  'add FDU',
  'transmit BD',
  'remove acknowledged',
  'set parameter',
  'set V(S)',
  'set V(S) to V(R)',
  'transmit unlock',
  'transmit set V(R)',
] as const satisfies readonly FopAction[]
const ANSWERS = {
  taken: { ad: 'E41', bc: 'E43', bd: 'E45' },
  refused: { ad: 'E42', bc: 'E44', bd: 'E46' },
} as const
