/**
 * A CFDP entity in the world: its files on the disk, its PDUs in datagrams, one each, at no more than a rate.
 * Files that come in go to an archive, under names that can do no harm, and overwrite nothing.
 */

import type { EntityEffect } from '../protocol/cfdp/entity/events.ts'
import type { Indication } from '../protocol/cfdp/entity/indications.ts'
import type { CfdpEntity } from '../protocol/cfdp/entity.ts'
import type { TransactionId } from '../protocol/cfdp/pdu/pdu.ts'
import { CfdpUser } from '../protocol/cfdp/user/cfdp-user.ts'
import type {
  UserEffect,
  UserIndication,
  UserInput,
  UserSettings,
} from '../protocol/cfdp/user/operations.ts'
import type { Unsigned } from '../protocol/octets/reader.ts'
import { DatagramEntity, type PeerEffect, type PeerInput } from './cfdp-peer/datagram-entity.ts'
import { DatagramPace } from './cfdp-peer/datagram-pace.ts'
import { type Growth, SourceReader } from './cfdp-peer/source-reader.ts'
import { Sources } from './cfdp-peer/sources.ts'
import { UserFiles } from './cfdp-peer/user-files.ts'
import { drive } from './drive.ts'
import { type Archive, NameRefused } from './files/archive.ts'
import type { Filestore, Performed } from './files/filestore.ts'
import { safeName } from './files/safe-name.ts'
import { WriteJoiner } from './files/write-joiner.ts'
import { Inbox, pump } from './inbox.ts'
import type { Clock } from './ports.ts'
import { claimNumbers } from './sequence-numbers.ts'
import type { Address, UdpSocket } from './udp.ts'

export interface CfdpPeerParts {
  readonly entity: CfdpEntity
  readonly socket: UdpSocket
  /** Where to send what is for an entity. One that is not here is answered where it was heard last. */
  readonly addresses: ReadonlyMap<Unsigned, Address>
  /** Undefined: nothing is received. */
  readonly archive: Archive | undefined
  /** Undefined: no filestore request is executed. */
  readonly filestore?: Filestore | undefined
  /** What others may ask of its user; unless told, nothing. */
  readonly operations?: UserSettings | undefined
  /** How far unbounded files are; see SourceReader. */
  readonly growth?: Growth
  /** The folder of the sequence numbers; see claimNumbers(). */
  readonly numbers: string
  /** Bits a second that leave; Infinity is as fast as the system takes them. */
  readonly rateBps: number
  readonly clock: Clock
  readonly tell: (indication: Indication) => void
  readonly tellOperation?: ((indication: UserIndication) => void) | undefined
}

export class CfdpPeer {
  readonly #parts: CfdpPeerParts
  readonly #inbox = new Inbox<PeerInput>()
  readonly #machine: DatagramEntity
  readonly #pace: DatagramPace
  readonly #sources = new Sources()
  readonly #reader: SourceReader
  readonly #writes: WriteJoiner<TransactionId>
  /** Files of which something was not written. */
  readonly #torn = new Set<string>()
  readonly #userFiles: UserFiles

