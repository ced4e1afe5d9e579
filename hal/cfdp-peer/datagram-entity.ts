/** An entity whose PDUs are datagrams: what it has to say leaves when there is room, and it knows who said what where. */

import type { EntityEffect, EntityInput } from '../../protocol/cfdp/entity/events.ts'
import type { CfdpEntity } from '../../protocol/cfdp/entity.ts'
import { attempt } from '../../protocol/cfdp/pdu/codec.ts'
import { decodeHeader } from '../../protocol/cfdp/pdu/header.ts'
import type { Instant, Machine } from '../../protocol/machine.ts'
import { OctetReader, type Unsigned } from '../../protocol/octets/reader.ts'
import type { Address, Datagram } from '../udp.ts'

export type PeerInput =
  | EntityInput
  | { readonly kind: 'datagrams'; readonly datagrams: readonly Datagram[] }
  /** So many octets may leave now. */
  | { readonly kind: 'room'; readonly octets: number }

export type PeerEffect =
  | EntityEffect
  /** Wait until there is room, then say so. */
  | { readonly kind: 'room' }
  | { readonly kind: 'transmit'; readonly to: Unsigned; readonly octets: Uint8Array }

export class DatagramEntity implements Machine<PeerInput, PeerEffect> {
  readonly #entity: CfdpEntity
  readonly #heardAt = new Map<Unsigned, Address>()
  #effects: PeerEffect[] = []
  #isRoomAsked = false

  constructor(entity: CfdpEntity) {
    this.#entity = entity
  }

  get deadline(): Instant | undefined {
    return this.#entity.deadline
  }

  /** Where an entity spoke from the last time. */
  heardAt(entity: Unsigned): Address | undefined {
    return this.#heardAt.get(entity)
  }

  receive(input: PeerInput, now: Instant): void {
    if (input.kind === 'datagrams') {
      for (const datagram of input.datagrams) this.#receive(datagram, now)
    } else if (input.kind === 'room') this.#transmit(input.octets, now)
    else this.#entity.receive(input, now)
  }

  tick(now: Instant): void {
    this.#entity.tick(now)
  }

  drain(): readonly PeerEffect[] {
    this.#effects.push(...this.#entity.drain())
    if (!this.#isRoomAsked && this.#entity.mayHaveNext) {
      this.#isRoomAsked = true
      this.#effects.push({ kind: 'room' })
    }
    const effects = this.#effects
    if (effects.length > 0) this.#effects = []
    return effects
  }

  #receive({ octets, from }: Datagram, now: Instant): void {
    const speaker = speakerOf(octets)
    const heardBefore = speaker === undefined ? 0 : this.#entity.heardOf(speaker)
    this.#entity.receive({ kind: 'pdu', octets }, now)
    if (speaker === undefined || this.#entity.heardOf(speaker) === heardBefore) return
    const last = this.#heardAt.get(speaker)
    if (last?.port !== from.port || last.host !== from.host) this.#heardAt.set(speaker, from)
  }

  #transmit(roomOctets: number, now: Instant): void {
    this.#isRoomAsked = false
    for (let room = roomOctets; room > 0; ) {
      const pdu = this.#entity.next(PDU_OCTETS_MAX, now)
      this.#effects.push(...this.#entity.drain())
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
