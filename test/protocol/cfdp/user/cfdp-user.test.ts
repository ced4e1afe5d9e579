import t from 'tap'
import type { Pdu } from '../../../../protocol/cfdp/pdu/pdu.ts'
import type { OperationRequest } from '../../../../protocol/cfdp/user/operations.ts'
import {
  messageOption,
  type ReservedMessage,
} from '../../../../protocol/cfdp/user/reserved-message.ts'
import { Random } from '../../../kit/random.ts'
import { answers, fly, Party, pair, say } from './parties.ts'

const FILE = new Random(8).octets(30_000)
const LONG = 'x'.repeat(256)

t.test('CfdpUser suspends, resumes and asks about a transaction elsewhere', async t => {
  const [one, two] = pair()
  two.files.set('file', FILE)
  two.tell({ kind: 'put', token: 1, request: { destination: 1, file: 'file' } })
  const id = { source: 2, sequence: 1 }
  const steps: OperationRequest[] = [
    { kind: 'remote status', token: 1, to: 2, id, file: 'status-1' },
    { kind: 'remote suspend', token: 2, to: 2, id },
    { kind: 'remote status', token: 3, to: 2, id, file: 'status-3' },
    { kind: 'remote resume', token: 4, to: 2, id },
  ]
  for (const step of steps) {
    one.tell(step)
    // The end of the file is lost, so it stays under way.
    const isEnd = ({ header, body }: Pdu) => body.kind === 'eof' && header.sequence === 1
    fly([one, two], pdu => (isEnd(pdu) && pdu.header.source === 2 ? 0 : 1), 1_000)
  }
  t.strictSame(answers(one), [
    { kind: 'remote status', successful: true, transactionStatus: 1, path: 'status-1' },
    { kind: 'remote suspend', suspended: true, transactionStatus: 1 },
    { kind: 'remote status', successful: true, transactionStatus: 1, path: 'status-3' },
    { kind: 'remote resume', suspended: false, transactionStatus: 1 },
  ])
  t.match(
    textOf(one.files.get('status-1')),
    /^transaction=2-1\ndirection=sending\n.*suspended=false/s,
  )
  t.match(textOf(one.files.get('status-3')), /suspended=true\n/)
  fly([one, two])
  t.strictSame(one.files.get('file'), FILE)
  one.tell({ kind: 'remote status', token: 5, to: 2, id, file: 'late' })
  one.tell({ kind: 'remote suspend', token: 6, to: 2, id: { source: 1, sequence: 99 } })
  one.tell({ kind: 'remote resume', token: 7, to: 2, id: { source: 1, sequence: 1 } })
  one.tell({ kind: 'remote resume', token: 8, to: 2, id: { source: 2, sequence: 99 } })
  fly([one, two])
  t.strictSame(answers(one).slice(4), [
    { kind: 'remote status', successful: false, transactionStatus: 2, path: undefined },
    { kind: 'remote suspend', suspended: false, transactionStatus: 3 },
    { kind: 'remote resume', suspended: false, transactionStatus: 2 },
    { kind: 'remote resume', suspended: false, transactionStatus: 3 },
  ])
  t.strictSame([...two.files.keys()], ['file'], 'reports were let go')
})

t.test('CfdpUser does nothing for whom it is not allowed, and says so', async t => {
  const [one, two] = pair({ allowed: [] })
  two.files.set('file', FILE)
  const id = { source: 2, sequence: 1 }
  one.tell({ kind: 'list directory', token: 1, to: 2, directory: '', file: 'list' })
  one.tell({ kind: 'remote status', token: 2, to: 2, id, file: 'status' })
  one.tell({ kind: 'remote suspend', token: 3, to: 2, id })
  one.tell({ kind: 'remote resume', token: 4, to: 2, id })
  one.tell({ kind: 'proxy put', token: 5, to: 2, put: { destination: 1, sourceName: 'file' } })
  one.tell({ kind: 'cancel proxy put', token: 5 })
  fly([one, two])
  t.strictSame(answers(one), [
    { kind: 'list directory', successful: false, path: undefined },
    { kind: 'remote status', successful: false, transactionStatus: 0, path: undefined },
    { kind: 'remote suspend', suspended: false, transactionStatus: 0 },
    { kind: 'remote resume', suspended: false, transactionStatus: 0 },
    { kind: 'proxy put', condition: 15, complete: false, fileStatus: 3, filestoreResponses: [] },
  ])
  t.match(two.user.counters, { served: 0, refused: 6, dropped: 0 })
  t.strictSame([...one.files.keys()], [])
})

t.test('CfdpUser allows nothing unless it is told to', async t => {
  const two = new Party(2)
  const { CfdpUser } = await import('../../../../protocol/cfdp/user/cfdp-user.ts')
  const strict = new CfdpUser(two.user.entity)
  t.match(strict.counters, { served: 0 })
  const one = new Party(1)
  one.tell({ kind: 'remote suspend', token: 1, to: 2, id: { source: 1, sequence: 1 } })
  for (let pdu = one.next(); pdu !== undefined; pdu = one.next())
    strict.receive({ kind: 'pdu', octets: pdu.octets }, 0)
  t.match(strict.counters, { served: 0, refused: 1 })
})

