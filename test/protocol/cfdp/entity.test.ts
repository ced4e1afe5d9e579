import { readFileSync } from 'node:fs'
import t from 'tap'
import { CHECKSUM } from '../../../protocol/cfdp/checksum.ts'
import { CONDITION } from '../../../protocol/cfdp/condition.ts'
import { QUIRKS } from '../../../protocol/cfdp/remote.ts'
import { Random } from '../../kit/random.ts'
import { EntityBench, fly } from './entity/bench.ts'
import { copy } from './entity/two-engines.ts'

const FILE = new Random(1).octets(5_000)

t.test('the example of the README copies a file', async t => {
  t.strictSame(copy(FILE), FILE)
  t.strictSame(copy(new Uint8Array(0)), new Uint8Array(0))
  const example = readFileSync('test/protocol/cfdp/entity/two-engines.ts', 'utf8')
  const published = example.replace(/'[./]+protocol\/cfdp\/library.ts'/, "'downpour/cfdp'")
  t.ok(readFileSync('README.md', 'utf8').includes(published), 'it stands there as it is run')
})

t.test('CfdpEntity sends a file of any size in both classes, and both users are told', async t => {
  for (const octets of [0, 1, 1_024, 1_025, 70_000, 300_000])
    for (const way of [
      { acknowledged: true },
      { acknowledged: false },
      { acknowledged: false, closureRequested: true },
    ]) {
      const label = `${octets} octets, ${JSON.stringify(way)}`
      const file = new Random(octets).octets(octets)
      const [one, two] = pair()
      one.files.set('a', file)
      one.put(9, 'a', { destinationName: 'b', ...way })
      fly(one, two)
      t.strictSame(two.files.get('b'), file, label)
      const id = { source: 1, sequence: 1 }
      t.match(one.indications, [
        { kind: 'transaction', id, token: 9 },
        { kind: 'eof-sent', id },
      ])
      t.match(one.told('transaction-finished'), [{ id, condition: 0 }], label)
      t.match(two.told('transaction-finished'), [{ id, condition: 0, path: 'b' }], label)
      t.equal(two.told('metadata-recv').length, 1)
      t.equal(two.told('eof-recv').length, 1)
      t.strictSame(one.machine.load, { queued: 0, sending: 0, receiving: 0 })
      t.strictSame(two.machine.load, { queued: 0, sending: 0, receiving: 0 })
    }
})

t.test('CfdpEntity sends files both ways through losses, copies and changes of order', async t => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const chance = new Random(seed)
    const [one, two] = pair()
    for (let n = 0; n < 6; n++) {
      const file = chance.octets(chance.below(20_000))
      one.files.set(`down${n}`, file)
      one.put(n, `down${n}`, { pduCrc: n % 2 === 0 })
      two.files.set(`up${n}`, file)
      two.put(n, `up${n}`, { destination: 1 })
    }
    fly(one, two, () => (chance.next() < 0.2 ? 0 : chance.next() < 0.2 ? 2 : 1))
    for (let n = 0; n < 6; n++) {
      t.strictSame(two.files.get(`down${n}`), one.files.get(`down${n}`), `seed ${seed}`)
      t.strictSame(one.files.get(`up${n}`), two.files.get(`up${n}`), `seed ${seed}`)
    }
    t.match(
      one.told('transaction-finished').map(one => one.condition),
      Array(12).fill(0),
    )
    t.equal(two.told('fault').length, 0)
  }
})

t.test('CfdpEntity carries a message to the user without a file', async t => {
  const [one, two] = pair()
  const value = new TextEncoder().encode('cfdp')
  one.tell({
    kind: 'put',
    token: 1,
    request: { destination: 2, options: [{ type: 2, value }], checksumType: 15 },
  })
  fly(one, two)
  t.match(two.told('metadata-recv'), [{ metadata: { options: [{ type: 2 }] } }])
  t.match(two.told('transaction-finished'), [{ condition: 0, path: undefined }])
  t.match(one.told('transaction-finished'), [{ condition: 0 }])
})

