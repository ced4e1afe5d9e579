import t from 'tap'
import { messagesOf } from '../../../ground/orbit/omm-text.ts'

const KEYS = {
  OBJECT_NAME: 'R & D <1>',
  EPOCH: '2026-01-01T12:00:00.000000',
  MEAN_MOTION: '15.49560532',
  BSTAR: '.10270E-3',
}

t.test('messagesOf() reads KVN: each message begins with its version', async t => {
  const lines = Object.entries(KEYS).map(([key, value]) => `${key} = ${value} [unit]`)
  const text = ['CCSDS_OMM_VERS = 3.0', ...lines, '', 'COMMENT x', 'CCSDS_OMM_VERS = 3.0']
  t.strictSame(messagesOf(text.join('\n')), [
    { CCSDS_OMM_VERS: '3.0', ...KEYS },
    { CCSDS_OMM_VERS: '3.0' },
  ])
  t.strictSame(messagesOf('EPOCH = 1\nBSTAR=2'), [{ EPOCH: '1', BSTAR: '2' }])
  t.strictSame(messagesOf('nothing of the kind'), [])
})

t.test('messagesOf() reads XML: one message, or several in an ndm', async t => {
  const name = KEYS.OBJECT_NAME.replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;')
  const body = `<header><CREATION_DATE/><ORIGINATOR>X</ORIGINATOR></header>
    <body><segment><metadata><OBJECT_NAME>${name}</OBJECT_NAME></metadata>
    <!-- <EPOCH>1970-01-01T00:00:00</EPOCH> -->
    <data><meanElements><EPOCH> ${KEYS.EPOCH} </EPOCH>
    <MEAN_MOTION units="rev/day">${KEYS.MEAN_MOTION}</MEAN_MOTION></meanElements>
    <tleParameters><BSTAR>${KEYS.BSTAR}</BSTAR></tleParameters></data></segment></body>`
  const one = `<omm id="CCSDS_OMM_VERS" version="3.0">${body}</omm>`
  const message = { ORIGINATOR: 'X', ...KEYS }
  t.strictSame(messagesOf(`<?xml version="1.0"?>\n${one}`), [message])
  t.strictSame(messagesOf(`<ndm:ndm>${one}${one}</ndm:ndm>`), [message, message])
  t.strictSame(messagesOf('<oem><EPOCH>1</EPOCH></oem>'), [], 'no message of this kind')
})

t.test('messagesOf() reads CSV: keys, and a line for each, with quotes or without', async t => {
  const bare = `OBJECT_NAME,EPOCH,BSTAR\r\n${KEYS.OBJECT_NAME},${KEYS.EPOCH},\r\nTWO\r\n`
  t.strictSame(messagesOf(bare), [
    { OBJECT_NAME: KEYS.OBJECT_NAME, EPOCH: KEYS.EPOCH, BSTAR: '' },
    { OBJECT_NAME: 'TWO', EPOCH: '', BSTAR: '' },
  ])
  t.strictSame(messagesOf('"OBJECT_NAME","BSTAR"\n"A, ""B""","1"'), [
    { OBJECT_NAME: 'A, "B"', BSTAR: '1' },
  ])
})
