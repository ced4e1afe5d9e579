import { CfdpEntity, MemoryEnd, remoteEntity } from '../../../../protocol/cfdp/library.ts'

/** Copies a file from one engine to another. It takes no time: the 0 is the clock, in milliseconds. */
export function copy(file: Uint8Array): Uint8Array | undefined {
  const [one, two] = [end(1, 2), end(2, 1)]
  one.files.set('image.raw', file)
  one.receive({ kind: 'put', token: 1, request: { destination: 2, file: 'image.raw' } }, 0)
  while (carry(one, two) || carry(two, one));
  return two.files.get('image.raw')
}

function end(entity: number, peer: number): MemoryEnd {
  const remotes = [remoteEntity({ entity: peer })]
  return new MemoryEnd(new CfdpEntity({ entity, remotes, firstSequence: 1 }, 0))
}

/** Carries a PDU: here it was encoded, there it is decoded. */
function carry(from: MemoryEnd, to: MemoryEnd): boolean {
  const pdu = from.next(1_200, 0)
  if (pdu !== undefined) to.receive({ kind: 'pdu', octets: pdu.octets }, 0)
  return pdu !== undefined
}
