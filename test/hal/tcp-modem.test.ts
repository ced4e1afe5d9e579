import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import t from 'tap'
import { systemClock } from '../../hal/system-clock.ts'
import { hasMetItself, TcpModem } from '../../hal/tcp-modem.ts'
import { type FarEnd, modemPromise, reader, until } from './modem.promise.ts'

const HOST = '127.0.0.1'

/** The far end as a plain socket, whichever one `socket` answers now. */
function farEnd(socket: () => Socket | undefined): Omit<FarEnd, 'plug' | 'unplug'> {
  return {
    slackOctets: 16 * 1024 * 1024,
    async write(octets) {
      await until(() => socket() !== undefined)
      await new Promise<void>(resolve => socket()?.write(octets, () => resolve()))
    },
    async read() {
      for (;;) {
        const chunk: Uint8Array | null | undefined = socket()?.read()
        if (chunk) return new Uint8Array(chunk)
        await new Promise(setImmediate)
      }
    },
  }
}

t.test('TcpModem as a client', async t => {
  modemPromise(t, async t => {
    let socket: Socket | undefined
    const server = createServer({ pauseOnConnect: true }, peer => {
      socket = peer
      peer.on('error', () => {})
      peer.on('readable', () => {})
      peer.once('close', () => {
        if (socket === peer) socket = undefined
      })
    })
    const listen = async (port: number) => {
      server.listen(port, HOST)
      await once(server, 'listening')
      return server.address() as { port: number }
    }
    const { port } = await listen(0)
    const near = await TcpModem.open({ host: HOST, port, reopenMs: 1 }, systemClock)
    t.teardown(() => server.close())
    return {
      near,
      far: {
        ...farEnd(() => socket),
        async unplug() {
          if (server.listening) server.close()
          socket?.resetAndDestroy()
          socket = undefined
        },
        async plug() {
          await listen(port)
        },
      },
    }
  })
})

t.test('TcpModem as a listener', async t => {
  modemPromise(t, async t => {
    const near = await TcpModem.open({ listen: 0 }, systemClock)
    let socket: Socket | undefined
    const plug = async () => {
      const peer = connect({ host: HOST, port: near.localPort as number })
      peer.on('error', () => {})
      peer.on('readable', () => {})
      await once(peer, 'connect')
      socket = peer
    }
    await plug()
    t.teardown(() => socket?.destroy())
    return {
      near,
      far: {
        ...farEnd(() => socket),
        async unplug() {
          socket?.resetAndDestroy()
        },
        plug,
      },
    }
  })
})

t.test('a listener has one peer, and the newest wins', async t => {
  const near = await TcpModem.open({ listen: 0 }, systemClock)
  const port = near.localPort as number
  const first = connect({ host: HOST, port })
  await once(first, 'connect')
  await until(() => near.counters.opens === 1)
  const second = connect({ host: HOST, port })
  await once(first, 'close')
  await until(() => near.counters.opens === 2)
  t.ok(near.counters.isOpen)
  second.write('hello')
  t.strictSame(new TextDecoder().decode(await reader(near)()), 'hello')
  await near.close()
  t.equal(near.localPort, undefined)
  second.destroy()
})

t.test('a port that is taken is tried again until it is free', async t => {
  const first = await TcpModem.open({ listen: 0 }, systemClock)
  const port = first.localPort as number
  const second = await TcpModem.open({ listen: port, reopenMs: 1 }, systemClock)
  t.equal(second.localPort, undefined)
  await until(() => second.counters.errors >= 3)
  t.match(second.counters.lastError, /EADDRINUSE/)
  await first.close()
  await until(() => second.localPort === port)
  await second.close()
})

t.test('hasMetItself() knows a caller that was given the port that it calls', async t => {
  const server = createServer(peer => peer.destroy()).listen(0, HOST)
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  const other = connect({ host: HOST, port })
  await once(other, 'connect')
  t.notOk(hasMetItself(other))
  other.destroy()
  server.close()
  const free = createServer().listen(0, HOST)
  await once(free, 'listening')
  const { port: localPort } = free.address() as { port: number }
  free.close()
  await once(free, 'close')
  const itself = connect({ host: HOST, port: localPort, localPort })
  await once(itself, 'connect')
  t.ok(hasMetItself(itself), 'the system lets it')
  itself.destroy()
})

t.test('a client whose peer is not there counts and goes on', async t => {
  const near = await TcpModem.open({ host: HOST, port: 1, reopenMs: 1 }, systemClock)
  await until(() => near.counters.errors >= 3)
  t.match(near.counters.lastError, /ECONNREFUSED/)
  t.equal(near.counters.opens, 0)
  await near.close()
})
