import { spawnSync } from 'node:child_process'
import { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { inspect } from '../../bin/inspect.ts'
import { UsageError } from '../../bin/options.ts'
import { downlinkFormat, fieldOctets } from '../../protocol/frame/link.ts'
import { encodeTcFrame } from '../../protocol/frame/tc.ts'
import { encodeTmFrame, NO_FIRST_HEADER } from '../../protocol/frame/tm.ts'
import { encodeSpacePacket, IDLE_APID } from '../../protocol/packet/space-packet.ts'
import { fromHex, hex, toHex } from '../kit/hex.ts'
import { vectorText } from '../kit/modem-vectors.ts'
import { isTaken, VECTORS } from '../protocol/cfdp/pdu/vectors.ts'

const EOF = '20000a1100010007000204000102030400000064'

t.test('inspect pdu says of every vector what the vector says', async t => {
  const { status, lines } = await inspected(['pdu', ...VECTORS.pdus.map(vector => vector.hex)])
  t.equal(status, 0)
  t.strictSame(
    lines,
    VECTORS.pdus.map(({ kind, length, header, fields }) => ({ kind, length, header, fields })),
  )
})

t.test('inspect pdu says which odd vectors are malformed', async t => {
  const { status, lines } = await inspected(['pdu', ...VECTORS.malformed.map(vector => vector.hex)])
  t.equal(status, 1)
  for (const [i, vector] of VECTORS.malformed.entries())
    t.equal('malformed' in (lines[i] ?? {}), !isTaken(vector), vector.name)
})

t.test('inspect reads lines however the stream is cut', async t => {
  const text = `# a log\n\n${EOF}  # EOF\r\n 20 00 0a 11 00010007000204000102030400000064\n${EOF}`
  for (const size of [1, 7, 64, 1000]) {
    const { status, lines } = await inspected(['pdu'], chunksOf(text, size))
    t.equal(status, 0)
    t.match(lines, [{ kind: 'eof' }, { kind: 'eof' }, { kind: 'eof' }], `chunks of ${size}`)
    t.equal(lines.length, 3)
  }
  t.strictSame(await inspected(['pdu'], chunksOf('# nothing\n', 4)), { status: 0, lines: [] })
})

t.test('inspect goes on after digits that are none', async t => {
  const { status, lines } = await inspected(['pdu'], [`20xx\n200\n${EOF}\n`])
  t.equal(status, 1)
  t.match(lines, [
    { malformed: { why: 'Cannot read "x"', at: 1 } },
    { malformed: { why: 'half an octet', at: 1 } },
    { kind: 'eof' },
  ])
})

t.test('inspect holds no line that is too long', async t => {
  const endless = Array.from({ length: 40 }, () => '00'.repeat(32_768))
  const { status, lines } = await inspected(['pdu'], [...endless, `\n${EOF}\n`])
  t.equal(status, 1)
  t.match(lines, [{ malformed: { why: 'more than 1048576 digits', at: 0 } }, { kind: 'eof' }])
})

t.test('inspect answers each chunk before the next one comes', async t => {
  const written: string[] = []
  async function* asking() {
    yield new TextEncoder().encode(`${EOF}\n`)
    t.equal(written.length, 1)
    yield new TextEncoder().encode(`${EOF}\n`)
  }
  await inspect(['pdu'], { stdin: asking(), stdout: sinkInto(written) })
  t.equal(written.length, 2)
})

t.test('inspect ends when nobody reads any more, and fails when writing does', async t => {
  for (const [code, ends] of [
    ['EPIPE', true],
    ['EIO', false],
  ] as const) {
    const stdout = new Writable({
      write: (_chunk, _encoding, done) => done(Object.assign(new Error(code), { code })),
    })
    const run = inspect(['pdu', EOF], { stdin: Readable.from([]), stdout })
    if (ends) t.equal(await run, 0)
    else await t.rejects(run, { code })
  }
})

t.test('inspect kiss lists the frames of a line, and says when they were heard', async t => {
  const stamp = vectorText('grsat_kiss_timestamp_0x09')
  const { status, lines } = await inspected([
    'kiss',
    `${stamp} c0 10 0102 c0`,
    'c00654584255463a37c0',
  ])
  t.equal(status, 0)
  t.strictSame(lines, [
    {
      kind: 'kiss',
      length: stamp.length / 2 + 5,
      frames: [
        { port: 0, command: 'timestamp', length: 8, heard_at: '2023-11-14T22:13:20.000Z' },
        { port: 1, command: 'data', length: 2, octets: '0102' },
      ],
    },
    {
      kind: 'kiss',
      length: 10,
      frames: [{ port: 0, command: 'set_hardware', length: 7, text: 'TXBUF:7' }],
    },
  ])
  const odd = await inspected([
    'kiss',
    '0102 c0 0f 01 c0',
    'c009ffffffffffffffffc0',
    'c0 00 01',
    'c0',
  ])
  t.equal(odd.status, 1)
  t.match(odd.lines, [
    { stray_octets: 2, frames: [{ command: 15 }] },
    { frames: [{ command: 'timestamp', heard_at: undefined }] },
    { frames: [], malformed: 'Cannot find the end of the last frame' },
    { frames: [] },
  ])
})

t.test('inspect packet finds the PDU in a packet, if one is there', async t => {
  const withPdu = packetOf(5, fromHex(EOF))
  const { status, lines } = await inspected(['packet', withPdu, packetOf(6, hex`0102`), '0005'])
  t.equal(status, 1)
  t.match(lines, [
    {
      kind: 'space_packet',
      header: { type: 'telemetry', apid: 5, sequence_flags: 3, sequence_count: 9 },
      data_length: 20,
      pdu: { kind: 'eof', fields: { file_size: '100' } },
    },
    { header: { apid: 6 }, data_hex: '0102', pdu: undefined },
    { malformed: { at: 0 } },
  ])
})

t.test('inspect packet --apid needs a PDU in packets of this APID only', async t => {
  const noPdu = hex`0102`
  const good = await inspected([
    'packet',
    '--apid',
    '5',
    packetOf(6, noPdu),
    packetOf(IDLE_APID, noPdu),
  ])
  t.equal(good.status, 0)
  const bad = await inspected(['packet', '--apid', '5', `${packetOf(5, noPdu)} ff`])
  t.equal(bad.status, 1)
  t.match(bad.lines, [{ pdu: { malformed: { why: /./ } }, trailing_octets: 1 }])
})

const PACKETS = fromHex(packetOf(5, fromHex(EOF)) + packetOf(IDLE_APID, new Uint8Array(3)))

t.test('inspect frame lists the packets that lie whole in a TM frame', async t => {
  const format = downlinkFormat({ interleave: 0, frameOctets: 60, spacecraftId: 683 })
  const field = new Uint8Array(fieldOctets(format))
  field.set(PACKETS, 4)
  const frame = { virtualChannel: 3, masterCount: 250, channelCount: 17, firstHeader: 4, field }
  const octets = encodeTmFrame({ ...frame, ocf: 0x01_04_82_0a }, format)
  const { status, lines } = await inspected(['frame', '--ocf', toHex(octets)])
  t.equal(status, 0)
  t.match(lines, [
    {
      kind: 'tm_frame',
      length: 60,
      header: { spacecraft_id: 683, virtual_channel_id: 3, master_channel_frame_count: 250 },
      octets_before_packets: 4,
      packets: [{ pdu: { kind: 'eof' } }, { header: { apid: IDLE_APID }, pdu: undefined }],
      ocf: '0104820a',
      clcw: { virtual_channel: 1, no_rf: true, farm_b: 1, report: 10 },
      fecf: /^[0-9a-f]{4}$/,
    },
  ])
})

t.test('inspect frame reads a TM frame without OCF, FECF or a packet that starts', async t => {
  const format = downlinkFormat({ interleave: 0, frameOctets: 20, ocf: false, fecf: false })
  const frame = { virtualChannel: 0, masterCount: 0, channelCount: 0, ocf: undefined }
  const field = new Uint8Array(fieldOctets(format))
  const octets = toHex(encodeTmFrame({ ...frame, firstHeader: NO_FIRST_HEADER, field }, format))
  const { status, lines } = await inspected(['frame', '--no-fecf', octets])
  t.equal(status, 0)
  t.match(lines, [{ header: { ocf_flag: false }, packets: [], fecf: undefined, ocf: undefined }])

  const refused = await inspected(['frame', octets, '--ocf', '--no-fecf'])
  t.match(refused, { status: 1, lines: [{ malformed: { why: 'OCF' } }] })
  t.match(await inspected(['frame', octets]), {
    status: 1,
    lines: [{ malformed: { why: 'FECF' } }],
  })
  t.match(await inspected(['frame', '00']), {
    status: 1,
    lines: [{ malformed: { why: '1 octets' } }],
  })
})

t.test('inspect frame shows an OCF that is no CLCW as octets only', async t => {
  const format = downlinkFormat({ interleave: 0, frameOctets: 20 })
  const counts = {
    virtualChannel: 0,
    masterCount: 0,
    channelCount: 0,
    firstHeader: NO_FIRST_HEADER,
  }
  const field = new Uint8Array(fieldOctets(format))
  const octets = encodeTmFrame({ ...counts, field, ocf: 0x80_00_00_00 }, format)
  const { lines } = await inspected(['frame', toHex(octets)])
  t.match(lines, [{ ocf: '80000000', clcw: undefined }])
})

t.test('inspect frame --tc reads TC frames, with fill behind them', async t => {
  const frame = { spacecraftId: 758, virtualChannel: 2, bypass: true, control: false, sequence: 20 }
  const octets = toHex(encodeTcFrame({ ...frame, field: hex`0203` }, { fecf: true }))
  const { status, lines } = await inspected(['frame', '--tc', `${octets} 55`, '02f6'])
  t.equal(status, 1)
  t.match(lines, [
    {
      kind: 'tc_frame',
      length: 9,
      header: { spacecraft_id: 758, bypass_flag: true, frame_sequence_number: 20 },
      data_hex: '0203',
      trailing_octets: 1,
    },
    { malformed: { at: 0 } },
  ])
  const bare = toHex(encodeTcFrame({ ...frame, field: hex`0203` }, { fecf: false }))
  t.match(await inspected(['frame', '--tc', '--no-fecf', bare]), {
    status: 0,
    lines: [{ length: 7, fecf: undefined }],
  })
})

t.test('inspect refuses what it does not know', async t => {
  await t.rejects(inspected(['cadu']), UsageError)
  await t.rejects(inspected([]), UsageError)
  await t.rejects(inspected(['pdu', '--apid', '5']), UsageError)
})

t.test('inspect --help says what there is', async t => {
  for (const args of [
    ['--help'],
    ['-h'],
    ['pdu', '--help'],
    ['packet', '--help'],
    ['frame', '-h'],
  ]) {
    const { status, stdout } = run(args)
    t.equal(status, 0)
    t.match(stdout, /^usage: downpour inspect/, args.join(' '))
  }
})

/** In a process of its own: the help of a subcommand goes straight to the standard output. */
function run(args: readonly string[]) {
  const inspectFile = fileURLToPath(new URL('../../bin/inspect.ts', import.meta.url))
  const script = `import { inspect } from ${JSON.stringify(inspectFile)}
    process.exitCode = await inspect(${JSON.stringify(args)})`
  const command = ['--import', 'tsx', '--input-type=module', '--eval', script]
  return spawnSync(process.execPath, command, { encoding: 'utf8' })
}

async function inspected(args: string[], chunks: readonly string[] = []) {
  const written: string[] = []
  const stdin = Readable.from(chunks.map(chunk => new TextEncoder().encode(chunk)))
  const status = await inspect(args, { stdin, stdout: sinkInto(written) })
  const lines = written.join('').split('\n').slice(0, -1)
  return { status, lines: lines.map((line): object => JSON.parse(line)) }
}

function sinkInto(written: string[]): Writable {
  return new Writable({
    write: (chunk, _encoding, done) => {
      written.push(String(chunk))
      done()
    },
  })
}

function chunksOf(text: string, size: number): string[] {
  return text.match(new RegExp(`.{1,${size}}`, 'gs')) ?? []
}

function packetOf(apid: number, data: Uint8Array): string {
  const counts = { apid, flags: 3, count: 9 }
  return toHex(encodeSpacePacket({ telecommand: false, secondaryHeader: false, ...counts, data }))
}
