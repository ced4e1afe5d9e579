/** An entity whose peer says whatever it likes, with files in memory. */
import { CfdpEntity } from '../../protocol/cfdp/entity.ts'
import { MemoryEnd } from '../../protocol/cfdp/memory-end.ts'
import { encodePdu, parsePdu } from '../../protocol/cfdp/pdu/codec.ts'
import type { Pdu } from '../../protocol/cfdp/pdu/pdu.ts'
import { type RemoteChoice, remoteEntity } from '../../protocol/cfdp/remote.ts'
import { OctetWriter } from '../../protocol/octets/writer.ts'
import { fromHex } from '../kit/hex.ts'
import type { Random } from '../kit/random.ts'
import { VECTORS } from '../protocol/cfdp/pdu/vectors.ts'
import { mutated } from './mutate.ts'

const [HERE, PEER] = [1, 2]
const OCTETS_MAX = 600
const FILE_OCTETS_MAX = 4_096
const RECEPTIONS_MAX = 16
const SENDING_MAX = 8
/** Above all that a hostile PDU names. */
const HONEST_SEQUENCE = 2 ** 32 - 1_000

export class Hostile {
  readonly #random: Random
  readonly #end = endOf(HERE, PEER, 1)
  readonly #bodies: readonly Pdu[]
  readonly #out = new OctetWriter(OCTETS_MAX)
  #token = 0

  constructor(random: Random) {
    this.#random = random
    this.#end.files.set('file', random.octets(3_000))
    this.#bodies = VECTORS.pdus
      .map(({ hex }) => parsePdu(fromHex(hex)))
      .filter((pdu): pdu is Pdu => pdu.kind === 'pdu')
  }

  get counters(): CfdpEntity['counters'] {
    return this.#end.entity.counters
  }

  /** What is more than is allowed. */
  get excess(): string | undefined {
    const { queued, sending, receiving } = this.#end.entity.load
    if (receiving > RECEPTIONS_MAX) return `${receiving} receptions`
    return sending + queued > SENDING_MAX ? `${sending} being sent, ${queued} queued` : undefined
  }

  /** A PDU, or what once was one, of a few transactions in either direction. */
  octets(): Uint8Array {
    const random = this.#random
    const { header, body } = this.#bodies[random.below(this.#bodies.length)] as Pdu
    const [source, destination] = random.below(3) === 0 ? [HERE, PEER] : [PEER, HERE]
    const sequence = random.below(random.below(40) === 0 ? 2 ** 31 : 24)
    const towardSender = random.below(8) === 0 ? header.towardSender : source === HERE
    const names = { entityOctets: 2, sequenceOctets: 4, source, destination, sequence }
    this.#out.clear()
    encodePdu({ body, header: { ...header, ...names, towardSender } }, this.#out)
    const octets = this.#out.written().slice(0, OCTETS_MAX)
    return random.below(2) === 0 ? octets : mutated(octets, random)
  }

  hear(octets: Uint8Array, now: number): void {
    const end = this.#end
    end.receive({ kind: 'pdu', octets }, now)
    if (now % 3 === 0) end.next(200, now)
    if (end.deadline !== undefined && end.deadline <= now) end.tick(now)
    const { queued, sending } = end.entity.load
    if (now % 500 === 0 && sending + queued < SENDING_MAX) {
      this.#token += 1
      const request = { destination: PEER, file: 'file' }
      end.receive({ kind: 'put', token: this.#token, request }, now)
    }
    end.drain()
    // Names are those of whoever sent it; what is being sent has to stay.
    for (const name of end.files.keys()) if (name !== 'file') end.files.delete(name)
  }

  /** Peace: what is left over ends by its limits, and an honest peer sends a file. Answers what came of it. */
  recover(file: Uint8Array, from: number): Uint8Array | undefined {
    const end = this.#end
    let now = from
    for (let { deadline } = end; deadline !== undefined; { deadline } = end) {
      now = Math.max(now, deadline)
      end.tick(now)
      while (end.next(2_000, now) !== undefined);
    }
    const peer = endOf(PEER, HERE, HONEST_SEQUENCE)
    peer.files.set('honest', file)
    peer.receive({ kind: 'put', token: 1, request: { destination: HERE, file: 'honest' } }, now)
    while (carried(peer, end, now) || carried(end, peer, now));
    return end.files.get('honest')
  }
}

function endOf(entity: number, peer: number, firstSequence: number): MemoryEnd {
  const { receiving, limits } = remoteEntity({ entity: peer })
  const choice: RemoteChoice = {
    entity: peer,
    receiving: { ...receiving, fileOctetsMax: FILE_OCTETS_MAX, reachOctets: FILE_OCTETS_MAX / 2 },
    limits: { ...limits, receptionsMax: RECEPTIONS_MAX, pdusPerSecondMax: 1_000_000 },
  }
  return new MemoryEnd(
    new CfdpEntity({ entity, remotes: [remoteEntity(choice)], firstSequence }, 0),
  )
}

function carried(from: MemoryEnd, to: MemoryEnd, now: number): boolean {
  const pdu = from.next(1_200, now)
  if (pdu !== undefined) to.receive({ kind: 'pdu', octets: pdu.octets.slice() }, now)
  return pdu !== undefined
}
