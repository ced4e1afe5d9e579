import t from 'tap'
import { EnduroSatUhfDriver } from '../../../../hal/modems/endurosat-uhf/driver.ts'
import { enduroSatUhfEmulator } from '../../../../hal/modems/endurosat-uhf/emulator.ts'
import {
  EsttcFilter,
  encodeEsttc,
  esttcCrc,
  pipeWord,
} from '../../../../hal/modems/endurosat-uhf/esttc.ts'
import { trials } from '../../../kit/misbehaving.ts'
import { vectorText } from '../../../kit/modem-vectors.ts'
import { Random } from '../../../kit/random.ts'

const air = { rateBps: 9_600, aroundOctets: 9, gapMs: 0 }
const settings = {
  frameOctets: 128,
  address: 0x22,
  radioMode: 3,
  baudRate: 115_200,
  gapMs: 10,
  rateBps: 9_600,
} as const

trials(t, {
  kind: 'endurosat-uhf',
  end: mischief => ({
    driver: new EnduroSatUhfDriver(settings),
    emulator: enduroSatUhfEmulator({ air, mischief }),
  }),
  link: { format: { interleave: 0, frameOctets: 124 }, cfdp: { segmentOctets: 400 } },
  fileOctets: 30_000,
  shows: { reboot: 'restarts seen', 'double-credit': 'lines filtered' },
})

t.test('esttcCrc() is that of the examples of the vendor', async t => {
  for (const text of [
    'ES+R2200',
    'ES+W22003323',
    'ES+W22003040',
    'ES+R22F2',
    'ES+W22F201FF',
    '+PIPE',
    '+ESTTC',
  ])
    t.equal(esttcCrc(text), vectorText(`esttc_crc32.${text}`), text)
  t.equal(pipeWord(3, 115_200), '3323', 'the word of the vendor that opens the pipe')
  t.equal(pipeWord(3, 19_200), '1323', 'which leaves the UART as it is')
  t.equal(pipeWord(0, 9_600), '0023')
})

t.test('EsttcFilter takes lines out wherever they are, in whatever pieces', async t => {
  const seed = Number(process.env['SEED'] ?? 1)
  const random = new Random(seed)
  for (let round = 0; round < 30; round++) {
    const expected: number[] = []
    const stream: number[] = []
    const lines: string[] = []
    for (let i = 0; i < 8; i++) {
      const octets = random.octets(random.below(40))
      // What looks like a line, and is none.
      if (i % 3 === 0) octets.set(new TextEncoder().encode('+PIPE 1').subarray(0, octets.length))
      expected.push(...octets)
      stream.push(...octets)
      const line = ['+PIPE', '+ESTTC', 'OK+3323', 'ERR+VAL'][random.below(4)] as string
      lines.push(line)
      stream.push(...encodeEsttc(line))
    }
    const filter = new EsttcFilter()
    const data: number[] = []
    const seen: string[] = []
    for (let at = 0; at < stream.length; ) {
      const end = at + 1 + random.below(20)
      for (const piece of filter.push(Uint8Array.from(stream.slice(at, end)))) {
        if (piece.kind === 'data') data.push(...piece.octets)
        else seen.push(piece.text)
      }
      at = end
    }
    t.equal(filter.release(), undefined)
    t.strictSame(data, expected, `SEED=${seed}`)
    t.strictSame(seen, lines, `SEED=${seed}`)
  }
})

t.test('EsttcFilter gives back what no line became', async t => {
  const filter = new EsttcFilter()
  const wrong = new TextEncoder().encode('+PIPE 00000000\r')
  t.match([...filter.push(wrong)], [{ kind: 'data', octets: wrong }], 'its CRC is wrong')
  t.strictSame([...filter.push(wrong.subarray(0, 8))], [])
  t.ok(filter.isKeeping)
  t.match(filter.release(), { kind: 'data', octets: wrong.subarray(0, 8) })
  t.notOk(filter.isKeeping)
})

