import t from 'tap'
import { encodeTransferAnswer, transferDecoder } from '../../../../hal/modems/bus/transfer.ts'
import { txsDriver } from '../../../../hal/modems/txs/driver.ts'
import { COMMANDS, txsEmulator } from '../../../../hal/modems/txs/emulator.ts'
import { hex } from '../../../kit/hex.ts'
import { trials } from '../../../kit/misbehaving.ts'

const air = { rateBps: 100_000, aroundOctets: 20, gapMs: 0 }
const settings = { frameOctets: 235, address: 0x11, commands: COMMANDS, rateBps: 100_000 }

trials(t, {
  kind: 'txs',
  end: mischief => ({
    driver: txsDriver(settings),
    emulator: txsEmulator({ air, mischief }),
  }),
  link: { format: { interleave: 0, frameOctets: 231 }, cfdp: { segmentOctets: 400 } },
  fileOctets: 100_000,
  shows: {
    'lost-credit': 'answers missed',
    'double-credit': 'answers of the past',
    stall: 'answers missed',
    reboot: 'restarts seen',
  },
})

t.test('txsDriver() switches it on, sends what it has room for, and off again', async t => {
  const driver = txsDriver(settings)
  const modem = txsEmulator({ air })
  const transfers = transferDecoder()
  const turn = (now: number): number[][] => {
    const written: number[][] = []
    for (let isBusy = true; isBusy; ) {
      isBusy = false
      for (const effect of driver.drain()) {
        if (effect.kind !== 'write') continue
        isBusy = true
        for (const { write } of transfers.push(effect.octets))
          written.push([...write.subarray(0, 2)])
        modem.receive({ kind: 'host', octets: effect.octets }, now)
      }
      for (const { kind, octets } of modem.drain())
        if (kind === 'host') driver.receive({ kind: 'octets', octets }, now)
    }
    return written
  }
  driver.receive({ kind: 'line', isThere: true }, 0)
  t.equal(driver.roomFrames, 0, 'nobody knows what it has room for')
  t.strictSame(turn(0), [[0x30], [0x20, 1], [0x30]], 'asked, switched on, asked')
  t.equal(driver.roomFrames, 1)
  driver.receive({ kind: 'probe' }, 1_000)
  modem.receive({ kind: 'host', octets: hex`07 11 0014 0001 30` }, 1_500)
  const told = modem.drain().map(({ octets }) => octets)
  t.strictSame(told[0]?.subarray(4, 10), hex`01 00 01000000`)
  t.strictSame(told[0]?.subarray(20, 24), hex`0020 0004`)
  driver.receive({ kind: 'transmit', enabled: false }, 1_600)
  t.strictSame(turn(1_600).at(-1), [0x30])
  t.equal(driver.roomFrames, 0, 'off, it takes none')
})

t.test('txsDriver() tells how it is', async t => {
  const driver = txsDriver({ ...settings, frameOctets: 1_025 })
  const modem = txsEmulator({ air })
  const shown: unknown[] = []
  driver.receive({ kind: 'line', isThere: true }, 0)
  driver.receive({ kind: 'probe' }, 2_000)
  for (let i = 0; i < 4; i++) {
    for (const effect of driver.drain())
      if (effect.kind === 'write') modem.receive({ kind: 'host', octets: effect.octets }, 2_000)
      else if (effect.kind === 'telemetry') shown.push(effect.fields)
    for (const { octets } of modem.drain()) driver.receive({ kind: 'octets', octets }, 2_000)
  }
  t.match(shown, [{ state: 'off', uptimeS: 2, roomOctets: 8_192, frameOctetsMax: 1_024 }])
  t.ok((driver.events['frames too long'] ?? 0) > 0, 'its frames are shorter than ours')
})

t.test('txsDriver() takes an answer for that of its own frame', async t => {
  const driver = txsDriver({ ...settings, rateBps: undefined })
  const modem = txsEmulator({ air })
  const transfers = transferDecoder()
  const tags: number[] = []
  const turn = (now: number, isAnswered: boolean) => {
    const outcomes: string[] = []
    for (let i = 0; i < 6; i++) {
      for (const effect of driver.drain())
        if (effect.kind === 'outcome') outcomes.push(effect.outcome)
        else if (effect.kind === 'write') {
          for (const { tag, write } of transfers.push(effect.octets))
            if (write[0] === COMMANDS.send) tags.push(tag)
          if (isAnswered) modem.receive({ kind: 'host', octets: effect.octets }, now)
        }
      for (const { kind, octets } of modem.drain())
        if (kind === 'host') driver.receive({ kind: 'octets', octets }, now)
    }
    return outcomes
  }
  driver.receive({ kind: 'line', isThere: true }, 0)
  turn(0, true)
  driver.receive({ kind: 'frame', octets: hex`01` }, 10)
  t.strictSame(turn(10, false), [])
  driver.tick(1_010)
  t.strictSame(turn(1_010, false), ['unknown'])
  driver.receive({ kind: 'frame', octets: hex`02` }, 1_020)
  turn(1_020, false)
  const late = { tag: tags[0] as number, isDone: false, octets: hex`` }
  driver.receive({ kind: 'octets', octets: encodeTransferAnswer(late) }, 1_030)
  t.strictSame(turn(1_030, false), [])
  t.match(driver.events, { 'answers of the past': 1, refusals: 0 })
})
