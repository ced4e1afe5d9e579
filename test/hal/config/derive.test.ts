import t from 'tap'
import { type Config, readConfig } from '../../../hal/config/config.ts'
import { derive, segmentOf } from '../../../hal/config/derive.ts'

const CLEAN = 'contacts: [{ start: 0, end: 480000, expectedFrameLoss: 0 }]'

t.test(
  'derive() holds the overhead of interleave 5 with no loss: 1.11 % with OCF and FECF, 0.57 % without',
  async t => {
    const full = derive(await end(CLEAN))
    t.equal(full.frameOctets, 1115)
    t.equal(full.fieldOctets, 1103)
    t.equal(full.caduOctets, 1279)
    t.equal(full.overheadOctets, 22)
    t.ok(full.overheadPercent.frames <= 1.11, `${full.overheadPercent.frames}`)
    const bare = derive(
      await end(`downlink: { ocf: false, fecf: false }\ncfdp: { sequenceOctets: 2 }\n${CLEAN}`),
    )
    t.ok(bare.overheadPercent.frames <= 0.57, `${bare.overheadPercent.frames}`)
  },
)

t.test('derive() keeps 1.2 % also where nobody knows the loss', async t => {
  const unknown = derive(await end(''))
  t.ok(unknown.overheadPercent.frames <= 1.16, `${unknown.overheadPercent.frames}`)
  t.ok(unknown.segment.octets < 32_768, 'a lost frame costs less than 32 KiB')
})

t.test('derive() holds the 3.05 % of one packet per frame with a CRC on every PDU', async t => {
  const cfdp = 'cfdp: { segmentOctets: 1081, pduCrc: true, entityOctets: 2, sequenceOctets: 2 }'
  const study = derive(await end(cfdp))
  t.equal(study.segment.aligned, true)
  t.equal(study.overheadPercent.frames.toFixed(2), '3.05')
})

t.test('derive() says how long files take and what a contact carries', async t => {
  const derived = derive(
    await end(
      'contacts: [{ start: 0, end: 480000, expectedFrameLoss: 0.01 }, { start: 500000, end: 980000 }]',
    ),
  )
  const [lossy, clean] = derived.contacts
  t.equal(derived.framesPerSecond.toFixed(2), '97.73')
  t.ok(Math.abs(derived.secondsPerFile['1 MB'] * derived.fileOctetsPerSecond - 1e6) < 1e-3)
  t.equal(clean?.channelOctets, Math.floor(97.7326 * 480) * 1279)
  t.ok(Math.abs((lossy?.fileOctets ?? 0) / (clean?.fileOctets ?? 1) - 0.99) < 1e-6)
})

t.test('derive() counts the rates that a contact has', async t => {
  const rates = 'rates: [{ downBps: 500000 }, { fromMs: 240000, downBps: 1000000 }]'
  const [stepped] = derive(
    await end(`contacts: [{ start: 0, end: 480000, station: K, role: secondary, ${rates} }]`),
  ).contacts
  t.match(stepped, { station: 'K', role: 'secondary', seconds: 480 })
  t.equal(stepped?.channelOctets, Math.floor(45e6 / 1279) * 1279)
})

t.test('derive() counts each contact at the rate of its modem', async t => {
  const path = '/etc/downpour.yaml'
  const config = `role: onboard
entity: 1
peer: 2
outbox: out
modems: { uhf: { kind: kiss, path: /dev/a, rateBps: 9600 }, s-band: { kind: kiss, path: /dev/b, rateBps: 1000000 } }
contacts:
  - { start: 0, end: 480000, modem: uhf }
  - { start: 0, end: 480000, modem: s-band, station: Kourou, role: secondary }
  - { start: 500000, end: 980000 }
`
  const { contacts, framesPerSecond } = derive(await readConfig(config, path, {}))
  // Four octets of HDLC around each frame of 256.
  const cadus = (bps: number) => Math.floor(((480 * bps) / 8 / 1_279) * (256 / 260))
  t.strictSame(
    contacts.map(({ channelOctets }) => channelOctets / 1_279),
    [cadus(9_600), cadus(1e6), cadus(9_600) + cadus(1e6)],
    'one that names none is by both',
  )
  t.equal(framesPerSecond.toFixed(2), ((1_009_600 / 8 / 1_279) * (256 / 260)).toFixed(2))
})

