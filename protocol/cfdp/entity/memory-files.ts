/**
 * The files of an entity, in memory: what an owner without a disk answers to what the entity asks. For tests, for
 * a browser, and to try the engine. Like a disk it takes what it is told; the limits of the entity bound it.
 */
import { FileChecksum } from '../checksum.ts'
import type { TransactionId } from '../pdu/pdu.ts'
import type { EntityEffect, EntityInput } from './events.ts'
import { MemoryFilestore } from './memory-filestore.ts'

export class MemoryFiles {
  /** Files to send, and those that were received, by name. */
  readonly whole = new Map<string, Uint8Array>()
  /** What is being received, by `source-sequence`; it may be longer than what came so far. */
  readonly partial = new Map<string, Uint8Array>()
  readonly #filestore = new MemoryFilestore(this.whole)

  /** Does what is asked, and answers what the entity is to hear. Indications are of no interest here. */
  perform(effect: EntityEffect): EntityInput | undefined {
    switch (effect.kind) {
      case 'reserve':
        return { kind: 'reserved', end: effect.end }
      case 'digest':
      case 'follow':
      case 'digest first':
        // What is in memory is all there.
        return this.#digest(effect)
      case 'read':
        return this.#read(effect)
      case 'write':
        this.#room(effect.id, effect.offset + effect.octets.length).set(
          effect.octets,
          effect.offset,
        )
        break
      case 'verify': {
        const { id, checksumType } = effect
        const checksum = checksumOf(this.#received(id, effect.octets), checksumType)
        return { kind: 'verified', id, checksum }
      }
      case 'deliver':
        return this.#deliver(effect)
      case 'perform': {
        const outcome = this.#filestore.perform(effect.request)
        return { kind: 'performed', id: effect.id, outcome, message: '' }
      }
      case 'discard':
        this.partial.delete(keyOf(effect.id))
        break
      case 'indication':
        break
    }
    return undefined
  }

  #digest(effect: Digest): EntityInput {
    const { kind, id, file, checksumType } = effect
    const octets = this.whole.get(file)
    if (octets === undefined) return { kind: 'source failed', id, why: 'no such file' }
    if (kind !== 'digest first')
      return {
        kind: 'digested',
        id,
        octets: octets.length,
        checksum: checksumOf(octets, checksumType),
      }
    const first = octets.subarray(0, effect.octets)
    return { kind: 'digested first', id, checksum: checksumOf(first, checksumType) }
  }

  #read({ id, file, offset, length }: EntityEffect & { kind: 'read' }): EntityInput {
    const octets = this.whole.get(file)?.subarray(offset, offset + length)
    if (octets?.length !== length) return { kind: 'source failed', id, why: 'the file changed' }
    return { kind: 'read', id, offset, octets }
  }

  #deliver({ id, octets, name }: EntityEffect & { kind: 'deliver' }): EntityInput {
    const path = new TextDecoder().decode(name)
    this.whole.set(path, this.#received(id, octets))
    this.partial.delete(keyOf(id))
    return { kind: 'delivered', id, path }
  }

  #received(id: TransactionId, octets: number): Uint8Array {
    return this.#room(id, octets).subarray(0, octets)
  }

  /** What came of a file so far, with room for at least so many octets. */
  #room(id: TransactionId, octets: number): Uint8Array {
    const key = keyOf(id)
    const held = this.partial.get(key) ?? NOTHING
    if (held.length >= octets) return held
    const grown = new Uint8Array(Math.max(octets, 2 * held.length))
    grown.set(held)
    this.partial.set(key, grown)
    return grown
  }
}

function keyOf({ source, sequence }: TransactionId): string {
  return `${source}-${sequence}`
}

function checksumOf(file: Uint8Array, type: number): number {
  const checksum = new FileChecksum(type)
  checksum.update(file)
  return checksum.value
}

const NOTHING = new Uint8Array(0)

type Digest = Extract<EntityEffect, { kind: 'digest' | 'digest first' | 'follow' }>
