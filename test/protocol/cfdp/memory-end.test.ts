import t from 'tap'
import { CfdpEntity } from '../../../protocol/cfdp/entity.ts'
import { MemoryEnd } from '../../../protocol/cfdp/memory-end.ts'
import { remoteEntity } from '../../../protocol/cfdp/remote.ts'
import { Random } from '../../kit/random.ts'

const FILE = new Random(1).octets(300_000)

t.test('MemoryEnd moves files, tells its user, and says when it wants to be woken', async t => {
  const [one, two] = [end(1, 2), end(2, 1)]
  one.files.set('a', FILE)
  one.receive({ kind: 'put', token: 1, request: { destination: 2, file: 'a' } }, 0)
  const first = one.next(1_200, 0)?.octets.slice()
  while (one.next(1_200, 0) !== undefined);
  const later = Math.ceil(one.deadline ?? 0)
  t.ok(later >= 5_000, 'the EOF is not answered')
  two.receive({ kind: 'pdu', octets: first ?? new Uint8Array(0) }, 0)
  one.tick(later)
  while (carry(one, two, later) || carry(two, one, later));
  t.strictSame(two.files.get('a'), FILE)
  t.strictSame(
    one.drain().map(({ kind }) => kind),
    ['transaction', 'eof-sent', 'transaction-finished'],
  )
  t.strictSame(one.drain(), [], 'told once')
  t.match(two.drain().at(-1), { kind: 'transaction-finished', condition: 0, path: 'a' })
})

t.test('MemoryEnd: a file that is not there, or is another one when it is read', async t => {
  const one = end(1, 2)
  one.receive({ kind: 'put', token: 1, request: { destination: 2, file: 'none' } }, 0)
  t.match(one.drain()[1], { kind: 'fault', why: 'no such file' })
  for (const becomes of [new Uint8Array(1), undefined]) {
    one.files.set('a', FILE)
    one.receive({ kind: 'put', token: 2, request: { destination: 2, file: 'a' } }, 0)
    if (becomes === undefined) one.files.delete('a')
    else one.files.set('a', becomes)
    while (one.next(1_200, 0) !== undefined);
    t.match(one.drain()[1], { kind: 'fault', why: 'the file changed' })
  }
})

t.test('MemoryEnd lets go what is cancelled', async t => {
  const [one, two] = [end(1, 2), end(2, 1)]
  one.files.set('a', FILE)
  one.receive({ kind: 'put', token: 1, request: { destination: 2, file: 'a' } }, 0)
  for (let n = 0; n < 9; n++) carry(one, two, 0)
  one.receive({ kind: 'cancel', id: { source: 1, sequence: 1 } }, 0)
  while (carry(one, two, 0) || carry(two, one, 0));
  t.match(two.drain().at(-1), { kind: 'transaction-finished', condition: 15, path: undefined })
  t.equal(two.files.size, 0)
})

function end(entity: number, peer: number): MemoryEnd {
  const remotes = [remoteEntity({ entity: peer })]
  return new MemoryEnd(new CfdpEntity({ entity, remotes, firstSequence: 1 }, 0))
}

function carry(from: MemoryEnd, to: MemoryEnd, now: number): boolean {
  const pdu = from.next(1_200, now)
  if (pdu !== undefined) to.receive({ kind: 'pdu', octets: pdu.octets }, now)
  return pdu !== undefined
}
