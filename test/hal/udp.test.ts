import t from 'tap'
import { addressOf, type Datagram, UdpSocket } from '../../hal/udp.ts'

const HERE = { host: '127.0.0.1', port: 0 }

t.test('UdpSocket carries datagrams whole, and says where they came from', async t => {
  const [one, two] = [await UdpSocket.open(HERE), await UdpSocket.open(HERE)]
  const to = { host: HERE.host, port: two.localPort }
  const sizes = [0, 1, 1_000, 60_000]
  const heard = take(two, sizes.length)
  for (const size of sizes) await one.send(new Uint8Array(size).fill(size & 0xff), to)
  const datagrams = await heard
  t.strictSame(
    datagrams.map(({ octets }) => octets.length).toSorted((a, b) => a - b),
    sizes,
  )
  for (const { octets, from } of datagrams) {
    t.equal(Object.getPrototypeOf(octets), Uint8Array.prototype, 'no Buffer leaves hal')
    t.ok(octets.every(octet => octet === (octets.length & 0xff)))
    t.strictSame(from, { host: HERE.host, port: one.localPort })
  }
  t.match(one.counters, { datagramsOut: 4, errors: 0 })
  t.match(two.counters, { datagramsIn: 4, dropped: 0 })
  await Promise.all([one.close(), two.close()])
})

t.test('UdpSocket counts what the system refuses, and loses it', async t => {
  const socket = await UdpSocket.open(HERE)
  await socket.send(new Uint8Array(70_000), { host: HERE.host, port: 9 })
  t.match(socket.counters, { datagramsOut: 0, errors: 1, lastError: /EMSGSIZE/ })
  await socket.close()
  await socket.close()
  await socket.send(new Uint8Array(1), { host: HERE.host, port: 9 })
  t.match(socket.counters, { datagramsOut: 0, errors: 1 }, 'after its end it is silent')
})

t.test('UdpSocket.open() rejects a port that is taken', async t => {
  const socket = await UdpSocket.open(HERE)
  t.teardown(() => socket.close())
  await t.rejects(UdpSocket.open({ ...HERE, port: socket.localPort }), { code: 'EADDRINUSE' })
})

t.test('UdpSocket.received() ends when the socket is closed', async t => {
  const socket = await UdpSocket.open(HERE)
  const heard = take(socket, 1)
  await socket.close()
  t.strictSame(await heard, [])
})

t.test('addressOf() finds the number of a name', async t => {
  t.match(await addressOf('127.0.0.1', 7), { host: '127.0.0.1', port: 7 })
  t.match(await addressOf('localhost', 7), { host: /^127\.|^::1$/ })
  // No name at all: a resolver is not asked, whatever it makes of names that nobody has.
  await t.rejects(addressOf(`${'x'.repeat(64)}.invalid`, 7))
})

async function take(socket: UdpSocket, count: number): Promise<Datagram[]> {
  const taken: Datagram[] = []
  for await (const datagrams of socket.received()) {
    taken.push(...datagrams)
    if (taken.length >= count) break
  }
  return taken
}
