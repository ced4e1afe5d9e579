import t from 'tap'
import { octetByOctet, SimModem, simModems } from '../../../hal/sim/modem.ts'
import { modemPromise, reader, until } from '../modem.promise.ts'

t.test('SimModem', async t => {
  modemPromise(t, async t => {
    const { near, far } = simModems()
    const read = reader(far)
    t.teardown(() => far.close())
    return {
      near,
      far: {
        write: octets => far.send(octets),
        read,
        unplug: async () => near.unplug(),
        plug: async () => near.plug(),
        slackOctets: 128 * 1024,
      },
    }
  })
})

t.test('octetByOctet() brings each octet alone', async t => {
  t.strictSame(octetByOctet(Uint8Array.of(7, 8)), [Uint8Array.of(7), Uint8Array.of(8)])
  const { near, far } = simModems(octetByOctet)
  await near.send(Uint8Array.of(1, 2, 3))
  t.equal(far.counters.octetsIn, 3)
})

t.test('simModems() let the air do as it likes', async t => {
  const { near, far } = simModems(
    () => [],
    octets => [octets.map(octet => octet ^ 0xff)],
  )
  await near.send(Uint8Array.of(1))
  t.equal(far.counters.octetsIn, 0)
  await far.send(Uint8Array.of(0, 0xff))
  t.strictSame(await reader(near)(), Uint8Array.of(0xff, 0))
})

t.test('stall() holds a send until go()', async t => {
  const { near } = simModems()
  near.stall()
  let isSent = false
  const sent = near.send(Uint8Array.of(1)).then(() => (isSent = true))
  await new Promise(setImmediate)
  t.notOk(isSent)
  near.go()
  await sent
  t.ok(isSent)
})

t.test('unplug() at the far end: what is sent is not heard', async t => {
  const { near, far } = simModems()
  far.unplug()
  await near.send(Uint8Array.of(1))
  far.plug()
  await near.send(Uint8Array.of(2))
  await until(() => far.counters.octetsIn > 0)
  t.strictSame(await reader(far)(), Uint8Array.of(2))
  const lonely = new SimModem(octets => [octets])
  await lonely.send(Uint8Array.of(1))
})