  constructor(parts: CfdpPeerParts) {
    this.#parts = parts
    this.#machine = new DatagramEntity(new CfdpUser(parts.entity, parts.operations))
    this.#userFiles = new UserFiles(parts.filestore)
    this.#pace = new DatagramPace(parts.rateBps, parts.clock)
    this.#reader = new SourceReader(this.#sources, parts.growth, input => this.post(input))
    this.#writes = new WriteJoiner(
      (id, offset, octets) => this.#write(id, offset, octets),
      (one, other) => one.sequence === other.sequence && one.source === other.source,
      JOINED_OCTETS_MAX,
    )
  }

  /** Tells the entity something, at the next turn of the loop. */
  post(input: UserInput): void {
    this.#inbox.post(input)
  }

  /** Runs until `signal` aborts, and closes the socket. */
  async run(signal: AbortSignal): Promise<void> {
    const { socket, clock } = this.#parts
    const heard = pump(
      socket.received(),
      this.#inbox,
      datagrams => ({ kind: 'datagrams', datagrams }) as const,
      HIGH_WATER,
    )
    try {
      await drive<PeerInput, PeerEffect>({
        machine: this.#machine,
        inbox: this.#inbox,
        clock,
        perform: effects => this.#perform(effects, signal),
        signal,
      })
    } finally {
      await socket.close()
    }
    await heard
  }

  async #perform(effects: readonly PeerEffect[], signal: AbortSignal): Promise<void> {
    const sends: Promise<void>[] = []
    for (const effect of effects) {
      if (effect.kind === 'write') {
        await this.#writes.add(effect.id, effect.offset, effect.octets)
        continue
      }
      await this.#writes.flush()
      if (effect.kind === 'transmit') sends.push(this.#transmit(effect))
      else if (effect.kind === 'room') void this.#room(signal)
      else await this.#do(effect)
    }
    await this.#writes.flush()
    await Promise.all(sends)
  }

  async #do(effect: UserEffect): Promise<void> {
    switch (effect.kind) {
      case 'indication':
        return this.#tell(effect.indication)
      case 'reserve':
        return this.#reserve()
      case 'digest':
      case 'digest first':
      case 'follow':
      case 'read':
        return this.#reader.answer(effect)
      case 'verify':
        void this.#verify(effect)
        return undefined
      case 'deliver':
        void this.#deliver(effect)
        return undefined
      case 'perform':
        void this.#execute(effect)
        return undefined
      case 'operation':
        this.#parts.tellOperation?.(effect.indication)
        return undefined
      case 'locate file':
      case 'make listing':
      case 'make report':
        void this.#userFiles.make(effect).then(answer => this.post(answer))
        return undefined
      case 'release file':
        return this.#userFiles.release(effect.file)
      case 'discard':
        this.#torn.delete(idText(effect.id))
        // What stays is hidden, and in nobody's way.
        await this.#parts.archive?.discard(effect.id).catch(() => undefined)
        return undefined
      case 'write':
        return undefined
    }
  }

  #tell(indication: Indication): void {
    if (indication.kind === 'transaction-finished') this.#sources.forget(indication.id)
    this.#parts.tell(indication)
  }

  #transmit({ to, octets }: PeerEffect & { kind: 'transmit' }): Promise<void> {
    const address = this.#parts.addresses.get(to) ?? this.#machine.heardAt(to)
    this.#pace.sent(octets.length)
    return address === undefined ? Promise.resolve() : this.#parts.socket.send(octets, address)
  }

  async #room(signal: AbortSignal): Promise<void> {
    await this.#pace.room(signal)
    this.#inbox.post({ kind: 'room', octets: this.#pace.roomOctets })
  }

  /** Other processes may have taken numbers in between: those that are claimed count, not those asked for. */
  async #reserve(): Promise<void> {
    const range = await claimNumbers(this.#parts.numbers)
    this.post({ kind: 'reserved', ...range })
  }

  async #write(id: TransactionId, offset: number, octets: Uint8Array): Promise<void> {
    try {
      if (this.#parts.archive === undefined) throw new Error('nothing is received here')
      await this.#parts.archive.write(id, offset, octets)
    } catch (error) {
      // Where nothing is read back, nobody else would see that it is missing.
      this.#torn.add(idText(id))
      this.post({ kind: 'refused', id, why: messageOf(error) })
    }
  }

  async #verify({ id, octets, checksumType }: EntityEffect & { kind: 'verify' }): Promise<void> {
    const checksum = await this.#parts.archive
      ?.checksum(id, octets, checksumType)
      .catch(() => undefined)
    this.post({ kind: 'verified', id, checksum })
  }

  async #execute({ id, request }: EntityEffect & { kind: 'perform' }): Promise<void> {
    const { filestore } = this.#parts
    const done = await (filestore?.perform(request) ?? NOT_ALLOWED)
    this.post({ kind: 'performed', id, ...done })
  }

  async #deliver({ id, octets, name }: EntityEffect & { kind: 'deliver' }): Promise<void> {
    const { archive } = this.#parts
    const safe = safeName(name)
    try {
      if (archive === undefined) throw new Error('nothing is received here')
      if (this.#torn.has(idText(id))) throw new Error('the disk did not take all of it')
      if (safe === undefined) throw new Error('its name leads out of the folder')
      const path = await deliverAs(archive, id, octets, safe)
      await archive.discard(id)
      this.post({ kind: 'delivered', id, path })
    } catch (error) {
      this.post({ kind: 'refused', id, why: messageOf(error) })
    }
  }
}

/** Where something else is at the place that the name leads to, the file goes by its transaction. */
async function deliverAs(
  archive: Archive,
  id: TransactionId,
  octets: number,
  name: string,
): Promise<string> {
  try {
    return await archive.deliver(id, octets, name)
  } catch (error) {
    if (!(error instanceof NameRefused)) throw error
    return archive.deliver(id, octets, `transaction-${id.source}-${id.sequence}`)
  }
}

function idText({ source, sequence }: TransactionId): string {
  return `${source}-${sequence}`
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

const NOT_ALLOWED: Performed = { outcome: 'not allowed', message: 'there is no filestore here' }
const JOINED_OCTETS_MAX = 256 * 1_024
/** Batches of datagrams that may wait for the machine. */
const HIGH_WATER = 16
