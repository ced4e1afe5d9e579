/** A remote entity with all that is under way with it. Its transactions live in the time of its contacts. */
import type { Instant } from '../../machine.ts'
import type { Unsigned } from '../../octets/reader.ts'
import { ContactClock } from '../contact-clock.ts'
import type { Directive, Header } from '../pdu/pdu.ts'
import type { RemoteEntity } from '../remote.ts'
import { History } from './history.ts'
import { OpenOctets } from './open-octets.ts'
import { RateGate } from './rate-gate.ts'
import type { ReceivingFile } from './receiving-file.ts'
import type { SendingFile } from './sending-file.ts'

export class Peer {
  readonly remote: RemoteEntity
  readonly clock = new ContactClock()
  readonly gate: RateGate
  readonly openOctets: OpenOctets
  /** Files that come from it, by sequence number, and those of them that are over. */
  readonly receptions = new Map<Unsigned, ReceivingFile>()
  readonly received: History
  /** Files that go to it, by sequence number; they are over in `sent`. */
  readonly sendings = new Map<Unsigned, SendingFile>()
  readonly sent: History
  /** Those that may have something to say: others are not asked. */
  readonly answering = new Set<ReceivingFile>()
  readonly ready = new Set<SendingFile>()
  /** Answers for transactions that are over. */
  readonly strays: { readonly header: Header; readonly body: Directive }[] = []
  readonly #straysMax: number
  /** PDUs of it that were understood. */
  heard = 0
  #isInContact = true
  #isFrozen = false

  constructor(
    remote: RemoteEntity,
    limits: { readonly historyMax: number; readonly straysMax: number },
    now: Instant,
  ) {
    this.remote = remote
    this.gate = new RateGate(remote.limits.pdusPerSecondMax)
    this.openOctets = new OpenOctets(remote.limits.openOctetsMax)
    this.received = new History(limits.historyMax)
    this.sent = new History(limits.historyMax)
    this.#straysMax = limits.straysMax
    this.clock.open(now)
  }

  /** It can be heard, or no more. Answers whether files go on that could not before. */
  contact(isOpen: boolean, now: Instant): boolean {
    this.#isInContact = isOpen
    return this.#turn(now)
  }

  /** An operator holds it, or lets it go. Answers whether files go on that could not before. */
  freeze(isFrozen: boolean, now: Instant): boolean {
    this.#isFrozen = isFrozen
    return this.#turn(now)
  }

  get isFrozen(): boolean {
    return this.#isFrozen
  }

  /** Whether anything of it may be sent now. */
  get maySpeak(): boolean {
    if (!this.clock.isOpen) return false
    return this.strays.length > 0 || this.answering.size > 0 || this.ready.size > 0
  }

  /** Everything that is open. */
  *files(): IterableIterator<ReceivingFile | SendingFile> {
    yield* this.receptions.values()
    yield* this.sendings.values()
  }

  answer(header: Header, body: Directive): void {
    if (this.strays.length < this.#straysMax) this.strays.push({ header, body })
  }

  #turn(now: Instant): boolean {
    const isOpen = this.#isInContact && !this.#isFrozen
    if (isOpen === this.clock.isOpen) return false
    if (isOpen) this.clock.open(now)
    else this.clock.close(now)
    return isOpen
  }
}