t.test('derive() counts what a modem puts around frames, whatever rate a contact has', async t => {
  const contacts = `contacts:
  - { start: 0, end: 480000 }
  - { start: 500000, end: 980000, rates: [{ downBps: 4800 }, { fromMs: 240000, downBps: 1000000 }] }
`
  const at = async (modem: string, role = 'role: onboard\noutbox: o') =>
    derive(
      await readConfig(
        `${role}\nentity: 1\npeer: 2\nmodem: ${modem}\ndownlink: { rateBps: 9600 }\n${contacts}`,
        '/etc/a.yaml',
        {},
      ),
    )
  const stream = await at('{ kind: tcp, host: a, port: 1 }')
  const csp = '{ kind: csp, host: a, port: 1, address: 1, peerAddress: 2 }'
  const framed = await at(csp)
  const share = 215 / (215 + 51)
  const near = (one: number, other: number, what: string) =>
    t.ok(Math.abs(one / other - 1) < 0.01, `${what}: ${one}, ${other}`)
  near(framed.fileOctetsPerSecond, stream.fileOctetsPerSecond * share, 'octets a second')
  near(
    100 - framed.overheadPercent.onAir,
    (100 - stream.overheadPercent.onAir) * share,
    'of the air',
  )
  t.equal(framed.fileShare, stream.fileShare, 'of CADUs it is the same')
  const [even, stepped] = framed.contacts.map(({ fileOctets }) => fileOctets)
  near(even as number, 480 * framed.fileOctetsPerSecond, 'a contact')
  const slowOctets = (240 * 4_800 * stream.fileShare) / 8
  near(
    stepped as number,
    slowOctets + (even as number) / 2,
    'steps: slower, and faster than the modem is',
  )
  const ashore = await at(csp, 'role: station\narchive: a')
  t.equal(
    ashore.fileOctetsPerSecond,
    stream.fileOctetsPerSecond,
    'what sends aboard it does not know',
  )
})

t.test('derive() says what one NAK asks for: a full TC frame is a CLTU of 1186 octets', async t => {
  const { nak } = derive(await end(''))
  t.equal(nak.cltuOctets, 1186)
  // 1024 - 5 - 2 frame, - 6 packet, - 12 PDU header, - 1 directive code, - 8 scope: 990 octets, 8 each.
  t.equal(nak.gaps, 123)
  t.equal(nak.seconds, (1186 * 8) / 64_000)
})

t.test('AOS frames have less room, and the overhead says so', async t => {
  const at = async (downlink: string) => derive(await end(`downlink: { ${downlink} }\n${CLEAN}`))
  const tm = await at('frame: tm')
  const aos = await at('frame: aos, virtualChannel: 62')
  t.equal(tm.fieldOctets - aos.fieldOctets, 2)
  t.equal(tm.caduOctets, aos.caduOctets)
  const { frames } = aos.overheadPercent
  t.ok(Math.abs(frames - tm.overheadPercent.frames - (100 * 2) / 1_115) < 0.001)
  t.equal((await at('frame: aos, fhec: true, insertOctets: 8')).fieldOctets, aos.fieldOctets - 10)
})

t.test('segmentOf() takes what is said, or chooses by the mean loss of the contacts', async t => {
  t.strictSame(segmentOf(await end('cfdp: { segmentOctets: 4096 }')), {
    octets: 4096,
    aligned: false,
  })
  const lossy = await end(
    'contacts: [{ start: 0, end: 10, expectedFrameLoss: 0.001 }, { start: 10, end: 99 }]',
  )
  t.strictSame(segmentOf(lossy), {
    octets: Math.floor(Math.sqrt((22 * 1103) / 0.001)),
    aligned: false,
  })
})

function end(more: string): Promise<Config> {
  const least = 'role: onboard\nentity: 1\npeer: 2\noutbox: o\nmodem: { kind: tcp, listen: 1 }\n'
  return readConfig(least + more, '/a.yaml', {})
}
