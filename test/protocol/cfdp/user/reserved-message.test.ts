import t from 'tap'
import { attempt, parsePdu } from '../../../../protocol/cfdp/pdu/codec.ts'
import {
  decodeFilestoreRequest,
  decodeFilestoreResponse,
  encodeFilestoreRequest,
  encodeFilestoreResponse,
} from '../../../../protocol/cfdp/pdu/filestore.ts'
import { TLV } from '../../../../protocol/cfdp/pdu/tlv.ts'
import {
  decodeReservedMessage,
  messageOption,
  type ReservedMessage,
  readMessages,
} from '../../../../protocol/cfdp/user/reserved-message.ts'
import { OctetReader } from '../../../../protocol/octets/reader.ts'
import { OctetWriter } from '../../../../protocol/octets/writer.ts'
import { fromHex, hex, toHex } from '../../../kit/hex.ts'
import { VECTORS } from '../pdu/vectors.ts'

t.test('messageOption() says every reserved message of the vectors as it was read', async t => {
  const kinds = new Set<string>()
  for (const { name, option } of optionsOf(TLV.messageToUser)) {
    const message = decodeReservedMessage(new OctetReader(option))
    if (message === undefined) continue
    kinds.add(message.kind)
    t.equal(toHex(messageOption(message).value), toHex(option), name)
  }
  t.equal(kinds.size, 14, [...kinds].join())
})

t.test('messageOption() and decodeReservedMessage() know every kind', async t => {
  for (const message of ONE_OF_EACH) {
    const { type, value } = messageOption(message)
    t.equal(type, TLV.messageToUser)
    t.strictSame(decodeReservedMessage(new OctetReader(value)), message)
    for (let end = 5; end < value.length; end++)
      if (message.kind !== 'unassigned')
        t.match(
          attempt(value.subarray(0, end), one => ({
            kind: 'read' as const,
            read: decodeReservedMessage(new OctetReader(one)),
          })),
          { kind: 'malformed' },
          `${message.kind}, ${end} octets of it`,
        )
  }
})

t.test('decodeReservedMessage() answers undefined for what is no such message', async t => {
  for (const octets of [hex``, hex`63666470`, hex`63666471 09`, hex`00666470 09`])
    t.equal(decodeReservedMessage(new OctetReader(octets)), undefined)
})

t.test('decodeReservedMessage() refuses an entity id of no octets, and of nine', async t => {
  for (const octets of [hex`63666470 00 00 00 00`, hex`63666470 00 09 010203040506070809 00 00`])
    t.throws(() => decodeReservedMessage(new OctetReader(octets)), /1 to 8 are possible/)
})

t.test('readMessages() counts what it cannot read, and leaves out what is not meant', async t => {
  const cancel = messageOption({ kind: 'proxy put cancel' })
  const options = [
    { type: TLV.flowLabel, value: cancel.value },
    { type: TLV.messageToUser, value: hex`68656c6c6f` },
    { type: TLV.messageToUser, value: hex`63666470 07` },
    cancel,
  ]
  t.strictSame(readMessages(options), { messages: [{ kind: 'proxy put cancel' }], malformed: 1 })
})

t.test('encodeFilestoreRequest() says every request of the vectors as it was read', async t => {
  let count = 0
  for (const { name, option } of optionsOf(TLV.filestoreRequest)) {
    const request = decodeFilestoreRequest(new OctetReader(option))
    t.equal(toHex(written(out => encodeFilestoreRequest(request, out))), toHex(option), name)
    count += 1
  }
  t.ok(count >= 13)
})

t.test('encodeFilestoreResponse() says every response of the vectors as it was read', async t => {
  let count = 0
  for (const { name, hex: octets } of VECTORS.pdus) {
    const pdu = parsePdu(fromHex(octets))
    if (pdu.kind === 'malformed' || pdu.body.kind !== 'finished') continue
    for (const value of pdu.body.filestoreResponses) {
      const response = decodeFilestoreResponse(new OctetReader(value))
      t.equal(toHex(written(out => encodeFilestoreResponse(response, out))), toHex(value), name)
      count += 1
    }
  }
  t.ok(count >= 8)
})

function* optionsOf(type: number): Generator<{ name: string; option: Uint8Array }> {
  for (const { name, hex: octets } of VECTORS.pdus) {
    const pdu = parsePdu(fromHex(octets))
    if (pdu.kind === 'malformed' || pdu.body.kind !== 'metadata') continue
    for (const option of pdu.body.options)
      if (option.type === type) yield { name, option: option.value }
  }
}

function written(encode: (out: OctetWriter) => void): Uint8Array {
  const out = new OctetWriter()
  encode(out)
  return out.written()
}

const NAME = hex`612e747874`
const ID = { source: 5, sequence: 2 ** 40, entityOctets: 2, sequenceOctets: 7 }
const REQUEST = { action: 2, firstName: NAME, secondName: hex`62` }

const ONE_OF_EACH: readonly ReservedMessage[] = [
  {
    kind: 'proxy put request',
    destination: 300,
    entityOctets: 2,
    sourceName: NAME,
    destinationName: NAME,
  },
  {
    kind: 'proxy put request',
    destination: 2n ** 64n - 1n,
    entityOctets: 8,
    sourceName: NAME,
    destinationName: NAME,
  },
  { kind: 'proxy message to user', message: NAME },
  { kind: 'proxy filestore request', request: REQUEST },
  { kind: 'proxy fault handler override', condition: 5, handler: 3 },
  { kind: 'proxy transmission mode', acknowledged: false },
  { kind: 'proxy transmission mode', acknowledged: true },
  { kind: 'proxy flow label', label: NAME },
  { kind: 'proxy segmentation control', recordBoundaries: true },
  { kind: 'proxy segmentation control', recordBoundaries: false },
  { kind: 'proxy put response', condition: 4, complete: false, fileStatus: 3 },
  { kind: 'proxy put response', condition: 0, complete: true, fileStatus: 2 },
  { kind: 'proxy filestore response', response: { ...REQUEST, status: 15, message: NAME } },
  { kind: 'proxy put cancel' },
  { kind: 'proxy closure request', closureRequested: true },
  { kind: 'proxy closure request', closureRequested: false },
  { kind: 'originating transaction id', transaction: ID },
  { kind: 'directory listing request', directoryName: NAME, fileName: hex`6c` },
  {
    kind: 'directory listing response',
    successful: true,
    directoryName: NAME,
    fileName: hex`6c`,
  },
  { kind: 'directory listing response', successful: false, directoryName: NAME, fileName: NAME },
  { kind: 'remote status report request', transaction: ID, fileName: NAME },
  {
    kind: 'remote status report response',
    transactionStatus: 1,
    successful: true,
    transaction: ID,
  },
  {
    kind: 'remote status report response',
    transactionStatus: 3,
    successful: false,
    transaction: ID,
  },
  { kind: 'remote suspend request', transaction: ID },
  { kind: 'remote suspend response', suspended: true, transactionStatus: 1, transaction: ID },
  { kind: 'remote suspend response', suspended: true, transactionStatus: 0, transaction: ID },
  { kind: 'remote resume request', transaction: ID },
  { kind: 'remote resume response', suspended: false, transactionStatus: 2, transaction: ID },
  { kind: 'unassigned', type: 0x7f, octets: NAME },
]