t.test('CfdpUser bounds what it waits for, and what it serves', async t => {
  const one = new Party(1, { limits: { outstandingMax: 5 } })
  const two = new Party(2, { limits: { servingMax: 2 } })
  two.withheld.add('make listing')
  for (let token = 1; token <= 6; token++)
    one.tell({ kind: 'list directory', token, to: 2, directory: '', file: `list-${token}` })
  one.tell({ kind: 'list directory', token: 1, to: 2, directory: '', file: 'list' })
  t.strictSame(one.operations, [
    { kind: 'failed', token: 6, why: '5 operations wait for their answers' },
    { kind: 'failed', token: 1, why: 'another operation has this token' },
  ])
  fly([one, two], undefined, 1_000)
  t.match(two.user.counters, { served: 2, refused: 3, dropped: 3 })
  t.match(two.operations.at(-1), { kind: 'asked', refused: '2 operations of it are under way' })
  for (const effect of two.effects.filter(({ kind }) => kind === 'make listing'))
    if (effect.kind === 'make listing')
      two.tell({ kind: 'file refused', token: effect.token, why: 'no' })
  two.tell({ kind: 'file refused', token: 1, why: 'again' })
  two.tell({ kind: 'file ready', token: 99, file: 'x' })
  fly([one, two], undefined, 1_000)
  t.equal(answers(one).length, 2)
  t.equal(one.user.outstanding, 3)
})

t.test('CfdpUser asks for what a message can hold, to the last octet', async t => {
  const [one] = pair()
  const directory = 'd'.repeat(100)
  one.tell({ kind: 'list directory', token: 1, to: 2, directory, file: 'f'.repeat(131) })
  t.equal(one.user.outstanding, 1)
  one.tell({ kind: 'list directory', token: 2, to: 2, directory, file: 'f'.repeat(132) })
  t.match(one.operations, [{ kind: 'failed', token: 2 }])
})

t.test('CfdpUser: what was answered does not fail any more', async t => {
  const [one, two] = pair()
  one.tell({ kind: 'remote suspend', token: 1, to: 2, id: { source: 2, sequence: 1 } })
  // The request is served, and the end of its own transaction is never heard.
  fly([one, two], ({ header, body }) => (header.source === 1 && body.kind === 'finished' ? 0 : 1))
  t.match(one.told('transaction-finished').at(-1), { id: { source: 1, sequence: 1 } })
  t.notOk(one.told('transaction-finished').at(-1)?.complete)
  t.match(one.operations, [{ kind: 'answered', token: 1 }])
  t.equal(one.operations.length, 1)
})

t.test('CfdpUser leaves the tokens of its user alone', async t => {
  const [one, two] = pair()
  two.files.set('file', FILE)
  two.tell({ kind: 'put', token: 1, request: { destination: 9, file: 'file' } })
  t.match(two.told('put refused'), [{ token: 1 }])
  one.tell({ kind: 'remote suspend', token: 1, to: 2, id: { source: 2, sequence: 1 } })
  fly([one, two], undefined, 1_000)
  t.ok(two.told('transaction').every(({ token }) => token < 0))
  t.equal(two.told('transaction').length, 1)
})

t.test('CfdpUser gives up an operation that is not answered', async t => {
  const one = new Party(1, { limits: { answerMs: 30_000 } })
  const two = new Party(2)
  two.withheld.add('make listing')
  one.tell({ kind: 'list directory', token: 1, to: 2, directory: '', file: 'list' })
  fly([one, two], undefined, 10_000)
  t.equal(one.user.outstanding, 1)
  fly([one, two])
  t.strictSame(one.operations, [{ kind: 'failed', token: 1, why: 'no answer came in time' }])
  two.tell({ kind: 'file ready', token: 1, file: 'none' })
  fly([one, two])
  t.equal(one.operations.length, 1)

  const patient = new Party(1, { limits: { answerMs: 0 } })
  const other = new Party(2)
  other.withheld.add('make listing')
  patient.tell({ kind: 'list directory', token: 1, to: 2, directory: '', file: 'list' })
  fly([patient, other])
  t.strictSame([patient.user.outstanding, patient.user.deadline], [1, undefined])
})

t.test('CfdpUser gives up an operation whose request does not arrive', async t => {
  const [one, two] = pair()
  one.tell({ kind: 'remote suspend', token: 1, to: 2, id: { source: 1, sequence: 1 } })
  fly([one, two], () => 0)
  one.tell({ kind: 'remote suspend', token: 2, to: 9, id: { source: 1, sequence: 1 } })
  t.strictSame(one.operations, [
    {
      kind: 'failed',
      token: 1,
      why: 'the request did not arrive: positive ACK limit reached',
    },
    { kind: 'failed', token: 2, why: 'Cannot send to entity 9: it is not known' },
  ])
})

