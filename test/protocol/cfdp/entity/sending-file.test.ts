/** A file on its way out, before it was read and as it goes. */
import t from 'tap'
import { CONDITION } from '../../../../protocol/cfdp/condition.ts'
import { QUIRKS } from '../../../../protocol/cfdp/remote.ts'
import { Random } from '../../../kit/random.ts'
import { encoded } from '../pdu/samples.ts'
import { EntityBench } from './bench.ts'

const FILE = new Random(8).octets(2_000)
const ID = { source: 1, sequence: 1 }

t.test('a file that is being digested says nothing, whatever it is told', async t => {
  const one = digesting()
  one.tell({ kind: 'report', id: ID })
  t.match(one.told('report')[0]?.status, { state: 'digesting', suspended: false, progress: 0 })
  t.match(one.machine.queues, { txa: 1, txw: 0 })
  one.tell({ kind: 'prompt', id: ID, wants: 'nak' })
  one.tell({ kind: 'suspend', id: ID })
  one.tell({ kind: 'resume', id: ID })
  one.tell({ kind: 'grown', id: ID, octets: 10 })
  one.tell({ kind: 'digested first', id: ID, checksum: 1 })
  one.tell({ kind: 'contact', entity: 2, isOpen: false })
  one.tell({ kind: 'contact', entity: 2, isOpen: true })
  const early = { towardSender: true, sequenceOctets: 4, sequence: 1 }
  const header = { ...early, acknowledged: true, crc: false, largeFile: false, entityOctets: 2 }
  one.hear(
    { ...header, source: 1, destination: 2, recordBoundaries: false },
    { kind: 'keep alive', progress: 5 },
  )
  one.tick(3_600_000)
  t.strictSame(one.all(), [])
  one.tell({ kind: 'digested', id: ID, octets: 2_000, checksum: 7 })
  t.match(one.all().at(-1), { body: { kind: 'eof', fileSize: 2_000, checksum: 7 } })
})

t.test('cancelled while it is digested, it makes room for the next', async t => {
  const one = digesting({ sendingMax: 1 })
  one.put(2, 'a')
  one.tell({ kind: 'cancel', id: ID })
  t.match(one.told('transaction-finished'), [{ id: ID, condition: 15, complete: undefined }])
  t.strictSame(one.machine.load, { queued: 0, sending: 1, receiving: 0 })
})

t.test('a file that its peer cannot hold is refused, and not begun', async t => {
  const one = digesting({}, { quirks: QUIRKS.yamcs })
  one.tell({ kind: 'digested', id: ID, octets: 2 ** 32, checksum: 0 })
  t.match(one.told('fault'), [
    { condition: CONDITION.filestoreRejection, handler: 'cancel', why: /files up to 4 GiB/ },
  ])
  t.strictSame(one.all(), [])
  t.equal(one.machine.load.sending, 0)
})

t.test('a file is digested once: what is said of its size later changes nothing', async t => {
  const one = digesting()
  one.tell({ kind: 'digested', id: ID, octets: 2_000, checksum: 7 })
  one.next()
  one.next()
  one.tell({ kind: 'digested', id: ID, octets: 10, checksum: 8 })
  one.tell({ kind: 'grown', id: ID, octets: 9_000 })
  t.strictSame(one.told('fault'), [])
  t.match(one.all().at(-1), { body: { kind: 'eof', fileSize: 2_000, checksum: 7 } })
})

t.test('eof-sent is told once, and only of a file that was sent as a whole', async t => {
  const one = sending()
  t.strictSame(one.told('eof-sent'), [])
  one.all()
  one.tell({ kind: 'contact', entity: 2, isOpen: false })
  one.tell({ kind: 'contact', entity: 2, isOpen: true })
  t.match(one.all(), [{ body: { kind: 'eof' } }])
  t.strictSame(one.told('eof-sent'), [{ kind: 'eof-sent', id: ID }])
  const cancelled = sending()
  cancelled.tell({ kind: 'cancel', id: ID })
  t.match(cancelled.all(), [{ body: { kind: 'eof', condition: 15 } }])
  t.strictSame(cancelled.told('eof-sent'), [])
})

t.test('room for one octet of file is room enough, and each octet is counted', async t => {
  const one = sending()
  const { octets } = one.next(100) as NonNullable<ReturnType<EntityBench['next']>>
  const { sent } = one.machine.counters
  const overhead = octets.length - sent.file_data_bytes
  t.equal(sent.file_data_bytes, 84)
  t.equal(one.next(overhead), undefined)
  t.match(one.next(overhead + 1), { pdu: { body: { offset: 84, octets: FILE.subarray(84, 85) } } })
  t.equal(sent.file_data_bytes, 85)
})

t.test('what a Finished lends is kept as a copy', async t => {
  const one = sending()
  const { header } = (one.next() as NonNullable<ReturnType<EntityBench['next']>>).pdu
  const finished = {
    kind: 'finished',
    condition: CONDITION.filestoreRejection,
    complete: false,
    fileStatus: 1,
    filestoreResponses: [Uint8Array.of(0x01, 1, 0x61, 0)],
    faultLocation: Uint8Array.of(0, 2),
  } as const
  const octets = encoded(finished, { ...header, towardSender: true })
  one.tell({ kind: 'pdu', octets })
  octets.fill(0)
  one.all()
  const [told] = one.told('transaction-finished')
  t.strictSame(told?.finished, finished)
})

function digesting(
  limits: { readonly sendingMax?: number } = {},
  remote: ConstructorParameters<typeof EntityBench>[0] = {},
): EntityBench {
  const one = new EntityBench(remote, { limits })
  one.withheld.add('digest')
  one.files.set('a', FILE)
  one.put(1, 'a')
  return one
}

/** Its Metadata has gone. */
function sending(): EntityBench {
  const one = new EntityBench()
  one.files.set('a', FILE)
  one.put(1, 'a')
  one.next()
  return one
}
