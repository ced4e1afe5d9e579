import t from 'tap'
import { attempt, encodePdu, headerOctets, parsePdu } from '../../../../protocol/cfdp/pdu/codec.ts'
import { OctetWriter } from '../../../../protocol/octets/writer.ts'
import { fromHex, hex, toHex } from '../../../kit/hex.ts'
import { encoded, HEADER } from './samples.ts'
import { isTaken, VECTORS } from './vectors.ts'

t.test('CF#363: encodePdu() undoes parsePdu(), for every vector', async t => {
  const out = new OctetWriter(1)
  for (const vector of VECTORS.pdus) {
    const pdu = parsePdu(fromHex(vector.hex))
    if (pdu.kind === 'malformed') {
      t.fail(`${vector.name}: ${pdu.why}`)
      continue
    }
    out.clear()
    encodePdu(pdu, out)
    t.equal(toHex(out.written()), vector.hex, vector.name)
    t.equal(headerOctets(pdu.header), vector.header['header_length'], vector.name)
  }
})

t.test('parsePdu() takes or refuses each odd vector as recommended', async t => {
  for (const vector of VECTORS.malformed) {
    const pdu = parsePdu(fromHex(vector.hex))
    const label = `${vector.name}: ${vector.defect}; ${vector.recommended}`
    t.equal(pdu.kind, isTaken(vector) ? 'pdu' : 'malformed', label)
  }
})

t.test('parsePdu() refuses every vector that is cut short, wherever', async t => {
  for (const { name, hex } of VECTORS.pdus) {
    const octets = fromHex(hex)
    const taken = Array.from(octets, (_, cut) => parsePdu(octets.subarray(0, cut))).filter(
      pdu => pdu.kind === 'pdu',
    )
    t.equal(taken.length, 0, name)
  }
})

t.test('parsePdu() reads no octet after the data field', async t => {
  const eof = hex`20 000a 11 0001 0007 0002  04 00 01020304 00000064`
  const filled = hex`20 000a 11 0001 0007 0002  04 00 01020304 00000064  0602 0001 ff`
  t.strictSame(parsePdu(filled), parsePdu(eof))

  const fileData = parsePdu(hex`30 000c 11 0001 0007 0002  00000040 4142434445464748  000000`)
  t.match(fileData, { body: { offset: 64, octets: hex`4142434445464748` } })
})

t.test('parsePdu() names a foreign version', async t => {
  for (const version of [0, 2, 7]) {
    const pdu = parsePdu(Uint8Array.of(version << 5, 0, 0, 0, 1, 1, 1))
    t.match(pdu, { kind: 'malformed', at: 0, version, why: `version ${version}` })
  }
})

t.test('parsePdu() refuses octets after the last field of a directive', async t => {
  const ack = hex`28 0004 11 0001 0007 0002  06 40 01 00`
  t.match(parsePdu(ack), { kind: 'malformed', at: 13 })
  const keepAliveOfLargeFile = hex`28 0009 11 0001 0007 0002  0c 00000000 00000001`
  t.match(parsePdu(keepAliveOfLargeFile), { kind: 'malformed', at: 15 })
})

t.test('parsePdu() says what it cannot read, and where', async t => {
  const ids = '11 0001 0007 0002'
  const cases: [Uint8Array, number, string | RegExp][] = [
    [hex`20 000a ${ids}  04`, 10, 'Cannot read a data field of 10 octets: 1 are left'],
    [hex`22 0001 ${ids}  04`, 11, 'Cannot read a CRC: the data field has 1 octets'],
    [hex`22 0002 ${ids}  000f`, 10, /^Cannot trust CRC 0x000f: 0x[0-9a-f]{4} would be right$/],
    [hex`20 0001 ${ids}  0b`, 10, 'Cannot read directive 0x0b: it is reserved'],
    [
      hex`20 0003 ${ids}  06 70 01`,
      11,
      'Cannot read an ACK of directive 7: only EOF (4) and Finished (5) are acknowledged',
    ],
    [
      hex`20 0004 ${ids}  06 40 01 00`,
      13,
      'Cannot read 1 octets after the last field of the directive "ack"',
    ],
  ]
  for (const [octets, at, why] of cases)
    t.match(parsePdu(octets), { kind: 'malformed', at, why }, String(why))
  t.notOk('version' in parsePdu(hex``), 'what is not there is of no version')
})

t.test('parsePdu() passes over the TLVs that an EOF or a Finished has no use for', async t => {
  const tlvs = '06 02 0001  02 01 41'
  const faultLocation = hex`0001`
  for (const octets of [
    hex`20 0011 11 0001 0007 0002  04 40 01020304 00000064  ${tlvs}`,
    hex`28 0009 11 0001 0007 0002  05 44  ${tlvs}`,
  ])
    t.match(parsePdu(octets), { kind: 'pdu', body: { condition: 4, faultLocation } })
})

t.test('parsePdu() looks at no bit that is reserved or of another PDU', async t => {
  const ack = parsePdu(hex`28 0003 11 0001 0007 0002  06 40 01`)
  const spareBits = hex`28 0003 99 0001 0007 0002  06 4f 0d`
  t.strictSame(parsePdu(spareBits), ack)
})

t.test('encodePdu() writes after what is there, with a CRC of the PDU alone', async t => {
  const body = { kind: 'prompt', wants: 'nak' } as const
  const header = { ...HEADER, crc: true }
  const out = new OctetWriter()
  out.octets(hex`aabbcc`)
  encodePdu({ header, body }, out)
  t.strictSame(out.written().subarray(3), encoded(body, header))
  t.equal(parsePdu(out.written().subarray(3)).kind, 'pdu')
})

t.test('encodePdu() throws on what does not fit', async t => {
  const fileData = (octets: Uint8Array) =>
    ({ kind: 'file data', offset: 0, octets, segmentMetadata: undefined }) as const
  const small = fileData(hex`00`)

  t.equal(encoded(fileData(new Uint8Array(65_531))).length, 10 + 65_535)
  t.throws(() => encoded(fileData(new Uint8Array(65_532))), /65536 octets of data field/)
  t.throws(() => encoded(fileData(new Uint8Array(65_530)), { ...HEADER, crc: true }), RangeError)
  t.throws(() => encoded(small, { ...HEADER, source: 65_536 }), RangeError)
  t.throws(() => encoded(small, { ...HEADER, sequence: -1 }), RangeError)
  t.throws(() => encoded(small, { ...HEADER, entityOctets: 9 }), /9 octets: 1 to 8/)
  t.throws(() => encoded(small, { ...HEADER, sequenceOctets: 0 }), /0 octets: 1 to 8/)
  t.throws(() => encoded({ ...small, offset: 2 ** 32 }), RangeError)
  t.throws(() =>
    encoded({ kind: 'keep alive', progress: 2n ** 64n }, { ...HEADER, largeFile: true }),
  )
})

t.test('attempt() passes on what is no fault of the octets', async t => {
  const mistake = () => {
    throw new TypeError('ours')
  }
  t.throws(() => attempt(hex`00`, mistake), TypeError)
})
