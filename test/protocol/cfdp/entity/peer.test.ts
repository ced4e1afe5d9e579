import t from 'tap'
import { Peer } from '../../../../protocol/cfdp/entity/peer.ts'
import { remoteEntity } from '../../../../protocol/cfdp/remote.ts'
import { HEADER } from '../pdu/samples.ts'
import { EntityBench } from './bench.ts'

const PROMPT = { kind: 'prompt', wants: 'nak' } as const

t.test('Peer: files go on when it can be heard and nobody holds it, and not before', async t => {
  const peer = new Peer(remoteEntity({ entity: 2 }), { historyMax: 1, straysMax: 1 }, 0)
  t.ok(peer.clock.isOpen, 'in contact from the start')
  t.notOk(peer.freeze(true, 10))
  t.ok(peer.freeze(false, 20))
  t.notOk(peer.freeze(false, 30), 'it went on already')
  t.notOk(peer.contact(true, 40))
  t.equal(peer.clock.read(50), 40, 'its time stood still for ten')
})

t.test('Peer: answers for what is over wait for room, so many and no more', async t => {
  const peer = new Peer(remoteEntity({ entity: 2 }), { historyMax: 1, straysMax: 1 }, 0)
  t.notOk(peer.maySpeak)
  for (let n = 0; n < 3; n++) peer.answer(HEADER, PROMPT)
  t.equal(peer.strays.length, 1)
  t.ok(peer.maySpeak)
  peer.contact(false, 0)
  t.notOk(peer.maySpeak, 'not while it cannot be heard')
})

t.test('CfdpEntity.mayHaveNext: a file to send, an answer to give, and nothing', async t => {
  const [one, two] = [new EntityBench(), new EntityBench({}, { entity: 2 })]
  t.notOk(one.machine.mayHaveNext)
  one.files.set('a', new Uint8Array(10))
  one.put(1, 'a')
  t.ok(one.machine.mayHaveNext)
  for (const { header, body } of one.all()) two.hear(header, body)
  t.notOk(one.machine.mayHaveNext)
  t.ok(two.machine.mayHaveNext, 'an ACK and a Finished')
  two.all()
  t.notOk(two.machine.mayHaveNext)

  const unread = new EntityBench()
  unread.withheld.add('read')
  unread.files.set('a', new Uint8Array(10))
  unread.put(1, 'a')
  unread.all()
  t.notOk(unread.machine.mayHaveNext, 'not before its octets are there')
})
