/** What every modem promises. */
import type { Test } from 'tap'
import { type Modem, ModemClosed } from '../../hal/ports.ts'
import { settled } from '../../hal/sim/clock.ts'

/** The other end of the line, and the hand at the plug. */
export interface FarEnd {
  /** Resolves when the line has taken the octets. */
  readonly write: (octets: Uint8Array) => Promise<unknown>
  /** The next octets that came. */
  readonly read: () => Promise<Uint8Array>
  readonly unplug: () => Promise<void>
  readonly plug: () => Promise<void>
  /** More octets than the line takes without a reader at this end. */
  readonly slackOctets: number
}

export interface ModemUnderTest {
  readonly near: Modem
  readonly far: FarEnd
}

/** `open` answers a modem whose line is there, or soon will be, and clears up after the test itself. */
export function modemPromise(test: Test, open: (t: Test) => Promise<ModemUnderTest>): void {
  test.test('carries every octet both ways, in order, in whatever pieces', async t => {
    const { near, far } = await open(t)
    const pieces = [EVIL, EVERY, ...Array.from({ length: 100 }, (_, i) => EVERY.subarray(0, i))]
    const whole = Uint8Array.from(pieces.flatMap(piece => [...piece]))

    const sent = pieces.map(piece => near.send(piece))
    t.strictSame(await taken(far.read, whole.length), whole, 'out')
    await Promise.all(sent)

    const heard = reader(near)
    const written = (async () => {
      for (const piece of pieces) if (piece.length > 0) await far.write(piece)
    })()
    const came = await taken(heard, whole.length)
    t.strictSame(came, whole, 'in')
    t.equal(came.constructor, Uint8Array)
    await written
    await near.close()
    t.equal(near.counters.octetsOut, whole.length)
    t.equal(near.counters.octetsIn, whole.length)
    t.equal(near.counters.errors, 0)
  })

  test.test('hears a lone octet', async t => {
    const { near, far } = await open(t)
    const heard = reader(near)
    for (const octet of EVIL) {
      await far.write(Uint8Array.of(octet))
      t.strictSame(await heard(), Uint8Array.of(octet))
    }
    await near.close()
  })

  test.test('room is absolute: it goes when the line stalls and comes back with it', async t => {
    const { near, far } = await open(t)
    await near.room(1)
    const empty = near.roomOctets
    t.ok(empty > 0)
    const piece = new Uint8Array(16 * 1024).map((_, i) => i * 7)
    const count = Math.ceil(far.slackOctets / piece.length) + 64
    let sent = 0
    const sends = Array.from({ length: count }, async () => {
      await near.send(piece)
      sent += 1
    })
    t.equal(near.roomOctets, 0)
    const room = near.room(1).then(() => sent)
    let read = 0
    while (read < count * piece.length) {
      read += (await far.read()).length
      if (sent * piece.length > read + far.slackOctets)
        t.fail(`${sent * piece.length} octets were said to be sent, ${read} were read`)
    }
    await Promise.all(sends)
    t.ok((await room) > 0)
    await until(() => near.roomOctets > 0)
    t.equal(near.roomOctets, empty)
    t.equal(near.counters.octetsOut, count * piece.length)
    await near.close()
  })

  test.test('holds the far end back while its reader is slow', async t => {
    const { near, far } = await open(t)
    await near.room(1)
    const piece = new Uint8Array(16 * 1024).map((_, i) => i * 11)
    const count = Math.ceil(far.slackOctets / piece.length) + 64
    let written = 0
    const writing = (async () => {
      for (; written < count; written++) await far.write(piece)
    })()
    const heard = reader(near)
    let read = 0
    while (read < count * piece.length) {
      read += (await heard()).length
      if (written * piece.length > read + far.slackOctets + 256 * 1024)
        t.fail(`${written * piece.length} octets were taken, ${read} were read`)
    }
    await writing
    t.equal(near.counters.octetsIn, count * piece.length)
    await near.close()
  })

  test.test('outlives the line: what waits goes out when it is back', async t => {
    const { near, far } = await open(t)
    await near.room(1)
    for (let times = 1; times <= 2; times++) {
      await far.unplug()
      await until(() => !near.counters.isOpen)
      t.equal(near.roomOctets, 0)
      let hasRoom = false
      const room = near.room(1).then(() => (hasRoom = true))
      const waiting = near.send(EVERY)
      await settled()
      t.notOk(hasRoom)
      await far.plug()
      t.strictSame(await taken(far.read, EVERY.length), EVERY)
      await waiting
      await room
      await far.write(EVIL)
      // What is still in the line when the cable goes is lost with it.
      await until(() => near.counters.octetsIn === times * EVIL.length)
      t.equal(near.counters.opens, 1 + times)
      t.ok(near.counters.isOpen)
    }
    t.strictSame(await taken(reader(near), 2 * EVIL.length), Uint8Array.of(...EVIL, ...EVIL))
    await near.close()
  })

  test.test('a send that the line took half of resolves when the line goes', async t => {
    const { near, far } = await open(t)
    await near.room(1)
    const stalled = near.send(new Uint8Array(far.slackOctets + 1_000_000))
    await settled()
    await far.unplug()
    await until(() => !near.counters.isOpen)
    await stalled
    t.ok(near.counters.errors > 0)
    t.type(near.counters.lastError, 'string')
    await near.close()
  })

  test.test('close() ends everything, stalled or not, twice as once', async t => {
    const { near, far } = await open(t)
    await near.room(1)
    const heard = reader(near)
    const end = heard().then(octets => octets.length)
    const sends = [far.slackOctets + 1_000_000, 5].map(n => near.send(new Uint8Array(n)))
    const outcomes = Promise.allSettled(sends)
    const room = near.room(1)
    const closed = near.close()
    t.equal(near.roomOctets, 0)
    await near.close()
    await closed
    await room
    await near.room(1)
    t.equal(await end, 0)
    t.equal((await heard()).length, 0, 'ended for good')
    t.equal(near.counters.isOpen, false)
    for (const outcome of await outcomes)
      if (outcome.status === 'rejected') t.type(outcome.reason, ModemClosed)
    t.equal((await outcomes).at(-1)?.status, 'rejected')
    await t.rejects(near.send(EVIL), { name: 'ModemClosed' })
    await far.unplug()
  })

  test.test('close() while the line is away', async t => {
    const { near, far } = await open(t)
    await near.room(1)
    await far.unplug()
    await until(() => !near.counters.isOpen)
    const waiting = t.rejects(near.send(EVIL), { name: 'ModemClosed' })
    const room = near.room(1)
    await near.close()
    await waiting
    await room
  })
}

/** Reads on from one modem; no octets at the end. */
export function reader(modem: Modem): () => Promise<Uint8Array> {
  const chunks = modem.received()[Symbol.asyncIterator]()
  return async () => {
    const chunk = await chunks.next()
    return chunk.done === true ? new Uint8Array() : chunk.value
  }
}

/** The next `count` octets. */
async function taken(read: () => Promise<Uint8Array>, count: number): Promise<Uint8Array> {
  const octets = new Uint8Array(count)
  for (let at = 0; at < count; ) {
    const chunk = await read()
    octets.set(chunk, at)
    at += chunk.length
  }
  return octets
}

export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await settled()
}

/** What line disciplines, modems and terminals like to swallow: ETX, EOT, LF, CR, XON, XOFF. */
const EVIL = Uint8Array.of(0x00, 0x03, 0x04, 0x0a, 0x0d, 0x11, 0x13, 0xff)
const EVERY = Uint8Array.from({ length: 256 }, (_, i) => i)
