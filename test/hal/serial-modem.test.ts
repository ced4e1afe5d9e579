import { mkdtemp, rm, symlink, unlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { openPty, type Pty } from '../../hal/pty.ts'
import { SerialModem } from '../../hal/serial-modem.ts'
import { systemClock } from '../../hal/system-clock.ts'
import { modemPromise, reader, until } from './modem.promise.ts'

const NEVER = new AbortController().signal
const probe = await openPty()
probe?.close()
const skip = probe === undefined ? 'no pseudo-terminals here' : false

/** A device whose name stays while it comes and goes. */
async function device(t: Test) {
  const folder = await mkdtemp(join(tmpdir(), 'serial-'))
  const path = join(folder, 'ttyUSB0')
  let pty: Pty | undefined
  const plug = async () => {
    pty = (await openPty()) as Pty
    await symlink(pty.path, path)
  }
  const unplug = async () => {
    if (pty === undefined) return
    await unlink(path)
    pty.close()
    pty = undefined
  }
  t.teardown(async () => {
    await unplug()
    await rm(folder, { recursive: true })
  })
  return {
    path,
    plug,
    unplug,
    slackOctets: 256 * 1024,
    async write(octets: Uint8Array) {
      for (let at = 0; at < octets.length; ) {
        const count = pty?.write(octets.subarray(at)) ?? 0
        if (count === 0) await new Promise(setImmediate)
        at += count
      }
    },
    async read() {
      for (;;) {
        const octets = pty?.read(65_536)
        if (octets !== undefined) return octets
        await pty?.readable(systemClock, NEVER)
      }
    },
  }
}

t.test('SerialModem over a pseudo-terminal', { skip }, async t => {
  modemPromise(t, async t => {
    const far = await device(t)
    await far.plug()
    const near = await SerialModem.open(
      { path: far.path, baudRate: 115_200, reopenMs: 1 },
      systemClock,
    )
    return { near, far }
  })
})

t.test(
  'SerialModem.open() without a device resolves, counts, and finds it later',
  { skip },
  async t => {
    const far = await device(t)
    const near = await SerialModem.open(
      { path: far.path, baudRate: 9_600, reopenMs: 1 },
      systemClock,
    )
    t.equal(near.counters.isOpen, false)
    await until(() => near.counters.errors >= 3)
    t.match(near.counters.lastError, /No such file/)
    await far.plug()
    await near.room(1)
    t.equal(near.counters.opens, 1)
    await near.close()
  },
)

t.test('SerialModem hands over whole records where recordOctets says so', { skip }, async t => {
  const far = await device(t)
  await far.plug()
  const near = await SerialModem.open(
    { path: far.path, baudRate: 115_200, recordOctets: 10 },
    systemClock,
  )
  const heard = reader(near)
  const octets = Uint8Array.from({ length: 25 }, (_, i) => i)
  await far.write(octets.subarray(0, 3))
  await far.write(octets.subarray(3, 25))
  const records = [...(await heard())]
  while (records.length < 20) records.push(...(await heard()))
  t.strictSame(records, [...octets.subarray(0, 20)])
  await far.unplug()
  await until(() => !near.counters.isOpen)
  t.strictSame(await heard(), octets.subarray(20), 'a cut record is handed over when the line goes')
  await near.close()
})

t.test('SerialModem lets a trickle of octets pile up', { skip }, async t => {
  const far = await device(t)
  await far.plug()
  const near = await SerialModem.open({ path: far.path, baudRate: 115_200 }, systemClock)
  const heard = reader(near)
  let chunks = 0
  let octets = 0
  const reading = (async () => {
    while (octets < 400) {
      octets += (await heard()).length
      chunks += 1
    }
  })()
  for (let i = 0; i < 400; i++) {
    await far.write(Uint8Array.of(i))
    if (i % 4 === 0) await systemClock.until(systemClock.now() + 1, NEVER)
  }
  await reading
  t.ok(chunks < 200, `${chunks} chunks`)
  await near.close()
})

t.test('a second program cannot open the same device', { skip }, async t => {
  const far = await device(t)
  await far.plug()
  const first = await SerialModem.open({ path: far.path, baudRate: 9_600 }, systemClock)
  const second = await SerialModem.open({ path: far.path, baudRate: 9_600 }, systemClock)
  t.match(second.counters, { isOpen: false, errors: 1, lastError: /lock/ })
  await second.close()
  await first.close()
})

t.test('a cable pulled between two reads is noticed', { skip }, async t => {
  const far = await device(t)
  await far.plug()
  const near = await SerialModem.open(
    { path: far.path, baudRate: 115_200, reopenMs: 1 },
    systemClock,
  )
  for (let times = 1; times <= 20; times++) {
    await near.room(1)
    await far.write(new Uint8Array(times * 10))
    await until(() => near.counters.octetsIn > 0)
    await far.unplug()
    await until(() => !near.counters.isOpen)
    await far.plug()
  }
  await near.room(1)
  t.equal(near.counters.opens, 21)
  await near.close()
})

t.test('a write that waits for room goes on when octets come in before it', { skip }, async t => {
  const far = await device(t)
  await far.plug()
  const near = await SerialModem.open({ path: far.path, baudRate: 115_200 }, systemClock)
  const heard = near.received()[Symbol.asyncIterator]()
  for (let round = 0; round < 10; round++) {
    let isSent = false
    const sent = near.send(new Uint8Array(100_000)).then(() => (isSent = true))
    const next = heard.next()
    await until(() => near.counters.octetsOut === round * 100_000)
    // The line is full now. What comes in must not end the wait for room.
    await far.write(Uint8Array.of(round))
    await next
    t.notOk(isSent, 'the line is still full')
    for (let taken = 0; taken < 100_000; ) taken += (await far.read()).length
    await sent
  }
  t.equal(near.counters.octetsOut, 1_000_000)
  await near.close()
})
