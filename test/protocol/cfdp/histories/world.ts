/**
 * Two entities, the air between them, and what may happen to all three: the steps of a history, each of which is legal
 * at any moment, and a witness that looks at every PDU.
 */
import { CHECKSUM, FileChecksum } from '../../../../protocol/cfdp/checksum.ts'
import { parsePdu } from '../../../../protocol/cfdp/pdu/codec.ts'
import type { Pdu, TransactionId } from '../../../../protocol/cfdp/pdu/pdu.ts'
import type { RemoteChoice } from '../../../../protocol/cfdp/remote.ts'
import { Spans } from '../../../../protocol/octets/spans.ts'
import { EntityBench } from '../entity/bench.ts'

export type EndName = 'source' | 'destination'

/** What a user says of one transaction. */
export type Command = 'suspend' | 'resume' | 'cancel' | 'abandon' | 'prompt' | 'ask'

export interface Put {
  readonly do: 'put'
  readonly octets: number
  readonly acknowledged: boolean
  readonly unbounded: boolean
  /** Octets of a record; 0: its records are not observed. */
  readonly recordOctets: number
}

export type Step =
  | Put
  /** Of an unbounded file so many thousandths are there; or that was all. */
  | { readonly do: 'grow'; readonly nth: number; readonly thousandths: number }
  | { readonly do: 'complete'; readonly nth: number }
  /** An end has room for so many PDUs. */
  | { readonly do: 'say'; readonly end: EndName; readonly pdus: number }
  /** Of those in the air, the nth arrives; a copy of it does; it is lost; one of its bits turns. */
  | { readonly do: 'arrive' | 'copy' | 'lose'; readonly nth: number }
  | { readonly do: 'spoil'; readonly nth: number; readonly bit: number }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'contact'; readonly end: EndName; readonly isOpen: boolean }
  | { readonly do: 'freeze' | 'thaw'; readonly end: EndName }
  | { readonly do: Command; readonly end: EndName; readonly nth: number }
  /** The process ends and begins anew: what it held in memory is gone, its files are not. */
  | { readonly do: 'restart'; readonly end: EndName }

export interface Sent {
  readonly name: string
  readonly octets: Uint8Array
  readonly acknowledged: boolean
  readonly unbounded: boolean
  /** Octets of an unbounded one of which the source was told. */
  there: number
  id: TransactionId | undefined
}

interface Flying {
  readonly to: EndName
  readonly octets: Uint8Array
}

export class World {
  readonly sent: Sent[] = []
  /** What must never be; empty if all is well. */
  readonly broken: string[] = []
  /** Restarts so far, by end. */
  readonly restarts = { source: 0, destination: 0 }
  readonly #choice: Partial<RemoteChoice>
  readonly #ends: Record<EndName, EntityBench>
  readonly #air: Flying[] = []
  /** By sequence: octets of which the newest NAK heard says that the destination holds them. */
  readonly #acknowledged = new Map<string, Spans>()
  readonly #ids = new Set<string>()
  #firstSequence = 1
  #now = 0