t.test('EnduroSatUhfDriver opens the pipe again when the modem closes it', async t => {
  const driver = new EnduroSatUhfDriver(settings)
  const writes = () => driver.drain().filter(({ kind }) => kind === 'write').length
  driver.receive({ kind: 'line', isThere: true }, 0)
  t.equal(writes(), 1)
  t.equal(driver.roomFrames, 0)
  driver.receive({ kind: 'octets', octets: encodeEsttc('+PIPE') }, 10)
  driver.receive({ kind: 'written', outcome: 'accepted' }, 10)
  t.equal(driver.roomFrames, 1)
  driver.receive({ kind: 'octets', octets: Uint8Array.of(1, 0x2b) }, 20)
  t.match(driver.drain(), [{ kind: 'heard', octets: Uint8Array.of(1) }])
  driver.tick(driver.deadline as number)
  t.match(driver.drain(), [{ kind: 'heard', octets: Uint8Array.of(0x2b) }], 'a lone plus is late')
  driver.receive({ kind: 'octets', octets: encodeEsttc('+ESTTC') }, 100)
  t.equal(driver.roomFrames, 0)
  t.equal(writes(), 1)
  for (let i = 0; i < 5; i++) driver.tick(driver.deadline as number)
  t.equal(driver.events['answers missed'], 5)
  t.equal(writes(), 4)
  for (let i = 0; i < 5; i++) driver.receive({ kind: 'written', outcome: 'accepted' }, 9_000)
  t.equal(driver.roomFrames, 1, 'a modem that never answers may be in the pipe')
  driver.receive({ kind: 'probe' }, 9_000)
  t.match(driver.drain(), [{ kind: 'telemetry', fields: { pipe: 'open', said: '+ESTTC' } }])
})

t.test('the pipe of enduroSatUhfEmulator() ends when nobody speaks', async t => {
  const modem = enduroSatUhfEmulator({ air })
  const said = () => Buffer.concat(modem.drain().map(({ octets }) => octets)).toString('latin1')
  modem.receive({ kind: 'host', octets: encodeEsttc('ES+W22003323') }, 0)
  t.match(said(), /^OK\+3323 [0-9A-F]{8}\r\+PIPE 7878B8AE\r$/)
  modem.tick(10_000)
  t.equal(said(), '+ESTTC CFB52D35\r')
  modem.receive({ kind: 'host', octets: new TextEncoder().encode('what\r') }, 10_001)
  t.equal(said(), 'ERR+VAL\r')
})

t.test(
  'EnduroSatUhfDriver says nothing of another baud rate, and hears before the pipe is known',
  async t => {
    const driver = new EnduroSatUhfDriver({ ...settings, baudRate: 19_200 })
    driver.receive({ kind: 'line', isThere: true }, 0)
    driver.receive({ kind: 'probe' }, 0)
    const opens = Uint8Array.from([0x0d, ...encodeEsttc('ES+W22001323')])
    t.match(driver.drain(), [{ kind: 'write', octets: opens }])
    driver.receive({ kind: 'octets', octets: Uint8Array.of(1, 2, 3) }, 10)
    t.match(driver.drain(), [{ kind: 'heard', octets: Uint8Array.of(1, 2, 3) }])
  },
)

t.test('EnduroSatUhfDriver keeps frames that fill no packet apart, each in its own', async t => {
  const driver = new EnduroSatUhfDriver(settings)
  const emulator = enduroSatUhfEmulator({ air })
  const sent: number[] = []
  driver.receive({ kind: 'line', isThere: true }, 0)
  let frames = 0
  for (let now = 0; now < 3_000; now++) {
    driver.tick(now)
    emulator.tick(now)
    while (driver.roomFrames > 0 && frames < 8) {
      const octets = new Uint8Array(frames % 2 === 0 ? 100 : 128).fill(frames)
      driver.receive({ kind: 'frame', octets }, now)
      frames += 1
    }
    for (const effect of driver.drain())
      if (effect.kind === 'write') {
        emulator.receive({ kind: 'host', octets: effect.octets }, now)
        driver.receive({ kind: 'written', outcome: 'accepted' }, now)
      }
    for (const { kind, octets } of emulator.drain())
      if (kind === 'host') driver.receive({ kind: 'octets', octets }, now)
      else sent.push(octets.length)
  }
  t.strictSame(sent, [100, 128, 100, 128, 100, 128, 100, 128])
})
