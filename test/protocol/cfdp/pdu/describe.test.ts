import { createHash } from 'node:crypto'
import t from 'tap'
import { parsePdu } from '../../../../protocol/cfdp/pdu/codec.ts'
import { describePdu } from '../../../../protocol/cfdp/pdu/describe.ts'
import type { Body, Tlv } from '../../../../protocol/cfdp/pdu/pdu.ts'
import { fromHex, hex } from '../../../kit/hex.ts'
import { encoded } from './samples.ts'
import { VECTORS } from './vectors.ts'

t.test('describePdu() says of every vector what the vector says', async t => {
  for (const { name, hex, kind, length, header, fields } of VECTORS.pdus) {
    const octets = fromHex(hex)
    t.strictSame(
      describePdu(parsePdu(octets), octets, sha256),
      { kind, length, header, fields },
      name,
    )
  }
})

t.test('describePdu() says why octets are no PDU', async t => {
  t.strictSame(described(hex`20`), {
    malformed: { why: 'Cannot read 2 octets: 0 are left', at: 1 },
  })
})

t.test('describePdu() computes no digest of its own', async t => {
  const octets = encoded({
    kind: 'file data',
    offset: 0,
    octets: hex`00`,
    segmentMetadata: undefined,
  })
  t.notMatch(described(octets), { fields: { file_data_sha256: /./ } })
})

t.test('describePdu() counts octets after the PDU, and takes none for the CRC', async t => {
  const octets = hex`32000e11000100070002000000404142434445464748d005000000`
  t.match(described(octets), { length: 24, trailing_octets: 3, fields: { pdu_crc16: 'd005' } })
})

t.test('describePdu() shows a name that is not UTF-8 as octets too', async t => {
  const octets = hex`20000d1100010007000207030000006403fffe80026f6b`
  t.match(described(octets), {
    fields: { source_file_name_hex: 'fffe80', destination_file_name: 'ok' },
  })
})

t.test('describePdu() names a reserved condition by its number', async t => {
  const octets = hex`20000a1100010007000204c00102030400000064`
  t.match(described(octets), { fields: { condition_code: 12, condition: 'RESERVED_12' } })
})

t.test('describePdu() says of a filestore response cut short what is wrong', async t => {
  const octets = encoded({
    kind: 'finished',
    condition: 0,
    complete: true,
    fileStatus: 2,
    filestoreResponses: [hex`00 05 61`],
    faultLocation: undefined,
  })
  t.match(described(octets), {
    fields: { filestore_responses: [{ value_hex: '000561', malformed: { at: 2 } }] },
  })
})

t.test('describePdu() leaves an option that means nothing, or is cut short, as octets', async t => {
  const options: Tlv[] = [
    { type: 0x42, value: hex`00` },
    { type: 0x06, value: hex`0001` },
    { type: 0x00, value: hex`10 05 61` },
    { type: 0x04, value: hex`` },
    { type: 0x02, value: message('0a', '77 0102') },
  ]
  const fields = fieldsOf(encoded(metadataWith(options)))
  t.equal('options_decoded' in fields, false)
  t.match(fields, {
    options: [
      { type: 'unassigned', type_code: 0x42, value_hex: '00' },
      { type: 'entity_id' },
      { type: 'filestore_request' },
      { type: 'fault_handler' },
      { type: 'message_to_user' },
    ],
  })
})

const MESSAGES = [
  ['06', '00', { name: 'proxy_segmentation_control', value: 0 }],
  ['05', '02 0102', { type: 5, name: 'proxy_flow_label', flow_label_hex: '0102' }],
  ['10', '02 2f64 01 6c', { name: 'directory_listing_request', directory_name: '/d' }],
  ['21', '81 00 01 7f', { transaction_status: 2, successful: false, source_entity_id: '1' }],
  ['21', '40 00 01 7f', { transaction_status: 1, successful: true }],
  ['30', '00 01 7f', { name: 'remote_suspend_request', transaction_sequence_number: '127' }],
  [
    '31',
    'a0 00 01 7f',
    { name: 'remote_suspend_response', suspended: true, transaction_status: 1 },
  ],
  ['39', '20 00 01 7f', { name: 'remote_resume_response', suspended: false }],
  ['7f', '0102', { type: 127, name: 'unassigned', body_hex: '0102' }],
] as const

for (const [type, body, meaning] of MESSAGES)
  t.test(`describeReservedMessage() reads type 0x${type}: ${body}`, async t => {
    const octets = encoded(metadataWith([{ type: 2, value: message(type, body) }]))
    t.match(fieldsOf(octets), { options_decoded: [{ reserved_message: meaning }] })
  })

function message(type: string, body: string): Uint8Array {
  return fromHex(`63666470 ${type} ${body}`)
}

function metadataWith(options: readonly Tlv[]): Body {
  const name = hex`61`
  const rest = { checksumType: 3, fileSize: 1, sourceName: name, destinationName: name, options }
  return { kind: 'metadata', closureRequested: false, ...rest }
}

function described(octets: Uint8Array): object {
  return describePdu(parsePdu(octets), octets)
}

function fieldsOf(octets: Uint8Array): object {
  const description = described(octets)
  return 'fields' in description && description.fields instanceof Object ? description.fields : {}
}

function sha256(octets: Uint8Array): string {
  return createHash('sha256').update(octets).digest('hex')
}
