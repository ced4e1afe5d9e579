import t from 'tap'
import {
  type ReservedMessage,
  readMessages,
} from '../../../../protocol/cfdp/user/reserved-message.ts'
import { Random } from '../../../kit/random.ts'
import { answers, fly, Party, pair, say } from './parties.ts'

const FILE = new Random(8).octets(30_000)

t.test('CfdpUser makes no listing and no report without a name to give it', async t => {
  const [one, two] = pair()
  two.files.set('file', FILE)
  two.withheld.add('read')
  two.tell({ kind: 'put', token: 1, request: { destination: 1, file: 'file' } })
  const bad = Uint8Array.of(0xff)
  const transaction = { source: 2, sequence: 1, entityOctets: 1, sequenceOctets: 1 }
  for (const fileName of [bad, new Uint8Array(0)]) {
    const directoryName = new Uint8Array(0)
    say(one, [{ kind: 'directory listing request', directoryName, fileName }])
    say(one, [{ kind: 'remote status report request', transaction, fileName }])
  }
  say(one, [put(2, 'file', bad)])
  fly([one, two], undefined, 1_000)
  t.match(two.user.counters, { served: 5 })
  t.equal(one.user.counters.strays, 5, 'each is answered, and none was asked for by its user')
  t.strictSame(
    two.effects.filter(({ kind }) => /^make|^locate/.test(kind)),
    [],
  )
})

t.test('CfdpUser says that a report could not be made', async t => {
  const [one, two] = pair()
  two.withheld.add('make report')
  const id = { source: 1, sequence: 1 }
  one.tell({ kind: 'remote status', token: 1, to: 2, id, file: 'status' })
  // The transaction that asks is not over yet: it is what is asked about.
  fly([one, two], ({ body }) => (body.kind === 'ack' && body.of === 'finished' ? 0 : 1), 1_000)
  two.tell({ kind: 'file refused', token: 1, why: 'no room' })
  fly([one, two], undefined, 20_000)
  t.match(answers(one), [{ kind: 'remote status', successful: false, transactionStatus: 1 }])
})

t.test('CfdpUser: a put of no file, only of messages', async t => {
  const [one, two] = pair()
  one.tell({
    kind: 'proxy put',
    token: 1,
    to: 2,
    put: { destination: 1, messages: [FILE.subarray(0, 5)] },
  })
  fly([one, two])
  t.match(answers(one), [{ kind: 'proxy put', condition: 0, complete: true }])
  t.strictSame(one.told('metadata-recv')[0]?.metadata.options[1]?.value, FILE.subarray(0, 5))
})

t.test(
  'CfdpUser breaks off a put that has no file yet, and one that waits for its turn',
  async t => {
    const one = new Party(1)
    const two = new Party(2, { entityLimits: { sendingMax: 1 } })
    two.files.set('file', FILE)
    two.withheld.add('locate file')
    one.tell({ kind: 'proxy put', token: 1, to: 2, put: { destination: 1, sourceName: 'file' } })
    fly([one, two], undefined, 1_000)
    for (let n = 0; n < 2; n++) one.tell({ kind: 'cancel proxy put', token: 1 })
    fly([one, two], undefined, 2_000)
    t.match(answers(one), [{ condition: 15, fileStatus: 3 }])
    two.withheld.clear()
    two.tell({ kind: 'file ready', token: 1, file: 'file' })
    t.equal(two.told('transaction').length, 1, 'too late: only the answer was put')

    two.withheld.add('digest')
    two.tell({ kind: 'put', token: 1, request: { destination: 3, file: 'file' } })
    one.tell({ kind: 'proxy put', token: 2, to: 2, put: { destination: 1, sourceName: 'file' } })
    fly([one, two], undefined, 3_000)
    one.tell({ kind: 'cancel proxy put', token: 2 })
    fly([one, two], undefined, 4_000)
    two.tell({ kind: 'cancel', id: { source: 2, sequence: 2 } })
    fly([one, two], undefined, 5_000)
    t.match(answers(one)[1], { condition: 15, fileStatus: 3 })
    t.notOk(one.files.has('file'))
  },
)

t.test('CfdpUser: whoever has taken all its places can still cancel', async t => {
  const [one, two] = pair({ limits: { servingMax: 1 } })
  two.files.set('file', FILE)
  two.withheld.add('locate file')
  one.tell({ kind: 'proxy put', token: 1, to: 2, put: { destination: 1, sourceName: 'file' } })
  fly([one, two], undefined, 1_000)
  one.tell({ kind: 'cancel proxy put', token: 1 })
  fly([one, two], undefined, 2_000)
  t.match(answers(one), [{ kind: 'proxy put', condition: 15, complete: false }])
  t.match(two.user.counters, { served: 2, refused: 0, dropped: 0 })
})

t.test('CfdpUser counts the places of each entity apart', async t => {
  const parties = [new Party(1), new Party(2, { limits: { servingMax: 1 } }), new Party(3)] as const
  const [one, two, three] = parties
  two.withheld.add('make listing')
  for (const from of [one, three])
    from.tell({ kind: 'list directory', token: 1, to: 2, directory: '', file: 'list' })
  fly(parties, undefined, 1_000)
  t.match(two.user.counters, { served: 2, refused: 0, dropped: 0 })
})