t.test('CfdpEntity puts the most urgent file first, and answers before files', async t => {
  const one = new EntityBench({}, { limits: { sendingMax: 2, urgentMax: 0 } })
  const files = [
    ['low', 9],
    ['first', 5],
    ['high', 0],
    ['next', 0],
  ] as const
  for (const [token, [name, priority]] of files.entries()) {
    one.files.set(name, FILE)
    one.put(token, name, { priority })
  }
  t.strictSame(one.machine.load, { queued: 2, sending: 2, receiving: 0 })
  t.strictSame(
    one.told('transaction').map(told => told.token),
    [0, 1],
    'two are open',
  )
  const pdus = one.all()
  const order = pdus.filter(pdu => pdu.body.kind !== 'file data')
  t.strictSame(
    order.map(pdu => `${pdu.header.sequence} ${pdu.body.kind}`),
    ['2 metadata', '1 metadata', '2 eof', '1 eof'],
  )
})

t.test(
  'CfdpEntity opens a few beyond its places, each more urgent than all that are open',
  async t => {
    const one = new EntityBench({}, { limits: { sendingMax: 2, urgentMax: 2 } })
    one.files.set('a', FILE)
    const put = (token: number, priority: number) => one.put(token, 'a', { priority })
    const opened = () => one.told('transaction').map(told => told.token)
    put(0, 9)
    put(1, 5)
    put(2, 5)
    t.strictSame(opened(), [0, 1], 'no more urgent than another')
    put(3, 4)
    t.strictSame(opened(), [0, 1, 3])
    put(4, 4)
    put(5, 0)
    t.strictSame(opened(), [0, 1, 3, 5])
    put(6, 0)
    t.strictSame(opened(), [0, 1, 3, 5], 'no place of any kind is left')
    t.strictSame(one.machine.load, { queued: 3, sending: 4, receiving: 0 })
    t.equal(one.all()[0]?.header.sequence, 4, 'the most urgent goes first')
  },
)

t.test(
  'CfdpEntity reserves sequence numbers before it uses them, and never uses one twice',
  async t => {
    const one = new EntityBench({}, { firstSequence: 40, limits: { reserve: 2 } })
    one.withheld.add('reserve')
    one.files.set('a', FILE)
    for (let n = 0; n < 5; n++) one.put(n, 'a')
    t.strictSame(
      one.asked('reserve').map(effect => effect.end),
      [42],
      'asked once',
    )
    t.equal(one.next(), undefined, 'nothing leaves before the disk has it')
    one.tell({ kind: 'reserved', end: 42 })
    t.strictSame(
      one.told('transaction').map(told => told.id.sequence),
      [40, 41],
    )
    one.tell({ kind: 'reserved', end: 41 })
    t.equal(one.told('transaction').length, 2, 'a reserve that is used up gives nothing')
    one.tell({ kind: 'reserved', end: 44 })
    t.strictSame(
      one.told('transaction').map(told => told.id.sequence),
      [40, 41, 42, 43],
    )

    one.tell({ kind: 'reserved', start: 1_000, end: 1_002 })
    t.equal(
      one.told('transaction').at(-1)?.id.sequence,
      1_000,
      'those between are of somebody else',
    )

    const short = new EntityBench({ sequenceOctets: 1 }, { firstSequence: 255 })
    short.files.set('a', FILE)
    short.put(1, 'a')
    short.put(2, 'a')
    t.match(short.told('put refused'), [
      { token: 2, why: /number the transaction 256 in 1 octets/ },
    ])
  },
)

