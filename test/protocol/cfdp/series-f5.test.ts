/** Series F5 of the CCSDS interoperability tests: three-party remote put. The cases are named after what they show. */
import t from 'tap'
import { CONDITION } from '../../../protocol/cfdp/condition.ts'
import { FILESTORE_ACTION } from '../../../protocol/cfdp/pdu/filestore.ts'
import type { ProxyPut } from '../../../protocol/cfdp/user/operations.ts'
import { readMessages } from '../../../protocol/cfdp/user/reserved-message.ts'
import { Random } from '../../kit/random.ts'
import { percent } from './fate.ts'
import { fly, Party } from './user/parties.ts'

const FILE = new Random(5).octets(20_000)

for (const seed of [0, 1, 2, 3])
  t.test(`F5.1 the second entity puts a file to the third, seed ${seed}`, async t => {
    const { one, two, three } = asked({})
    fly([one, two, three], percent(seed, 10))
    t.strictSame(three.files.get('there'), FILE)
    t.match(one.operations, [
      { kind: 'answered', token: 7, answer: { condition: 0, complete: true, fileStatus: 2 } },
    ])
    t.equal(one.operations.length, 1)
    const [metadata] = three.told('metadata-recv')
    t.match(readMessages(metadata?.metadata.options ?? []).messages, [
      { kind: 'originating transaction id', transaction: { source: 1, sequence: 1 } },
    ])
    t.match(two.operations, [
      { kind: 'asked', from: 1, operation: 'proxy-put', refused: undefined },
    ])
    t.match(two.user.counters, { served: 1, refused: 0, dropped: 0 })
    t.match([one.user.outstanding, one.user.counters.answers], [0, 1])
  })

t.test('F5.2 it is cancelled on its way', async t => {
  const { one, two, three } = asked({})
  let segments = 0
  const cancelsAfterFive = ({ body }: { body: { kind: string } }) => {
    if (body.kind === 'file data') {
      segments += 1
      if (segments === 5) one.tell({ kind: 'cancel proxy put', token: 7 })
    }
    return 1
  }
  fly([one, two, three], cancelsAfterFive)
  t.equal(three.files.has('there'), false)
  t.ok(segments < 20)
  const cancelled = CONDITION.cancelRequestReceived
  t.match(one.operations, [{ kind: 'answered', answer: { condition: cancelled, complete: false } }])
  t.match(three.told('transaction-finished'), [{ condition: cancelled }])
})

t.test('F5.3 it fails: there is no such file', async t => {
  const { one, two, three } = asked({ sourceName: 'none' })
  fly([one, two, three])
  const condition = CONDITION.filestoreRejection
  t.match(one.operations, [{ answer: { condition, complete: false, fileStatus: 3 } }])
  t.equal(three.indications.length, 0)
})

t.test('F5.4 it fails: the third entity cannot be reached', async t => {
  const { one, two, three } = asked({})
  fly([one, two, three], ({ header }) => (header.destination === 3 ? 0 : 1))
  const condition = CONDITION.positiveAckLimitReached
  t.match(one.operations, [{ answer: { condition, complete: false } }])
})

t.test('F5.5 it fails: nobody knows the third entity', async t => {
  const { one, two, three } = asked({ destination: 9 })
  fly([one, two, three])
  t.match(one.operations, [{ answer: { condition: 15, complete: false, fileStatus: 3 } }])
})

t.test(
  'F5.6 what goes with it: class, closure, messages, filestore requests, handlers',
  async t => {
    const message = octetsOf('hello')
    const create = { action: FILESTORE_ACTION.createFile, firstName: octetsOf('new') }
    const { one, two, three } = asked({
      acknowledged: false,
      closureRequested: true,
      messages: [message],
      filestoreRequests: [
        { ...create, secondName: undefined },
        { ...create, secondName: undefined },
      ],
      faultHandlers: [{ condition: 5, handler: 'ignore' }],
      flowLabel: octetsOf('low'),
    })
    let isAcknowledged: boolean | undefined
    fly([one, two, three], ({ header }) => {
      if (header.destination === 3) isAcknowledged = header.acknowledged
      return 1
    })
    t.equal(isAcknowledged, false)
    const [said] = three.told('metadata-recv')
    t.equal(said?.metadata.closureRequested, true)
    t.strictSame(
      said?.metadata.options.map(({ type }) => type),
      [2, 2, 0, 0, 4, 5],
    )
    t.match(one.operations, [
      {
        answer: {
          condition: 0,
          filestoreResponses: [
            { action: 0, status: 0, firstName: octetsOf('new') },
            { action: 0, status: 1 },
          ],
        },
      },
    ])
  },
)

t.test('F5.7 it is refused to whom it is not allowed', async t => {
  const { one, two, three } = asked({}, [])
  fly([one, two, three])
  t.match(one.operations, [{ answer: { condition: 15, complete: false } }])
  t.match(two.operations, [{ kind: 'asked', refused: 'entity 1 may not ask for it' }])
  t.match(two.user.counters, { served: 0, refused: 1 })
  t.equal(three.indications.length, 0)
})

function asked(differs: Partial<ProxyPut>, allowed?: []) {
  const one = new Party(1)
  const two = new Party(2, allowed === undefined ? {} : { allowed })
  const three = new Party(3)
  two.files.set('here', FILE)
  const put = { destination: 3, sourceName: 'here', destinationName: 'there', ...differs }
  one.tell({ kind: 'proxy put', token: 7, to: 2, put })
  return { one, two, three }
}

function octetsOf(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
