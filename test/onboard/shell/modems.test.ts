import t from 'tap'
import { Inbox } from '../../../hal/inbox.ts'
import type { Modem } from '../../../hal/ports.ts'
import { SimClock, settled } from '../../../hal/sim/clock.ts'
import type { SpacecraftInput } from '../../../onboard/events.ts'
import { Modems } from '../../../onboard/shell/modems.ts'
import { SpacecraftBench } from '../../kit/spacecraft-bench.ts'

const NEVER = new AbortController().signal
const KOUROU = { role: 'secondary', station: 'Kourou' } as const

/** Takes whatever it is given. */
const SINK: Modem = {
  capabilities: {
    archetype: 'stream',
    frameOctetsMax: undefined,
    credit: 'octets',
    rateBps: undefined,
    duplex: 'full',
  },
  roomOctets: 1e6,
  counters: {
    octetsIn: 0,
    octetsOut: 0,
    opens: 1,
    errors: 0,
    lastError: undefined,
    isOpen: true,
  },
  async *received() {},
  async room() {},
  async send() {
    return 'accepted'
  },
  async close() {},
}

t.test('Modems fills each at the rate that its contact says', async t => {
  const rates = [
    { fromMs: 0, downBps: 100_000, upBps: undefined },
    { fromMs: 5_000, downBps: 800_000, upBps: undefined },
  ]
  const bench = new SpacecraftBench({ contacts: [{ ...KOUROU, start: 0, end: 10_000, rates }] })
  const clock = new SimClock()
  const modems = new Modems({ modems: [SINK], receiver: undefined }, bench.machine, clock)
  t.equal(await modems.room(0, 1, NEVER), 800, '64 ms at 100 kbit/s')
  bench.tick(5_000)
  t.equal(await modems.room(0, 1, NEVER), 6_400, '64 ms at 800 kbit/s')
  bench.tick(10_000)
  t.equal(await modems.room(0, 1, NEVER), 8_000, 'nobody hears: its own')
})

t.test('Modems reads no more off a line while the machine stands still', async t => {
  const { machine } = new SpacecraftBench()
  let read = 0
  const endless: Modem = {
    ...SINK,
    async *received() {
      for (;;) yield Uint8Array.of(read++)
    },
  }
  const modems = new Modems({ modems: [endless], receiver: SINK }, machine, new SimClock())
  const inbox = new Inbox<SpacecraftInput>()
  void modems.hear(inbox)
  await settled()
  t.equal(inbox.length, 4)
  t.equal(read, 4)
  t.strictSame(inbox.take(), { kind: 'octets', octets: Uint8Array.of(0), line: 0 })
  await settled()
  t.equal(read, 5)
})
