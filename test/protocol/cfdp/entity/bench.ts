/** An entity on a bench, its files in memory: told what happens, and what it does is looked at. */
import type {
  EntityEffect,
  EntityInput,
  PutRequest,
} from '../../../../protocol/cfdp/entity/events.ts'
import type { Indication } from '../../../../protocol/cfdp/entity/indications.ts'
import { MemoryFiles } from '../../../../protocol/cfdp/entity/memory-files.ts'
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
  readonly #store = new MemoryFiles()
  #turns = 0
  /** Files to send, and files received: by name, and by `source-sequence` before they have one. */
  readonly files = this.#store.whole
  readonly partial = this.#store.partial
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
    this.#count()
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
    this.#count()
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
        if (effect.kind === 'indication') this.indications.push(effect.indication)
        const answer = this.withheld.has(effect.kind) ? undefined : this.#store.perform(effect)
        if (answer !== undefined) this.machine.receive(answer, this.now)
      }
  }

  #count(): void {
    if (++this.#turns > TURNS_MAX) throw new Error('An entity never comes to rest')
  }
}

/** More than any test needs: what goes on and on fails, instead of running for ever. */
const TURNS_MAX = 100_000

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
