import t from 'tap'
import {
  encodeTransfer,
  encodeTransferAnswer,
  transferAnswerDecoder,
  transferDecoder,
} from '../../../../hal/modems/bus/transfer.ts'
import { TRXVU, trxvuDriver } from '../../../../hal/modems/trxvu/driver.ts'
import { trxvuEmulator } from '../../../../hal/modems/trxvu/emulator.ts'
import { hex } from '../../../kit/hex.ts'
import { trials } from '../../../kit/misbehaving.ts'

const air = { rateBps: 9_600, aroundOctets: 20, gapMs: 0 }
const settings = { frameOctets: 235, sendAddress: 0x60, receiveAddress: 0x61, rateBps: 9_600 }

trials(t, {
  kind: 'trxvu',
  end: mischief => ({
    driver: trxvuDriver(settings),
    emulator: trxvuEmulator({ air, mischief }),
  }),
  link: { format: { interleave: 0, frameOctets: 231 }, cfdp: { segmentOctets: 400 } },
  fileOctets: 60_000,
  shows: {
    'lost-credit': 'answers missed',
    'double-credit': 'answers of the past',
    stall: 'answers missed',
  },
})

t.test('transfers of a bus come whole, in whatever pieces', async t => {
  const transfer = { tag: 7, address: 0x60, write: hex`10 0102`, read: 1 }
  const octets = encodeTransfer(transfer)
  t.strictSame(octets, hex`07 60 0001 0003 100102`)
  const transfers = transferDecoder()
  t.strictSame(
    [...octets, ...octets].flatMap(one => [...transfers.push(Uint8Array.of(one))]),
    [transfer, transfer],
  )
  const answer = { tag: 7, isDone: false, octets: hex`09` }
  t.strictSame(encodeTransferAnswer(answer), hex`07 01 0001 09`)
  const answers = transferAnswerDecoder()
  answers.push(hex`07 01`).next()
  answers.reset()
  t.strictSame([...answers.push(hex`07 01 0001 09`)], [answer])
})

t.test(
  'trxvuDriver() offers a refused frame again, feeds the watchdog, and asks its uptime',
  async t => {
    const driver = trxvuDriver(settings)
    const transfers = transferDecoder()
    const written = () =>
      driver
        .drain()
        .flatMap(effect => (effect.kind === 'write' ? [...transfers.push(effect.octets)] : []))
    driver.receive({ kind: 'line', isThere: true }, 0)
    t.strictSame(
      written().map(({ write }) => write[0]),
      [TRXVU.watchdog],
    )
    driver.tick(0)
    t.strictSame(
      written().map(({ write }) => write[0]),
      [TRXVU.frameCount],
    )
    driver.receive({ kind: 'frame', octets: hex`0102` }, 1)
    const [first] = written()
    t.match(first, { address: 0x60, read: 1, write: hex`10 0102` })
    const refused = { tag: first?.tag ?? 0, isDone: true, octets: hex`ff` }
    driver.receive({ kind: 'octets', octets: encodeTransferAnswer(refused) }, 2)
    driver.tick(52)
    const [again] = written()
    t.strictSame(again?.write, first?.write)
    const taken = { tag: again?.tag ?? 0, isDone: true, octets: hex`27` }
    driver.receive({ kind: 'octets', octets: encodeTransferAnswer(taken) }, 53)
    t.match(driver.drain(), [{ kind: 'outcome', outcome: 'accepted' }])
    driver.receive({ kind: 'probe' }, 54)
    const radio = trxvuEmulator({ air })
    for (const effect of driver.drain())
      if (effect.kind === 'write') radio.receive({ kind: 'host', octets: effect.octets }, 5_000)
    for (const { octets } of radio.drain()) driver.receive({ kind: 'octets', octets }, 55)
    t.match(driver.drain(), [{ kind: 'telemetry', fields: { uptimeS: 5 } }])
  },
)

t.test(
  'trxvuDriver() takes an answer for that of its own frame, and rests when it is full',
  async t => {
    const driver = trxvuDriver({ ...settings, rateBps: undefined })
    const transfers = transferDecoder()
    /** The tag by which this frame went out. */
    const send = (octets: Uint8Array, now: number) => {
      driver.receive({ kind: 'frame', octets }, now)
      const found = driver
        .drain()
        .flatMap(effect => (effect.kind === 'write' ? [...transfers.push(effect.octets)] : []))
      return found.find(({ write }) => write[0] === TRXVU.sendFrame)?.tag ?? 0
    }
    const answer = (tag: number, octets: Uint8Array, now: number) => {
      const told = encodeTransferAnswer({ tag, isDone: true, octets })
      driver.receive({ kind: 'octets', octets: told }, now)
      return driver.drain().filter(({ kind }) => kind === 'outcome')
    }
    driver.receive({ kind: 'line', isThere: true }, 0)
    const first = send(hex`01`, 0)
    driver.tick(1_000)
    t.match(driver.drain().at(0), { outcome: 'unknown' })
    const second = send(hex`02`, 1_000)
    t.strictSame(answer(first, hex`ff`, 1_100), [], 'what is said late of the first')
    t.match(driver.events, { 'answers of the past': 1, refusals: 0 })
    t.match(answer(second, hex`00`, 1_200), [{ outcome: 'accepted' }])
    t.equal(driver.roomFrames, 0, 'it has no slot left')
    driver.tick(1_250)
    t.equal(driver.roomFrames, 1, 'and is offered the next one a little later')
  },
)
