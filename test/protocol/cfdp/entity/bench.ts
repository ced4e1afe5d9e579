/** An entity on a bench, its files in memory: told what happens, and what it does is looked at. */
import { FileChecksum } from '../../../../protocol/cfdp/checksum.ts'
import type {
  EntityEffect,
  EntityInput,
  PutRequest,
} from '../../../../protocol/cfdp/entity/events.ts'
import type { Indication } from '../../../../protocol/cfdp/entity/indications.ts'
import type { EntitySettings } from '../../../../protocol/cfdp/entity/settings.ts'
import { CfdpEntity } from '../../../../protocol/cfdp/entity.ts'
import { encodePdu, parsePdu } from '../../../../protocol/cfdp/pdu/codec.ts'
import type { Body, Header, Pdu } from '../../../../protocol/cfdp/pdu/pdu.ts'
import { type RemoteChoice, remoteEntity } from '../../../../protocol/cfdp/remote.ts'
import { OctetWriter } from '../../../../protocol/octets/writer.ts'

export type Sort = EntityEffect['kind'] | Indication['kind']

export class EntityBench {
  now = 0
  readonly machine: CfdpEntity
  /** Files to send, and files received: by name, and by `source-sequence` before they have one. */
  readonly files = new Map<string, Uint8Array>()
  readonly partial = new Map<string, Uint8Array>()
  readonly indications: Indication[] = []
  readonly effects: EntityEffect[] = []
  /** Effects of these kinds are not performed, only kept. */
  readonly withheld = new Set<EntityEffect['kind']>()

  constructor(remote: Partial<RemoteChoice> = {}, settings: Partial<EntitySettings> = {}) {
    const { entity = 1 } = settings
    const peer = remoteEntity({ entity: entity === 1 ? 2 : 1, ...remote })
    const usual = { entity, remotes: [peer], firstSequence: 1 }
    this.machine = new CfdpEntity({ ...usual, ...settings }, 0)
  }

  tell(input: EntityInput): void {
    this.machine.receive(input, this.now)
    this.settle()
  }

  tick(now: number): void {
    this.now = now
    this.machine.tick(now)
    this.settle()
  }

  /** Moves time to the deadline. Answers false if there is none. */
  wait(): boolean {
    const { deadline } = this.machine
    if (deadline === undefined) return false
    this.tick(Math.max(this.now, deadline))
    return true
  }

  put(token: number, file: string, more: Partial<PutRequest> = {}): void {
    this.tell({ kind: 'put', token, request: { destination: 2, file, ...more } })
  }

  /** The next PDU, as octets and as what they say. */
  next(roomOctets = 1_100): { readonly octets: Uint8Array; readonly pdu: Pdu } | undefined {
    let out = this.machine.next(roomOctets, this.now)
    this.settle()
    out ??= this.machine.next(roomOctets, this.now)
    this.settle()
    if (out === undefined) return undefined
    const octets = out.octets.slice()
    return { octets, pdu: parsePdu(octets) as Pdu }
  }

  /** All that wants to leave. */
  all(roomOctets = 1_100): readonly Pdu[] {
    const pdus: Pdu[] = []
    for (let out = this.next(roomOctets); out !== undefined; out = this.next(roomOctets))
      pdus.push(out.pdu)
    return pdus
  }

  hear(header: Header, body: Body): void {
    const out = new OctetWriter()
    encodePdu({ header, body }, out)
    this.tell({ kind: 'pdu', octets: out.written().slice() })
  }

  /** The indications of this kind so far. */
  told<K extends Indication['kind']>(kind: K): readonly Extract<Indication, { kind: K }>[] {
    return this.indications.filter(one => one.kind === kind) as Extract<Indication, { kind: K }>[]
  }

  asked<K extends EntityEffect['kind']>(kind: K): readonly Extract<EntityEffect, { kind: K }>[] {
    return this.effects.filter(one => one.kind === kind) as Extract<EntityEffect, { kind: K }>[]
  }

  settle(): void {
    for (let drained = this.machine.drain(); drained.length > 0; drained = this.machine.drain())
      for (const effect of drained) {
        this.effects.push(effect)
        const answer = this.withheld.has(effect.kind) ? undefined : this.#perform(effect)
        if (answer !== undefined) this.machine.receive(answer, this.now)
      }
  }

  #perform(effect: EntityEffect): EntityInput | undefined {
    switch (effect.kind) {
      case 'indication':
        this.indications.push(effect.indication)
        break
      case 'reserve':
        return { kind: 'reserved', end: effect.end }
      case 'digest': {
        const { id } = effect
        const file = this.files.get(effect.file)
        if (file === undefined) return { kind: 'source failed', id, why: 'no such file' }
        const checksum = checksumOf(file, effect.checksumType)
        return { kind: 'digested', id, octets: file.length, checksum }
      }
      case 'read': {
        const { id, offset, length } = effect
        const file = this.files.get(effect.file) as Uint8Array
        return { kind: 'read', id, offset, octets: file.subarray(offset, offset + length) }
      }
      case 'write': {
        const file = this.#partOf(effect.id, effect.offset + effect.octets.length)
        file.set(effect.octets, effect.offset)
        break
      }
      case 'verify': {
        const file = this.#partOf(effect.id, effect.octets).subarray(0, effect.octets)
        return {
          kind: 'verified',
          id: effect.id,
          checksum: checksumOf(file, effect.checksumType),
        }
      }
      case 'deliver': {
        const name = new TextDecoder().decode(effect.name)
        this.files.set(name, this.#partOf(effect.id, effect.octets).subarray(0, effect.octets))
        return { kind: 'delivered', id: effect.id, path: name }
      }
      case 'discard':
        this.partial.delete(keyOf(effect.id))
        break
    }
    return undefined
  }

  #partOf(id: EntityEffectId, octets: number): Uint8Array {
    const key = keyOf(id)
    const held = this.partial.get(key) ?? new Uint8Array(octets)
    if (held.length >= octets && this.partial.has(key)) return held
    const grown = new Uint8Array(Math.max(octets, 2 * held.length))
    grown.set(held)
    this.partial.set(key, grown)
    return grown
  }
}

/** Moves PDUs between two, each through `fate`: how many copies arrive. Waits for timers until all is still. */
export function fly(
  one: EntityBench,
  two: EntityBench,
  fate: (pdu: Pdu) => number = () => 1,
  untilMs = 600_000,
): void {
  for (;;) {
    let moved = false
    for (const [from, to] of [
      [one, two],
      [two, one],
    ] as const) {
      const out = from.next()
      if (out === undefined) continue
      moved = true
      for (let copies = fate(out.pdu); copies > 0; copies--)
        to.tell({ kind: 'pdu', octets: out.octets.slice() })
    }
    if (moved) continue
    const times = [one.machine.deadline, two.machine.deadline].filter(at => at !== undefined)
    if (times.length === 0) return
    const at = Math.max(one.now, Math.min(...times))
    if (at > untilMs) return
    one.tick(at)
    two.tick(at)
  }
}

type EntityEffectId = Extract<EntityEffect, { kind: 'write' }>['id']

function keyOf(id: EntityEffectId): string {
  return `${id.source}-${id.sequence}`
}

function checksumOf(file: Uint8Array, type: number): number {
  const checksum = new FileChecksum(type)
  checksum.update(file)
  return checksum.value
}