t.test('CfdpEntity works off ten thousand requests, 64 at a time', async t => {
  const [one, two] = pair()
  one.files.set('a', FILE.subarray(0, 1))
  for (let n = 0; n < 10_065; n++) one.put(n, 'a', { acknowledged: false })
  t.strictSame(one.machine.load, { queued: 10_000, sending: 64, receiving: 0 })
  t.match(one.told('put refused'), [{ token: 10_064, why: /10000 wait/ }])
  fly(one, two)
  t.equal(two.told('transaction-finished').length, 10_064)
  t.strictSame(one.machine.load, { queued: 0, sending: 0, receiving: 0 })
})

t.test('CfdpEntity refuses what it cannot put', async t => {
  const one = new EntityBench(
    { quirks: { ...QUIRKS.cfsCf } },
    { limits: { queuedMax: 1, sendingMax: 0 } },
  )
  one.put(1, 'a', { destination: 3 })
  one.put(2, 'a'.repeat(256))
  one.put(3, 'a', { options: [{ type: 2, value: new Uint8Array(256) }] })
  one.put(4, 'a', { checksumType: CHECKSUM.crc32c })
  one.put(5, 'a', { pduCrc: true })
  one.put(6, 'a')
  one.put(6, 'b')
  one.put(7, 'b')
  one.tell({ kind: 'withdraw', token: 6 })
  one.tell({ kind: 'withdraw', token: 6 })
  t.match(one.told('put refused'), [
    { token: 1, why: /entity 3: it is not known/ },
    { token: 2, why: /255 octets are possible/ },
    { token: 3, why: /option longer than 255/ },
    { token: 4, why: /checksum type 2 to entity 2: it knows 0/ },
    { token: 5, why: /with a CRC/ },
    { token: 6, why: /another one of that token waits/ },
    { token: 7, why: /1 wait/ },
    { token: 6, why: /withdrawn/ },
  ])
})

t.test('CfdpEntity: a file that cannot be read', async t => {
  const [one, two] = pair()
  one.put(1, 'missing')
  t.match(one.told('fault'), [{ condition: CONDITION.filestoreRejection, why: 'no such file' }])
  t.match(one.told('transaction-finished'), [{ condition: CONDITION.filestoreRejection }])
  t.equal(one.machine.counters.fault.file_open, 1)
  t.equal(one.next(), undefined, 'nobody is told of what was never begun')

  one.withheld.add('read')
  one.files.set('a', FILE)
  one.put(2, 'a')
  const [asked] = (one.all(), one.asked('read'))
  one.tell({ kind: 'source failed', id: asked?.id ?? NONE, why: 'it changed' })
  fly(one, two)
  t.equal(one.machine.counters.fault.file_read, 1)
  t.match(two.told('transaction-finished'), [{ condition: CONDITION.filestoreRejection }])
  one.tell({ kind: 'source failed', id: NONE, why: 'nobody asked' })
  one.tell({ kind: 'digested', id: { source: 1, sequence: 2 }, octets: 1, checksum: 1 })
})

t.test('CfdpEntity: a file that the file store does not take', async t => {
  for (const kind of ['write', 'deliver'] as const) {
    const [one, two] = pair()
    two.withheld.add(kind)
    one.files.set('a', FILE)
    one.put(1, 'a')
    one.all().forEach(pdu => two.hear(pdu.header, pdu.body))
    two.tell({ kind: 'refused', id: { source: 1, sequence: 1 }, why: 'full' })
    fly(one, two)
    t.match(two.told('fault'), [{ condition: CONDITION.filestoreRejection, why: 'full' }], kind)
    t.match(one.told('transaction-finished'), [{ condition: CONDITION.filestoreRejection }])
    t.equal(two.machine.counters.fault[kind === 'write' ? 'file_write' : 'file_rename'], 1)
    two.tell({ kind: 'refused', id: { source: 1, sequence: 1 }, why: 'late' })
    two.tell({ kind: 'verified', id: { source: 7, sequence: 1 }, checksum: 0 })
  }
})

