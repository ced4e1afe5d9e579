/** No such bus is here: the helper itself, in Perl, speaks to a kernel that is emulated (fake-i2c.c). */
import { execFileSync } from 'node:child_process'
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { type Buses, BusLine } from '../../../../hal/modems/bus/bus-line.ts'
import {
  encodeTransfer,
  SPI_ADDRESS,
  type Transfer,
  transferAnswerDecoder,
} from '../../../../hal/modems/bus/transfer.ts'
import { systemClock } from '../../../../hal/system-clock.ts'
import { hex } from '../../../kit/hex.ts'
import { reader } from '../../modem.promise.ts'

const SOURCE = fileURLToPath(new URL('fake-i2c.c', import.meta.url))
const folder = t.testdir({ spidev: '' })
const perl = fakeKernel()

t.test(
  'BusLine does transfers by its helper, on I2C and SPI',
  { skip: perl === undefined ? 'no C compiler, or no Perl, to emulate a bus with' : false },
  async t => {
    const spi = join(folder, 'spidev')
    const line = await opened({ i2c: '/dev/i2c-7', spi, ...(perl === undefined ? {} : { perl }) })
    t.teardown(() => line.close())
    const read = reader(line)
    const decoder = transferAnswerDecoder()
    const done = async (transfer: Omit<Transfer, 'tag'>, tag: number) => {
      await line.send(encodeTransfer({ tag, ...transfer }))
      for (;;) for (const answer of decoder.push(await read())) return answer
    }
    const frame = Uint8Array.from({ length: 236 }, (_, i) => i)
    const sent = await done({ address: 0x60, write: frame, read: 5 }, 1)
    t.strictSame(sent, { tag: 1, isDone: true, octets: hex`60 00010203` })
    const written = await done({ address: 0x61, write: hex`24`, read: 0 }, 2)
    t.strictSame(written, { tag: 2, isDone: true, octets: hex`` })
    const alone = await done({ address: 0x61, write: hex``, read: 2 }, 3)
    t.strictSame(alone, { tag: 3, isDone: true, octets: hex`61 00` })
    const nobody = await done({ address: 0x70, write: hex`aa`, read: 1 }, 4)
    t.strictSame(nobody, { tag: 4, isDone: false, octets: hex`` })
    while (line.counters.errors === 0) await new Promise(setImmediate)
    t.match(line.counters, { opens: 1, isOpen: true, lastError: /^No transfer with 0x70: / })
    const clocked = await done({ address: SPI_ADDRESS, write: frame, read: 0 }, 5)
    t.strictSame(clocked, { tag: 5, isDone: true, octets: hex`` })
    t.strictSame(new Uint8Array(readFileSync(spi)), frame)
  },
)

t.test('BusLine says what is missing, and looks for it again', async t => {
  const gone = await failed({ i2c: '/dev/i2c-none', spi: undefined })
  t.match(gone.counters.lastError, /^Cannot open \/dev\/i2c-none: No such file/)
  t.match(gone.counters, { opens: 0, isOpen: false })
  await gone.close()
  const noPerl = await failed({ i2c: '/dev/null', spi: undefined, perl: join(folder, 'none') })
  t.match(noPerl.counters.lastError, /it is in the package perl-base/)
  await noPerl.close()
  const closed = await failed({ i2c: '/dev/null', spi: '/nowhere/spidev' })
  t.match(closed.counters.lastError, /^Cannot open \/nowhere\/spidev/)
  await closed.close()
})

/** A `perl` whose bus is emulated; undefined if that cannot be made here. */
function fakeKernel(): string | undefined {
  const [library, program] = [join(folder, 'fake-i2c.so'), join(folder, 'perl')]
  try {
    execFileSync('cc', ['-shared', '-fPIC', '-o', library, SOURCE, '-ldl'], { stdio: 'ignore' })
    execFileSync('perl', ['-e', '1'], { stdio: 'ignore' })
  } catch {
    return undefined
  }
  writeFileSync(program, `#!/bin/sh\nLD_PRELOAD=${library} exec perl "$@"\n`)
  chmodSync(program, 0o755)
  return program
}

async function opened(buses: Buses): Promise<BusLine> {
  const line = new BusLine({ reopenMs: 20, ...buses }, systemClock)
  await line.room(1)
  return line
}

async function failed(buses: Buses): Promise<BusLine> {
  const line = new BusLine({ reopenMs: 20, ...buses }, systemClock)
  while (line.counters.errors < 2) await new Promise(setImmediate)
  return line
}
