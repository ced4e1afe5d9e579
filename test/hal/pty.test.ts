import { closeSync, openSync, readSync, writeSync } from 'node:fs'
import t from 'tap'
import { openPty, type Pty } from '../../hal/pty.ts'
import { systemClock } from '../../hal/system-clock.ts'

const NEVER = new AbortController().signal
const found = await openPty()
found?.close()

t.test('openPty()', { skip: found === undefined ? 'no pseudo-terminals here' : false }, async t => {
  const pty = (await openPty()) as Pty
  const octets = Uint8Array.from({ length: 256 }, (_, i) => i)
  t.equal(pty.read(10), undefined)
  t.equal(pty.write(new Uint8Array()), 0)

  t.equal(pty.write(octets), 256)
  t.equal(pty.read(10), undefined, 'no echo')
  const device = openSync(pty.path, 'r+')
  const came = new Uint8Array(256)
  t.equal(readSync(device, came), 256)
  t.strictSame(came, octets)

  writeSync(device, octets)
  await pty.readable(systemClock, NEVER)
  t.strictSame(pty.read(1_000), octets)

  closeSync(device)
  t.equal(pty.read(10), undefined, 'a device that was closed is no error')

  let taken = 0
  for (let count = 1; count > 0; taken += count) count = pty.write(new Uint8Array(10_000))
  t.ok(taken < 1_000_000, 'never blocks')
  pty.close()
  pty.close()
  t.equal(pty.read(1), undefined)
  t.equal(pty.write(octets), 0)
})
