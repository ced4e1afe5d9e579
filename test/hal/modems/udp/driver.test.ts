import t from 'tap'
import { datagramEmulator } from '../../../../hal/modems/datagram-radio.ts'
import { TroubledEmulator } from '../../../../hal/modems/troubled.ts'
import { udpDriver } from '../../../../hal/modems/udp/driver.ts'
import { UdpLine } from '../../../../hal/modems/udp-line.ts'
import { hex } from '../../../kit/hex.ts'
import { trials } from '../../../kit/misbehaving.ts'

const air = { rateBps: 100_000, aroundOctets: 0, gapMs: 0 }
for (const marker of [true, false])
  trials(t, {
    name: `frames in datagrams, ${marker ? 'with' : 'without'} the marker`,
    end: mischief => ({
      driver: udpDriver({ frameOctets: 1_472, marker, rateBps: 100_000 }),
      emulator: new TroubledEmulator(datagramEmulator({ air, mischief }), mischief),
    }),
    link: { format: { interleave: 1 }, cfdp: { segmentOctets: 1_000 } },
    fileOctets: 40_000,
    shows: {},
    misbehaviours: ['stall', 'reboot', 'overrun', 'baud', 'noise', 'lines'],
  })

t.test('udpDriver() takes the marker off and puts it on, not on CLTUs', async t => {
  const driver = udpDriver({ frameOctets: 1_472, marker: false, rateBps: undefined })
  driver.receive({ kind: 'line', isThere: true }, 0)
  driver.receive({ kind: 'frame', octets: hex`1acffc1d 01` }, 0)
  driver.receive({ kind: 'frame', octets: hex`5555 eb90 01` }, 0)
  t.match(driver.drain(), [{ octets: hex`01` }, { octets: hex`5555 eb90 01` }])
  for (const octets of [hex`01`, hex`1acffc1d 01`, hex`5555 eb90`])
    driver.receive({ kind: 'octets', octets }, 0)
  t.match(driver.drain(), [
    { octets: hex`1acffc1d 01` },
    { octets: hex`1acffc1d 01` },
    { octets: hex`5555 eb90` },
  ])
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