t.test('CfdpUser: what was answered does not fail any more', async t => {
  const [one, two] = pair()
  one.tell({ kind: 'remote suspend', token: 1, to: 2, id: { source: 1, sequence: 77 } })
  t.equal(one.user.mayHaveNext, true)
  // The request arrives, and nothing that says so.
  fly([one, two], ({ header }) => (header.source === 1 && header.towardSender ? 0 : 1))
  const own = one.told('transaction-finished').filter(({ id }) => id.source === 1)
  t.match(own, [{ condition: 1 }])
  t.match(one.operations, [{ kind: 'answered', token: 1 }])
  t.equal(one.user.mayHaveNext, false)
})

t.test('CfdpUser does not ask for what is too long to be asked for', async t => {
  const one = new Party(1)
  const octets = new Uint8Array(256)
  const put = { destination: 2, sourceName: 'a' }
  const create = { action: 0, firstName: octets, secondName: undefined }
  for (const request of [
    { kind: 'list directory', token: 1, to: 2, directory: LONG, file: 'a' },
    { kind: 'remote status', token: 1, to: 2, id: { source: 1, sequence: 1 }, file: LONG },
    { kind: 'proxy put', token: 1, to: 2, put: { ...put, sourceName: LONG } },
    { kind: 'proxy put', token: 1, to: 2, put: { ...put, destinationName: LONG } },
    { kind: 'proxy put', token: 1, to: 2, put: { ...put, messages: [octets] } },
    { kind: 'proxy put', token: 1, to: 2, put: { ...put, flowLabel: octets } },
    { kind: 'proxy put', token: 1, to: 2, put: { ...put, filestoreRequests: [create] } },
    { kind: 'cancel proxy put', token: 1 },
  ] as const)
    one.tell(request)
  const why = 'a name or a message is too long'
  const failed = { kind: 'failed', token: 1, why }
  const nothing = { ...failed, why: 'no such proxy put is under way' }
  t.strictSame(one.operations, [...Array.from({ length: 7 }, () => failed), nothing])
})

t.test('CfdpUser takes an answer from whom it asked only, and to what it asked', async t => {
  const one = new Party(1)
  const [two, three] = [new Party(2), new Party(3)]
  two.withheld.add('make listing')
  one.tell({ kind: 'list directory', token: 1, to: 2, directory: '', file: 'list' })
  fly([one, two, three], undefined, 1_000)
  const origin = (source: number, sequence: number): ReservedMessage => ({
    kind: 'originating transaction id',
    transaction: { source, sequence, entityOctets: 1, sequenceOctets: 1 },
  })
  const done = listed('list')
  const status = {
    transactionStatus: 1,
    transaction: { source: 1, sequence: 1, entityOctets: 1, sequenceOctets: 1 },
  }
  for (const [from, messages] of [
    [three, [done, origin(1, 1)]],
    [two, [done]],
    [two, [done, origin(1, 2)]],
    [two, [done, origin(2, 1)]],
    [two, [{ kind: 'remote suspend response', suspended: true, ...status }, origin(1, 1)]],
  ] as const)
    say(from, messages)
  fly([one, two, three], undefined, 2_000)
  t.strictSame([one.operations, one.user.outstanding], [[], 1])
  t.match(one.user.counters, { answers: 0, strays: 5 })
  say(two, [done, origin(1, 1)])
  fly([one, two, three], undefined, 3_000)
  t.match(one.operations, [{ kind: 'answered', token: 1 }])
})

t.test('CfdpUser: an answer whose file does not arrive is lost', async t => {
  const [one, two] = pair()
  two.files.set('file', FILE)
  one.tell({ kind: 'list directory', token: 1, to: 2, directory: '', file: 'list' })
  fly([one, two], ({ header, body }) => (header.source === 2 && body.kind === 'file data' ? 0 : 1))
  t.match(one.operations, [
    { kind: 'failed', token: 1, why: /the answer did not arrive: NAK limit reached/ },
  ])
})

t.test('CfdpUser counts messages that it cannot read, and takes no notice of others', async t => {
  const [one, two] = pair()
  const broken = { type: 2, value: Uint8Array.of(0x63, 0x66, 0x64, 0x70, 0x00) }
  const hello = { type: 2, value: new TextEncoder().encode('hello') }
  const options = [
    broken,
    hello,
    messageOption({ kind: 'unassigned', type: 99, octets: FILE.subarray(0, 9) }),
  ]
  one.tell({ kind: 'put', token: 1, request: { destination: 2, options } })
  fly([one, two])
  t.match(two.user.counters, { malformed: 1, served: 0, refused: 0 })
  t.equal(two.operations.length, 0)
})

function listed(name: string): ReservedMessage {
  const fileName = new TextEncoder().encode(name)
  return { kind: 'directory listing response', successful: true, directoryName: fileName, fileName }
}

function textOf(octets: Uint8Array | undefined): string {
  return new TextDecoder().decode(octets)
}
