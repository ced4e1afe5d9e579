import t from 'tap'
import {
  encodeTransferAnswer,
  SPI_ADDRESS,
  transferDecoder,
} from '../../../../hal/modems/bus/transfer.ts'
import { HstxcDriver } from '../../../../hal/modems/hstxc/driver.ts'
import { hstxcEmulator } from '../../../../hal/modems/hstxc/emulator.ts'
import { CONTROL, HSTXC } from '../../../../hal/modems/hstxc/registers.ts'
import { trials } from '../../../kit/misbehaving.ts'

const air = { rateBps: 200_000, aroundOctets: 0, gapMs: 0 }
const settings = {
  frameOctets: 4_096,
  address: HSTXC.address,
  encoder: undefined,
  channel: undefined,
  powerDbm: undefined,
  rateBps: 200_000,
}

trials(t, {
  kind: 'hstxc',
  end: mischief => ({
    driver: new HstxcDriver(settings),
    emulator: hstxcEmulator({ air, mischief }),
    wireOctets: 1_000_000,
  }),
  link: { format: { interleave: 0, frameOctets: 1_115 }, cfdp: { segmentOctets: 1_000 } },
  fileOctets: 300_000,
  shows: {
    'lost-credit': 'answers missed',
    'double-credit': 'answers of the past',
    stall: 'underruns seen',
    reboot: 'restarts seen',
    overrun: 'overruns seen',
  },
})

/** A driver and its transmitter; each frame that is told of makes room for the next one of `frames`. */
function flight(
  rateBps: number,
  change: Partial<ConstructorParameters<typeof HstxcDriver>[0]> = {},
) {
  const driver = new HstxcDriver({ ...settings, rateBps, ...change })
  const modem = hstxcEmulator({ air: { ...air, rateBps } })
  const transfers = transferDecoder()
  const registers: [number, number][] = []
  const sent: number[] = []
  const outcomes: string[] = []
  const telemetry: unknown[] = []
  let now = 0
  const settle = () => {
    for (let isBusy = true; isBusy; ) {
      isBusy = false
      for (const effect of driver.drain()) {
        isBusy = true
        if (effect.kind === 'outcome') outcomes.push(effect.outcome)
        else if (effect.kind === 'telemetry') telemetry.push(effect.fields)
        else if (effect.kind === 'write') {
          for (const { address, write } of transfers.push(effect.octets))
            if (address !== SPI_ADDRESS && write.length > 1)
              registers.push([write[0] as number, write[1] as number])
          modem.receive({ kind: 'host', octets: effect.octets }, now)
        }
      }
      for (const { kind, octets } of modem.drain()) {
        isBusy = true
        if (kind === 'host') driver.receive({ kind: 'octets', octets }, now)
        else for (const octet of octets) sent.push(octet)
      }
    }
  }
  const run = (ms: number) => {
    for (const end = now + ms; now < end; now += 1) {
      if ((driver.deadline ?? Infinity) <= now) driver.tick(now)
      modem.tick(now)
      settle()
    }
  }
  const frame = (octets: Uint8Array) => {
    driver.receive({ kind: 'frame', octets }, now)
    settle()
  }
  const tell = (input: Parameters<typeof driver.receive>[0]) => {
    driver.receive(input, now)
    settle()
  }
  tell({ kind: 'line', isThere: true })
  return { driver, modem, registers, sent, outcomes, telemetry, run, frame, tell }
}

t.test('HstxcDriver keeps the FIFO from running empty while frames come late', async t => {
  for (const rateBps of [200_000, 1_000_000, 4_096_000]) {
    const { driver, registers, sent, outcomes, run, frame, tell } = flight(rateBps)
    for (let i = 1; i <= 30; i++) {
      frame(new Uint8Array(1_279).fill(i))
      run(i % 7 === 0 ? 90 : 5)
    }
    tell({ kind: 'transmit', enabled: false })
    run(8_000)
    t.equal(outcomes.filter(outcome => outcome === 'accepted').length, 30)
    const data = sent.filter(octet => octet !== 0x55)
    t.equal(data.length, 30 * 1_279, `${rateBps}: all left`)
    t.equal(driver.events['underruns seen'], 0, `${rateBps}: it never ran empty`)
    t.equal(driver.events['overruns seen'], 0, `${rateBps}: nor over`)
    t.ok((driver.events['idle octets'] ?? 0) > 0, 'for it was given idle octets')
    const modes = registers.filter(([at]) => at === HSTXC.control).map(([, value]) => value)
    t.equal(modes[0], CONTROL.fill)
    t.strictSame(modes.slice(-3), [CONTROL.data, CONTROL.fill, CONTROL.off])
  }
})

