/** An entity whose PDUs are datagrams: what it has to say leaves when there is room, and it knows who said what where. */

import { attempt } from '../../protocol/cfdp/pdu/codec.ts'
import { decodeHeader } from '../../protocol/cfdp/pdu/header.ts'
import type { CfdpUser } from '../../protocol/cfdp/user/cfdp-user.ts'
import type { UserEffect, UserInput } from '../../protocol/cfdp/user/operations.ts'
import type { Instant, Machine } from '../../protocol/machine.ts'
import { OctetReader, type Unsigned } from '../../protocol/octets/reader.ts'
import type { Address, Datagram } from '../udp.ts'

export type PeerInput =
  | UserInput
  | { readonly kind: 'datagrams'; readonly datagrams: readonly Datagram[] }
  /** So many octets may leave now. */
  | { readonly kind: 'room'; readonly octets: number }

export type PeerEffect =
  | UserEffect
  /** Wait until there is room, then say so. */
  | { readonly kind: 'room' }
  | { readonly kind: 'transmit'; readonly to: Unsigned; readonly octets: Uint8Array }

export class DatagramEntity implements Machine<PeerInput, PeerEffect> {
  readonly #user: CfdpUser
  readonly #heardAt = new Map<Unsigned, Address>()
  #effects: PeerEffect[] = []
  #isRoomAsked = false

  constructor(user: CfdpUser) {
    this.#user = user
  }

  get deadline(): Instant | undefined {
    return this.#user.deadline
  }

  /** Where an entity spoke from the last time. */
  heardAt(entity: Unsigned): Address | undefined {
    return this.#heardAt.get(entity)
  }

  receive(input: PeerInput, now: Instant): void {
    if (input.kind === 'datagrams') {
      for (const datagram of input.datagrams) this.#receive(datagram, now)
    } else if (input.kind === 'room') this.#transmit(input.octets, now)
    else this.#user.receive(input, now)
  }

  tick(now: Instant): void {
    this.#user.tick(now)
  }

  drain(): readonly PeerEffect[] {
    this.#effects.push(...this.#user.drain())
    if (!this.#isRoomAsked && this.#user.mayHaveNext) {
      this.#isRoomAsked = true
      this.#effects.push({ kind: 'room' })
    }
    const effects = this.#effects
    if (effects.length > 0) this.#effects = []
    return effects
  }

  #receive({ octets, from }: Datagram, now: Instant): void {
    const speaker = speakerOf(octets)
    const heardBefore = speaker === undefined ? 0 : this.#user.entity.heardOf(speaker)
    this.#user.receive({ kind: 'pdu', octets }, now)
    if (speaker === undefined || this.#user.entity.heardOf(speaker) === heardBefore) return
    const last = this.#heardAt.get(speaker)
    if (last?.port !== from.port || last.host !== from.host) this.#heardAt.set(speaker, from)
  }

  #transmit(roomOctets: number, now: Instant): void {
    this.#isRoomAsked = false
    for (let room = roomOctets; room > 0; ) {
      const pdu = this.#user.next(PDU_OCTETS_MAX, now)
      this.#effects.push(...this.#user.drain())
      if (pdu === undefined) return
      // The next one is written over it.
      this.#effects.push({ kind: 'transmit', to: pdu.to, octets: pdu.octets.slice() })
      room -= pdu.octets.length
    }
  }
}

/** Who says this, if it is a PDU. */
function speakerOf(octets: Uint8Array): Unsigned | undefined {
  const read = attempt(octets, all => decodeHeader(new OctetReader(all)))
  if ('kind' in read) return undefined
  const { towardSender, source, destination } = read.header
  return towardSender ? destination : source
}

/** What a datagram carries over IPv4. */
const PDU_OCTETS_MAX = 65_507
