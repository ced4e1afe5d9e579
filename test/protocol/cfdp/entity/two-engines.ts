import {
  CfdpEntity,
  type EntityEffect,
  type EntityInput,
  FileChecksum,
  remoteEntity,
} from '../../../../protocol/cfdp/library.ts'

/** Two engines in one process; what one sends, the other receives. Answers the file as it arrived. */
export function copy(file: Uint8Array): Uint8Array {
  const received = new Uint8Array(file.length)
  const one = new CfdpEntity(
    { entity: 1, remotes: [remoteEntity({ entity: 2 })], firstSequence: 1 },
    0,
  )
  const two = new CfdpEntity(
    { entity: 2, remotes: [remoteEntity({ entity: 1 })], firstSequence: 1 },
    0,
  )
  one.receive({ kind: 'put', token: 1, request: { destination: 2, file: 'image.raw' } }, 0)
  while (pump(one, file, two) || pump(two, received, one));
  return received
}

/** Moves all that waits; answers whether there was anything. The 0 is the time, in milliseconds. */
function pump(from: CfdpEntity, file: Uint8Array, to: CfdpEntity): boolean {
  const effects = from.drain()
  for (const answer of effects.map(effect => perform(effect, file)))
    if (answer !== undefined) from.receive(answer, 0)
  const pdu = effects.length > 0 ? undefined : from.next(1_200, 0)
  if (pdu !== undefined) to.receive({ kind: 'pdu', octets: pdu.octets.slice() }, 0)
  return effects.length > 0 || pdu !== undefined
}

/** What an owner does with files; here they are in memory. */
function perform(effect: EntityEffect, file: Uint8Array): EntityInput | undefined {
  const sum = new FileChecksum('checksumType' in effect ? effect.checksumType : 15)
  sum.update(file)
  if (effect.kind === 'reserve') return { kind: 'reserved', end: effect.end }
  if (effect.kind === 'write') file.set(effect.octets, effect.offset)
  if (effect.kind === 'digest')
    return { kind: 'digested', id: effect.id, octets: file.length, checksum: sum.value }
  if (effect.kind === 'read')
    return { ...effect, octets: file.subarray(effect.offset, effect.offset + effect.length) }
  if (effect.kind === 'verify') return { kind: 'verified', id: effect.id, checksum: sum.value }
  if (effect.kind === 'deliver') return { kind: 'delivered', id: effect.id, path: 'image.raw' }
  return undefined
}