t.test(
  'HstxcDriver sets up what it was told, and again when the transmitter starts again',
  async t => {
    const change = { encoder: 0x12, channel: 0x38, powerDbm: 30 } as const
    const { driver, modem, registers, sent, run, frame } = flight(200_000, change)
    frame(new Uint8Array(100).fill(7))
    const setUp = [
      [HSTXC.encoder, 0x12],
      [HSTXC.power, 3],
      [HSTXC.channel, 0x38],
    ]
    t.strictSame(registers, [...setUp, [HSTXC.control, CONTROL.fill]])
    run(500)
    frame(new Uint8Array(4_000).fill(9))
    run(110)
    modem.reboot(0)
    registers.length = 0
    run(100)
    t.strictSame(registers.slice(0, 4), [...setUp, [HSTXC.control, CONTROL.fill]])
    t.equal(driver.events['restarts seen'], 1)
    frame(new Uint8Array(100).fill(8))
    run(1_000)
    t.equal(sent.filter(octet => octet === 7).length, 100)
    t.ok(sent.filter(octet => octet === 9).length < 4_000, 'what it held is lost')
    t.equal(sent.filter(octet => octet === 8).length, 100)
  },
)

t.test(
  'HstxcDriver says what became of frames when the line goes, and how the modem is',
  async t => {
    const { driver, outcomes, telemetry, frame, tell } = flight(200_000)
    tell({ kind: 'probe' })
    t.strictSame(telemetry, [{ firmware: 0, status: 0, ready: 1 }])
    tell({ kind: 'line', isThere: false })
    t.equal(driver.roomFrames, 0)
    t.equal(driver.deadline, undefined)
    frame(new Uint8Array(10))
    tell({ kind: 'line', isThere: false })
    t.strictSame(outcomes, ['unknown'])
  },
)

t.test('HstxcDriver takes an answer for that of its own write', async t => {
  const driver = new HstxcDriver(settings)
  const modem = hstxcEmulator({ air })
  const transfers = transferDecoder()
  const tags: number[] = []
  const outcomes: string[] = []
  const settle = (now: number) => {
    for (let i = 0; i < 10; i++) {
      for (const effect of driver.drain())
        if (effect.kind === 'outcome') outcomes.push(effect.outcome)
        else if (effect.kind === 'write')
          for (const { tag, address } of transfers.push(effect.octets))
            if (address === SPI_ADDRESS) tags.push(tag)
            else modem.receive({ kind: 'host', octets: effect.octets }, now)
      for (const { octets } of modem.drain()) driver.receive({ kind: 'octets', octets }, now)
    }
  }
  driver.receive({ kind: 'line', isThere: true }, 0)
  for (const fill of [1, 2])
    driver.receive({ kind: 'frame', octets: new Uint8Array(100).fill(fill) }, 0)
  settle(0)
  t.equal(tags.length, 1, 'the first is not answered')
  driver.tick(500)
  settle(500)
  t.strictSame(outcomes, ['unknown'])
  t.equal(tags.length, 2)
  const answer = (tag = 0) => {
    const octets = encodeTransferAnswer({ tag, isDone: true, octets: new Uint8Array(0) })
    driver.receive({ kind: 'octets', octets }, 510)
    settle(510)
  }
  answer(tags[0])
  t.strictSame(outcomes, ['unknown'], 'what is said late of the first')
  answer(tags[1])
  t.strictSame(outcomes, ['unknown', 'accepted'])
})