t.test('CfdpEntity cancels at either end, and before a file was read', async t => {
  const id = { source: 1, sequence: 1 }
  for (const at of ['source', 'destination', 'digesting'] as const) {
    const [one, two] = pair()
    one.files.set('a', FILE)
    if (at === 'digesting') one.withheld.add('digest')
    one.put(1, 'a')
    for (let n = 0; n < 3; n++) {
      const out = one.next()
      if (out !== undefined) two.tell({ kind: 'pdu', octets: out.octets })
    }
    ;(at === 'destination' ? two : one).tell({ kind: 'cancel', id })
    ;(at === 'destination' ? two : one).tell({ kind: 'cancel', id: NONE })
    fly(one, two)
    const cancelled = [{ id, condition: CONDITION.cancelRequestReceived }]
    t.match(one.told('transaction-finished'), cancelled, at)
    t.match(two.told('transaction-finished'), at === 'digesting' ? [] : cancelled, at)
    t.equal(one.told('fault').length + two.told('fault').length, 0, 'to be asked is no fault')
    t.equal(two.files.size, 0)
    t.equal(two.partial.size, 0, 'nothing is left')
  }
})

t.test('CfdpEntity suspends and resumes at either end, and a fault can do so', async t => {
  const id = { source: 1, sequence: 1 }
  for (const at of ['source', 'destination'] as const) {
    const [one, two] = pair()
    const here = at === 'source' ? one : two
    one.files.set('a', FILE)
    one.withheld.add('digest')
    one.put(1, 'a')
    one.tell({ kind: 'suspend', id })
    one.tell({ kind: 'resume', id })
    one.withheld.clear()
    one.tell({ kind: 'cancel', id })
    one.put(2, 'a')
    for (let n = 0; n < 3; n++) {
      const out = one.next()
      if (out !== undefined) two.tell({ kind: 'pdu', octets: out.octets })
    }
    const second = { source: 1, sequence: 2 }
    here.tell({ kind: 'suspend', id: second })
    here.tell({ kind: 'report', id: second })
    t.match(here.told('suspended'), [{ id: second, condition: 14 }], at)
    t.match(here.told('report'), [{ status: { suspended: true } }])
    fly(one, two, () => 1, 5_000)
    t.equal(one.told('transaction-finished').length, 1, 'only the cancelled one')
    here.tell({ kind: 'resume', id: second })
    fly(one, two)
    t.match(here.told('resumed'), [{ id: second }])
    t.strictSame(two.files.get('a'), FILE)
    t.match(one.told('transaction-finished').at(-1), { id: second, condition: 0 })
  }
})

t.test('CfdpEntity reports what is under way', async t => {
  const [one, two] = pair()
  const id = { source: 1, sequence: 1 }
  one.files.set('a', FILE)
  one.withheld.add('digest')
  one.put(1, 'a')
  one.tell({ kind: 'report', id })
  one.tell({ kind: 'digested', id, octets: FILE.length, checksum: 0 })
  one.tell({ kind: 'digested', id, octets: 0, checksum: 1 })
  for (let n = 0; n < 3; n++) {
    const out = one.next()
    if (out !== undefined) two.tell({ kind: 'pdu', octets: out.octets })
  }
  one.tell({ kind: 'report', id })
  two.tell({ kind: 'report', id })
  two.tell({ kind: 'report', id: { source: 1, sequence: 99 } })
  t.match(one.told('report'), [
    { status: { direction: 'sending', state: 'digesting', progress: 0, fileOctets: undefined } },
    { status: { direction: 'sending', state: 'sending', progress: 2_048, fileOctets: 5_000 } },
  ])
  t.match(two.told('report'), [
    { id, status: { direction: 'receiving', state: 'receiving', progress: 2_048, condition: 0 } },
    { id: { source: 1, sequence: 99 }, status: undefined },
  ])
})

function pair(): [EntityBench, EntityBench] {
  return [new EntityBench(), new EntityBench({}, { entity: 2 })]
}

const NONE = { source: 1, sequence: 77 }