  constructor(choice: Partial<RemoteChoice>) {
    this.#choice = choice
    this.#ends = {
      source: this.#newEnd('source', 1),
      destination: this.#newEnd('destination', 1),
    }
  }

  end(name: EndName): EntityBench {
    return this.#ends[name]
  }

  take(step: Step): void {
    switch (step.do) {
      case 'put':
        return this.#put(step)
      case 'grow':
        return this.#grow(step.nth, step.thousandths)
      case 'complete':
        return this.#complete(step.nth)
      case 'say':
        for (let i = 0; i < step.pdus; i++) this.#say(step.end)
        return
      case 'arrive':
        return this.#arrive(this.#pick(step.nth, true))
      case 'copy':
        return this.#arrive(this.#pick(step.nth, false))
      case 'lose':
        this.#pick(step.nth, true)
        return
      case 'spoil':
        return this.#spoil(step.nth, step.bit)
      case 'wait':
        return this.#wait(step.ms)
      case 'contact':
        return this.#ends[step.end].tell({
          kind: 'contact',
          entity: PEER[step.end],
          isOpen: step.isOpen,
        })
      case 'freeze':
      case 'thaw':
        return this.#ends[step.end].tell({ kind: step.do, entity: PEER[step.end] })
      case 'restart':
        return this.#restart(step.end)
      case 'suspend':
      case 'resume':
      case 'cancel':
      case 'abandon':
      case 'prompt':
      case 'ask':
        return this.#command(step.do, step.end, step.nth)
    }
  }

  /** Nothing bad happens any more: until nobody has anything to say or to wait for. Answers whether that came. */
  calm(): boolean {
    for (const end of ['source', 'destination'] as const)
      for (const step of [
        { do: 'contact', end, isOpen: true } as const,
        { do: 'thaw', end } as const,
      ])
        this.take(step)
    for (const [nth] of this.sent.entries())
      for (const end of ['source', 'destination'] as const) this.take({ do: 'resume', end, nth })
    for (let turns = 0; turns < CALM_TURNS_MAX; turns++) {
      // Requests that waited have their transactions by and by.
      for (const [nth, { unbounded }] of this.sent.entries()) if (unbounded) this.#complete(nth)
      for (const end of ['source', 'destination'] as const) this.#say(end)
      const first = this.#air.shift()
      if (first !== undefined) {
        this.#arrive(first)
        continue
      }
      const times = this.#deadlines()
      if (times.length === 0) return true
      this.#wait(Math.max(0, Math.min(...times) - this.#now))
    }
    return false
  }

  #deadlines(): readonly number[] {
    const { source, destination } = this.#ends
    return [source.machine.deadline, destination.machine.deadline].filter(at => at !== undefined)
  }

  #command(kind: Command, end: EndName, nth: number): void {
    const { id } = this.#nth(nth) ?? {}
    if (id === undefined) return
    const wants = nth % 2 === 0 ? 'nak' : 'keep alive'
    this.#ends[end].tell(kind === 'prompt' ? { kind, id, wants } : { kind, id })
  }

  #put({ octets, acknowledged, unbounded, recordOctets }: Put): void {
    const { source } = this.#ends
    const token = this.sent.length
    const name = `file-${token}`
    const file = Uint8Array.from({ length: octets }, (_, i) => (i * 7 + token * 31) & 0xff)
    source.files.set(name, file)
    this.sent.push({ name, octets: file, acknowledged, unbounded, there: 0, id: undefined })
    source.put(token, name, {
      acknowledged,
      closureRequested: !acknowledged && octets % 2 === 0,
      unbounded,
      ...(recordOctets === 0 ? {} : { records: recordOctets }),
    })
    this.#learnIds()
  }

  #grow(nth: number, thousandths: number): void {
    const one = this.#nth(nth)
    if (one?.id === undefined || !one.unbounded) return
    // A file that shrinks is another fault, and not one of the air.
    one.there = Math.max(one.there, Math.floor((one.octets.length * thousandths) / 1_000))
    this.#ends.source.tell({ kind: 'grown', id: one.id, octets: one.there })
  }

  #complete(nth: number): void {
    const { id, unbounded, octets } = this.#nth(nth) ?? {}
    if (id === undefined || octets === undefined || unbounded !== true) return
    const checksum = new FileChecksum(this.#choice.checksumType ?? CHECKSUM.null)
    checksum.update(octets)
    const whole = { octets: octets.length, checksum: checksum.value }
    this.#ends.source.tell({ kind: 'digested', id, ...whole })
  }

  #nth(nth: number): Sent | undefined {
    return this.sent[nth % Math.max(1, this.sent.length)]
  }

  #say(end: EndName): void {
    const out = this.#ends[end].next(ROOM_OCTETS)
    this.#learnIds()
    if (out === undefined) return
    if (end === 'source') this.#witnessSent(out.pdu)
    this.#air.push({ to: end === 'source' ? 'destination' : 'source', octets: out.octets })
  }

  #pick(nth: number, isTaken: boolean): Flying | undefined {
    if (this.#air.length === 0) return undefined
    const at = nth % this.#air.length
    return isTaken ? this.#air.splice(at, 1)[0] : this.#air[at]
  }

  #arrive(flying: Flying | undefined): void {
    if (flying === undefined) return
    const octets = flying.octets.slice()
    const pdu = parsePdu(octets)
    if (flying.to === 'source' && pdu.kind !== 'malformed') this.#witnessHeard(pdu)
    this.#ends[flying.to].tell({ kind: 'pdu', octets })
  }

  #spoil(nth: number, bit: number): void {
    const flying = this.#pick(nth, false)
    if (flying === undefined) return
    const at = (bit >>> 3) % flying.octets.length
    // The bit that says whether there is a CRC is the one that no CRC guards.
    if (at === 0 && (bit & 7) === 1) return
    flying.octets[at] = (flying.octets[at] as number) ^ (1 << (bit & 7))
  }

  #wait(ms: number): void {
    this.#now += ms
    for (const end of [this.#ends.source, this.#ends.destination]) end.tick(this.#now)
  }

  #restart(end: EndName): void {
    const before = this.#ends[end]
    this.restarts[end] += 1
    for (const { end: reserved } of before.asked('reserve'))
      this.#firstSequence = Math.max(this.#firstSequence, reserved)
    const firstSequence = end === 'source' ? this.#firstSequence : 1
    const after = this.#newEnd(end, firstSequence)
    for (const [name, octets] of before.files) after.files.set(name, octets)
    after.tick(this.#now)
    this.#ends[end] = after
    if (end === 'source') for (const one of this.sent) this.#forget(one)
  }

  #newEnd(end: EndName, firstSequence: number): EntityBench {
    const settings = { entity: end === 'source' ? 1 : 2, firstSequence }
    const bench = new EntityBench(this.#choice, settings)
    // How far an unbounded file is, the history says.
    bench.withheld.add('follow')
    return bench
  }

  /** Requests that a restart of the source ends: nobody knows of them any more. */
  #forget(one: Sent): void {
    if (one.id !== undefined) this.#acknowledged.delete(String(one.id.sequence))
  }

  #learnIds(): void {
    for (const { token, id } of this.#ends.source.told('transaction')) {
      const one = this.sent[token]
      if (one === undefined || one.id !== undefined) continue
      one.id = id
      const key = String(id.sequence)
      if (this.#ids.has(key)) this.broken.push(`sequence number ${key} is used twice`)
      this.#ids.add(key)
    }
  }

  /** What the source was told that the destination holds is not sent again, unless that asks for it. */
  #witnessSent({ header, body }: Pdu): void {
    if (body.kind !== 'file data') return
    const held = this.#acknowledged.get(String(header.sequence))
    const [start, end] = [Number(body.offset), Number(body.offset) + body.octets.length]
    if (end > start && held?.has(start, end) === true)
      this.broken.push(`[${start}, ${end}) of ${header.sequence} is sent again though held`)
  }

  #witnessHeard({ header, body }: Pdu): void {
    if (body.kind !== 'nak') return
    const key = String(header.sequence)
    const held = this.#acknowledged.get(key) ?? new Spans()
    this.#acknowledged.set(key, held)
    held.add(Number(body.scope.start), Number(body.scope.end))
    // A disk may have lost it since; that a NAK was overtaken by a later one nobody can tell.
    for (const { start, end } of body.gaps) held.remove(Number(start), Number(end))
  }
}

const PEER = { source: 2, destination: 1 } as const
const ROOM_OCTETS = 90
const CALM_TURNS_MAX = 20_000
