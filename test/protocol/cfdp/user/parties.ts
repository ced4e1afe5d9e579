/** Users of entities that all hear each other, their files in memory, on a link that loses and doubles what it is told to. */
import type { Indication } from '../../../../protocol/cfdp/entity/indications.ts'
import { MemoryFiles } from '../../../../protocol/cfdp/entity/memory-files.ts'
import type { EntityLimits } from '../../../../protocol/cfdp/entity/settings.ts'
import { CfdpEntity } from '../../../../protocol/cfdp/entity.ts'
import { parsePdu } from '../../../../protocol/cfdp/pdu/codec.ts'
import type { Pdu } from '../../../../protocol/cfdp/pdu/pdu.ts'
import { type RemoteChoice, remoteEntity } from '../../../../protocol/cfdp/remote.ts'
import { CfdpUser } from '../../../../protocol/cfdp/user/cfdp-user.ts'
import {
  OPERATIONS,
  type Operation,
  type UserEffect,
  type UserIndication,
  type UserInput,
  type UserLimits,
} from '../../../../protocol/cfdp/user/operations.ts'
import {
  messageOption,
  type ReservedMessage,
} from '../../../../protocol/cfdp/user/reserved-message.ts'

export interface PartyChoice {
  /** What everybody may ask of it. */
  readonly allowed?: readonly Operation[]
  readonly limits?: Partial<UserLimits>
  readonly entityLimits?: Partial<EntityLimits>
  readonly remote?: Partial<RemoteChoice>
}

export class Party {
  readonly user: CfdpUser
  readonly indications: Indication[] = []
  readonly operations: UserIndication[] = []
  readonly effects: UserEffect[] = []
  /** Effects of these kinds are not performed, only kept. */
  readonly withheld = new Set<UserEffect['kind']>()
  now = 0
  readonly #store = new MemoryFiles()
  readonly files = this.#store.whole

  constructor(entity: number, choice: PartyChoice = {}) {
    const others = ENTITIES.filter(other => other !== entity)
    const receiving = { ...remoteEntity({ entity: 1 }).receiving, filestore: 'performed' } as const
    const remotes = others.map(other =>
      remoteEntity({ entity: other, receiving, ...choice.remote }),
    )
    const limits = choice.entityLimits ?? {}
    const allowed = new Map(others.map(other => [other, new Set(choice.allowed ?? OPERATIONS)]))
    this.user = new CfdpUser(new CfdpEntity({ entity, remotes, firstSequence: 1, limits }, 0), {
      allowed,
      limits: choice.limits ?? {},
    })
  }

  tell(input: UserInput): void {
    this.user.receive(input, this.now)
    this.settle()
  }

  tick(now: number): void {
    this.now = now
    this.user.tick(now)
    this.settle()
  }

  next(): { readonly to: number; readonly octets: Uint8Array } | undefined {
    let pdu = this.user.next(1_100, this.now)
    if (this.settle() && pdu === undefined) pdu = this.user.next(1_100, this.now)
    this.settle()
    return pdu === undefined ? undefined : { to: Number(pdu.to), octets: pdu.octets.slice() }
  }

  told<K extends Indication['kind']>(kind: K): readonly Extract<Indication, { kind: K }>[] {
    return this.indications.filter(one => one.kind === kind) as Extract<Indication, { kind: K }>[]
  }

  /** Whether there was anything to do. */
  settle(): boolean {
    let any = false
    for (let effects = this.user.drain(); effects.length > 0; effects = this.user.drain())
      for (const effect of effects) {
        any = true
        this.effects.push(effect)
        const answer = this.withheld.has(effect.kind) ? undefined : this.#perform(effect)
        if (answer !== undefined) this.user.receive(answer, this.now)
      }
    return any
  }

  #perform(effect: UserEffect): UserInput | undefined {
    if (effect.kind === 'operation') this.operations.push(effect.indication)
    else if (effect.kind === 'release file') this.files.delete(effect.file)
    else if (effect.kind === 'make report') return this.#made(effect.token, effect.text)
    else if (effect.kind === 'locate file') {
      const { token } = effect
      const file = new TextDecoder().decode(effect.name)
      if (this.files.has(file)) return { kind: 'file ready', token, file }
      return { kind: 'file refused', token, why: 'no such file' }
    } else if (effect.kind === 'make listing') {
      const { token } = effect
      const folder = new TextDecoder().decode(effect.directory)
      if (folder === 'none') return { kind: 'file refused', token, why: 'no such folder' }
      return this.#made(token, [...this.files.keys()].join('\n'))
    } else {
      if (effect.kind === 'indication') this.indications.push(effect.indication)
      return this.#store.perform(effect)
    }
    return undefined
  }

  #made(token: number, text: string): UserInput {
    const file = `made-${token}`
    this.files.set(file, new TextEncoder().encode(text))
    return { kind: 'file ready', token, file }
  }
}

/** Moves PDUs between all of them, each through `fate`: how many copies arrive. Waits for timers until all is still. */
export function fly(
  parties: readonly Party[],
  fate: (pdu: Pdu) => number = () => 1,
  untilMs = 600_000,
): void {
  for (;;) {
    let moved = false
    for (const from of parties) {
      const out = from.next()
      if (out === undefined) continue
      moved = true
      const to = parties.find(({ user }) => user.entity.entity === out.to)
      for (let copies = fate(parsePdu(out.octets) as Pdu); copies > 0; copies--)
        to?.tell({ kind: 'pdu', octets: out.octets.slice() })
    }
    if (moved) continue
    const times = parties.flatMap(({ user }) => user.deadline ?? [])
    if (times.length === 0) return
    const at = Math.max(...parties.map(({ now }) => now), Math.min(...times))
    if (at > untilMs) return
    for (const party of parties) party.tick(at)
  }
}

export function pair(choice: PartyChoice = {}): [Party, Party] {
  return [new Party(1), new Party(2, choice)]
}

/** A user says what no user of ours would. */
export function say(
  from: Party,
  messages: readonly ReservedMessage[],
  destination = from.user.entity.entity === 1 ? 2 : 1,
): void {
  const options = messages.map(messageOption)
  from.tell({ kind: 'put', token: 1_000 + from.effects.length, request: { destination, options } })
}

export function answers(party: Party) {
  return party.operations.flatMap(told => (told.kind === 'answered' ? told.answer : []))
}

const ENTITIES = [1, 2, 3]
