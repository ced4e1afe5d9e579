import t from 'tap'
import { datagramEmulator } from '../../../../hal/modems/datagram-radio.ts'
import { udpDriver } from '../../../../hal/modems/udp/driver.ts'
import { UdpLine } from '../../../../hal/modems/udp-line.ts'
import { encodeCltu } from '../../../../protocol/frame/cltu.ts'
import { hex } from '../../../kit/hex.ts'
import { trials } from '../../../kit/misbehaving.ts'

const air = { rateBps: 100_000, aroundOctets: 0, gapMs: 0 }
for (const marker of [true, false])
  trials(t, {
    kind: 'udp',
    about: marker ? ', with the marker' : ', without the marker',
    end: mischief => ({
      driver: udpDriver({ frameOctets: 1_472, marker, rateBps: 100_000 }),
      emulator: datagramEmulator({ air, mischief }),
    }),
    link: { format: { interleave: 1 }, cfdp: { segmentOctets: 1_000 } },
    fileOctets: 40_000,
    shows: {},
  })

t.test('udpDriver() takes the marker off and puts it on, not on CLTUs', async t => {
  const driver = udpDriver({ frameOctets: 1_472, marker: false, rateBps: undefined })
  driver.receive({ kind: 'line', isThere: true }, 0)
  driver.receive({ kind: 'frame', octets: hex`1acffc1d 01` }, 0)
  const cltu = encodeCltu(hex`2042 0000 0601`, { randomized: false })
  const idle = Uint8Array.from([0x55, 0x55, ...cltu, 0x55])
  driver.receive({ kind: 'frame', octets: cltu }, 0)
  t.match(driver.drain(), [{ octets: hex`01` }, { octets: cltu }])
  const heard = (octets: Uint8Array) => {
    driver.receive({ kind: 'octets', octets }, 0)
    const [effect] = driver.drain()
    return effect?.kind === 'heard' && effect.octets
  }
  t.strictSame(heard(hex`01`), hex`1acffc1d 01`)
  t.strictSame(heard(hex`1acffc1d 01`), hex`1acffc1d 01`)
  t.strictSame(heard(cltu), cltu)
  t.strictSame(heard(idle), idle, 'with an acquisition sequence')
  for (const octets of [hex`5555`, hex`eb90`, hex`eb90 01`])
    t.strictSame(heard(octets), Uint8Array.from([...hex`1acffc1d`, ...octets]), 'no CLTU')
})

t.test('udpDriver() puts the marker on the codeblocks of every spacecraft', async t => {
  const driver = udpDriver({ frameOctets: 1_472, marker: false, rateBps: undefined })
  driver.receive({ kind: 'line', isThere: true }, 0)
  for (let spacecraft = 0; spacecraft < 1_024; spacecraft++) {
    // The first octets of a TM frame, under the randomizer.
    const head = Uint8Array.of(0xff ^ (spacecraft >>> 4), 0x48 ^ ((spacecraft & 15) << 4))
    driver.receive({ kind: 'octets', octets: head }, 0)
    const [effect] = driver.drain()
    const octets = effect?.kind === 'heard' ? effect.octets : undefined
    if (octets?.length !== 6) t.fail(`spacecraft ${spacecraft}`)
  }
  t.equal(driver.drain().length, 0)
})

t.test('UdpLine carries datagrams, to a place or to whom it heard', async t => {
  const listen = { host: '127.0.0.1', port: 0 }
  const ground = await UdpLine.open({ to: undefined, listen })
  t.equal(await ground.send(hex`01`), 'unknown', 'nobody was heard')
  const to = { host: '127.0.0.1', port: ground.localPort }
  const space = await UdpLine.open({ to, listen })
  t.equal(await space.send(hex`0102`), 'accepted')
  const heard = ground.received()[Symbol.asyncIterator]()
  t.strictSame((await heard.next()).value, hex`0102`)
  t.equal(await ground.send(hex`030405`), 'accepted')
  t.strictSame((await space.received()[Symbol.asyncIterator]().next()).value, hex`030405`)
  t.match(ground.counters, { octetsIn: 2, octetsOut: 3, opens: 1, isOpen: true })
  await Promise.all([space.close(), ground.close()])
  t.equal(ground.counters.isOpen, false)
  t.equal((await heard.next()).done, true)
})
