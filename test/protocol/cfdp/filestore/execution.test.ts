import fc from 'fast-check'
import t from 'tap'
import { FilestoreExecution, REQUESTS_MAX } from '../../../../protocol/cfdp/filestore/execution.ts'
import {
  type FilestoreOutcome,
  outcomeOf,
  statusOf,
} from '../../../../protocol/cfdp/filestore/outcome.ts'
import { readResponses, requestOption } from '../../../../protocol/cfdp/filestore/requests.ts'
import { FILESTORE_ACTION } from '../../../../protocol/cfdp/pdu/filestore.ts'
import type { Tlv } from '../../../../protocol/cfdp/pdu/pdu.ts'
import { DRAWN } from '../../../kit/drawn.ts'
import { hex } from '../../../kit/hex.ts'

const CREATE = request(FILESTORE_ACTION.createFile, 'a')
const RENAME = request(FILESTORE_ACTION.renameFile, 'a', 'b')
const DELETE = request(FILESTORE_ACTION.deleteFile, 'b')

t.test('FilestoreExecution hands the requests out in order, each once', async t => {
  const ordinary = { type: 2, value: hex`68656c6c6f` }
  const execution = new FilestoreExecution([CREATE, ordinary, RENAME, DELETE], true)
  const actions: number[] = []
  while (execution.next !== undefined) {
    actions.push(execution.next.action)
    execution.performed('successful')
  }
  t.strictSame(actions, [0, 2, 1])
  execution.performed('missing')
  t.strictSame(said(execution), ['0 a: successful', '2 a b: successful', '1 b: successful'])
})

t.test('FilestoreExecution performs nothing after a failure', async t => {
  const execution = new FilestoreExecution([CREATE, RENAME, DELETE], true)
  execution.performed('successful')
  execution.performed('exists', 'b is there')
  t.equal(execution.next, undefined)
  t.strictSame(said(execution), [
    '0 a: successful',
    '2 a b: exists, b is there',
    '1 b: not performed, a request before it failed',
  ])
})

t.test('FilestoreExecution performs nothing where it may not, or there is no file', async t => {
  const forbidden = new FilestoreExecution([CREATE], false)
  t.equal(forbidden.next, undefined)
  t.strictSame(said(forbidden), ['0 a: not performed, requests are not executed here'])
  const undelivered = new FilestoreExecution([CREATE], true)
  undelivered.abandon()
  undelivered.abandon()
  t.equal(undelivered.next, undefined)
  t.strictSame(said(undelivered), ['0 a: not performed, the file was not delivered'])
})

t.test('FilestoreExecution answers what it cannot read, and goes no further', async t => {
  for (const [value, response] of [
    [hex``, '0 : not performed, the request cannot be read'],
    [hex`10 05 61`, '1 : not performed, the request cannot be read'],
    [hex`30 05 61`, '3  : not performed, the request cannot be read'],
    [hex`90 01 61`, '9 a: not performed, the request cannot be read'],
  ] as const) {
    const execution = new FilestoreExecution([CREATE, { type: 0, value }, DELETE], true)
    execution.performed('successful')
    t.equal(execution.next, undefined)
    t.equal(said(execution)[1], response)
    t.equal(execution.responses.length, 3)
  }
  const first = new FilestoreExecution([{ type: 0, value: hex`` }, CREATE], true)
  t.equal(first.next, undefined)
})

t.test('FilestoreExecution performs none of too many', async t => {
  const most = Array.from({ length: REQUESTS_MAX }, () => CREATE)
  t.not(new FilestoreExecution(most, true).next, undefined)
  const execution = new FilestoreExecution([...most, CREATE], true)
  t.equal(execution.next, undefined)
  t.equal(execution.responses.length, REQUESTS_MAX)
  t.match(said(execution), ['0 a: not performed, more than 64 requests are not executed'])
})

t.test('FilestoreExecution says everything in responses that fit', async t => {
  const name = fc.uint8Array({ maxLength: 253 })
  const property = fc.property(
    fc.array(fc.tuple(fc.nat(15), name, name), { maxLength: 5 }),
    fc.array(fc.constantFrom<FilestoreOutcome>('successful', 'missing', 'exists')),
    fc.string({ maxLength: 300 }),
    (names, outcomes, message) => {
      const options = names.flatMap(([action, firstName, secondName]) => {
        const two = action >= 2 && action <= 4
        const option = requestOption({
          action,
          firstName: two ? firstName.subarray(0, 253 - secondName.length) : firstName,
          secondName: two ? secondName.subarray(0, 252) : undefined,
        })
        return option.value.length > 255 ? [] : [option]
      })
      const execution = new FilestoreExecution(options, true)
      for (const outcome of outcomes) execution.performed(outcome, message)
      execution.abandon()
      const responses = readResponses(execution.responses)
      return (
        execution.responses.every(value => value.length <= 255) &&
        responses.length === options.length &&
        responses.every((response, n) => response.action === (options[n]?.value[0] ?? 0) >>> 4)
      )
    },
  )
  t.doesNotThrow(() => fc.assert(property, { ...DRAWN, numRuns: 300 }))
})