t.test('CfdpUser serves nothing that a transaction asked for which was broken off', async t => {
  const [one, two] = pair()
  const names = { directoryName: new Uint8Array(0), fileName: new TextEncoder().encode('list') }
  say(one, [{ kind: 'directory listing request', ...names }])
  two.tell({ kind: 'pdu', octets: (one.next() as { octets: Uint8Array }).octets })
  t.equal(two.told('metadata-recv').length, 1)
  one.tell({ kind: 'cancel', id: { source: 1, sequence: 1 } })
  fly([one, two])
  t.match(two.told('transaction-finished'), [{ condition: 15 }])
  t.match(two.user.counters, { served: 0, refused: 0 })
})

t.test('CfdpUser lets nobody cancel what another asked for', async t => {
  const [one, two, three] = [new Party(1), new Party(2), new Party(3)]
  two.files.set('file', FILE)
  two.withheld.add('locate file')
  one.tell({ kind: 'proxy put', token: 1, to: 2, put: { destination: 1, sourceName: 'file' } })
  fly([one, two, three], undefined, 1_000)
  const transaction = { source: 1, sequence: 1, entityOctets: 1, sequenceOctets: 1 }
  const cancel: ReservedMessage = { kind: 'proxy put cancel' }
  say(three, [{ kind: 'originating transaction id', transaction }, cancel], 2)
  say(one, [cancel])
  say(one, [
    { kind: 'originating transaction id', transaction: { ...transaction, sequence: 77 } },
    cancel,
  ])
  fly([one, two, three], undefined, 2_000)
  t.equal(one.operations.length, 0)
  two.tell({ kind: 'file ready', token: 1, file: 'file' })
  fly([one, two, three])
  t.strictSame(one.files.get('file'), FILE)
})

t.test('CfdpUser: what is put as a class 1 file without closure counts as complete', async t => {
  const [one, two] = pair()
  two.files.set('file', FILE)
  const put = { destination: 1, sourceName: 'file', acknowledged: false, closureRequested: false }
  one.tell({ kind: 'proxy put', token: 1, to: 2, put })
  fly([one, two])
  t.match(answers(one), [{ condition: 0, complete: true, fileStatus: 3 }])
})

t.test(
  'CfdpUser leaves out the response of a filestore request that no message can hold',
  async t => {
    const [one, two] = pair()
    const long = new TextEncoder().encode('n'.repeat(230))
    const second = new TextEncoder().encode('s'.repeat(10))
    const requests = [
      { action: 2, firstName: long.subarray(0, 200), secondName: second },
      { action: 0, firstName: long, secondName: undefined },
    ]
    one.tell({
      kind: 'proxy put',
      token: 1,
      to: 2,
      put: { destination: 1, filestoreRequests: requests },
    })
    fly([one, two])
    t.match(answers(one), [{ filestoreResponses: [{ status: 1 }, { status: 15 }] }])
    const firstName = new TextEncoder().encode('r'.repeat(247))
    const request = { action: 0, firstName, secondName: undefined }
    say(one, [put(1, '', new Uint8Array(0)), { kind: 'proxy filestore request', request }])
    fly([one, two])
    t.equal(one.user.counters.strays, 1)
    t.equal(one.told('metadata-recv').at(-1)?.metadata.options.length, 2)
    let answered = 1
    for (const [first, second, options] of [
      [246, undefined, 3],
      [200, 45, 3],
      [200, 46, 2],
    ] as const) {
      const secondName = second === undefined ? undefined : new Uint8Array(second).fill(0x73)
      const names = { firstName: new Uint8Array(first).fill(0x72), secondName }
      const asked = { action: second === undefined ? 0 : 2, ...names }
      say(one, [put(1, '', new Uint8Array(0)), { kind: 'proxy filestore request', request: asked }])
      fly([one, two])
      const [answer] = one
        .told('metadata-recv')
        .map(({ metadata }) => readMessages(metadata.options).messages.map(({ kind }) => kind))
        .filter(kinds => kinds.includes('proxy put response'))
        .slice(-1)
      t.equal(answer?.length, options, `names of ${first} and ${second} octets`)
      answered += 1
      t.equal(one.user.counters.strays, answered)
    }
  },
)

t.test('CfdpUser keeps names as they are, a mark of their byte order too', async t => {
  const [one, two] = pair()
  two.files.set('file', FILE)
  const name = '\ufeffthere'
  const put = { destination: 1, sourceName: 'file', destinationName: name }
  one.tell({ kind: 'proxy put', token: 1, to: 2, put })
  fly([one, two])
  const received = one.told('metadata-recv').map(({ metadata }) => metadata.destinationName)
  t.strictSame(received[0], new TextEncoder().encode(name))
})

function put(destination: number, source: string, destinationName: Uint8Array): ReservedMessage {
  const sourceName = new TextEncoder().encode(source)
  return { kind: 'proxy put request', destination, entityOctets: 1, sourceName, destinationName }
}