t.test('responseValue() cuts the longer name where there is no room for both', async t => {
  for (const [first, second] of [
    [200, 52],
    [52, 200],
  ] as const) {
    const option = request(2, 'a'.repeat(first), 'b'.repeat(second))
    t.equal(option.value.length, 255)
    const execution = new FilestoreExecution([option], false)
    const [value] = execution.responses
    t.equal(value?.length, 255)
    const [response] = readResponses(execution.responses)
    const lengths = [response?.firstName.length, response?.secondName?.length]
    t.strictSame(lengths, first > second ? [first - 1, second] : [first, second - 1])
  }
  const fitting = new FilestoreExecution([request(0, 'a'.repeat(252))], false).responses
  t.equal(readResponses(fitting)[0]?.firstName.length, 252, 'one that just fits is not cut')
})

t.test('responseValue() cuts a name that leaves no room for a message', async t => {
  const [value] = new FilestoreExecution([request(0, 'a'.repeat(253))], false).responses
  t.equal(value?.length, 255)
  const longest = new FilestoreExecution([request(0, 'a'.repeat(254))], false).responses
  t.equal(longest[0]?.length, 255)
})

t.test('readResponses() leaves out what is cut short', async t => {
  t.strictSame(readResponses([hex`00 05 61`]), [])
})

t.test('readResponses() borrows nothing', async t => {
  const value = hex`00 01 61 00`
  const [response] = readResponses([value])
  value.fill(0)
  t.strictSame(response?.firstName, hex`61`)
})

t.test('outcomeOf() reads the codes of every action', async t => {
  t.strictSame(
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map(action =>
      [0, 1, 2, 3, 15].map(status => outcomeOf(action, status)).join(),
    ),
    [
      'successful,not allowed,not allowed,not allowed,not performed',
      'successful,missing,not allowed,not allowed,not performed',
      'successful,missing,exists,not allowed,not performed',
      'successful,missing,second missing,not allowed,not performed',
      'successful,missing,second missing,not allowed,not performed',
      'successful,not allowed,not allowed,not allowed,not performed',
      'successful,missing,not allowed,not allowed,not performed',
      'successful,not allowed,not allowed,not allowed,not performed',
      'successful,not allowed,not allowed,not allowed,not performed',
      'successful,not allowed,not allowed,not allowed,not performed',
    ],
  )
})

t.test(
  'statusOf(): an action without a code for an outcome says that it is not allowed',
  async t => {
    const first = (action: number, outcome: FilestoreOutcome) => {
      const execution = new FilestoreExecution([request(action, 'a', 'b')], true)
      execution.performed(outcome)
      return readResponses(execution.responses)[0]?.status
    }
    t.equal(first(FILESTORE_ACTION.createFile, 'missing'), 1)
    t.equal(first(FILESTORE_ACTION.appendFile, 'exists'), 3)
    t.equal(first(FILESTORE_ACTION.denyFile, 'missing'), 2)
    t.equal(statusOf(9, 'missing'), 15, 'of an action that nobody knows')
  },
)

function request(action: number, first: string, second = ''): Tlv {
  const two = action >= 2 && action <= 4
  const [firstName, secondName] = [
    new TextEncoder().encode(first),
    new TextEncoder().encode(second),
  ]
  return requestOption({ action, firstName, secondName: two ? secondName : undefined })
}

/** Responses as text. */
function said(execution: FilestoreExecution): readonly string[] {
  const text = new TextDecoder()
  return readResponses(execution.responses).map(
    ({ action, status, firstName, secondName, message }) => {
      const names = [firstName, secondName].filter(name => name !== undefined)
      const what = `${action} ${names.map(name => text.decode(name)).join(' ')}`
      const more = message.length > 0 ? `, ${text.decode(message)}` : ''
      return `${what}: ${outcomeOf(action, status)}${more}`
    },
  )
}
