/**
 * `make interop-modems`: the driver of kind `kiss` with a running direwolf, whose sound goes nowhere and comes from its
 * own gen_packets. Three rows: it says who it is, what it hears arrives, and its queue sets the pace. Ends with 1 if
 * one is wrong, or direwolf is not there.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDriven } from '../../hal/modem.ts'
import { systemClock } from '../../hal/system-clock.ts'

const PORT = 8_051
const RATE_BPS = 1_200
const WAV_HEADER_OCTETS = 44
const NEVER = new AbortController().signal

for (const program of ['direwolf', 'gen_packets'])
  if (spawnSync(program, ['-h']).error !== undefined) {
    console.error(`Cannot run ${program}: on Debian it is in the package direwolf`)
    process.exit(1)
  }
const folder = mkdtempSync(join(tmpdir(), 'downpour-direwolf-'))
const direwolf = start()
const modem = await openDriven(
  {
    kind: 'kiss',
    host: '127.0.0.1',
    port: PORT,
    callsign: 'N0CALL-1',
    peerCallsign: 'GROUND',
    frameOctets: 256,
    rateBps: RATE_BPS,
  },
  4_096,
  systemClock,
)
try {
  await modem.room(1)
  const rows = [await asked(), await heard(), await paced()]
  console.log('| what | found | |\n|---|---|---|')
  for (const { what, found, isRight } of rows)
    console.log(`| ${what} | ${found} | ${isRight ? 'right' : 'wrong'} |`)
  process.exitCode = rows.every(({ isRight }) => isRight) ? 0 : 1
} finally {
  await modem.close()
  direwolf.kill()
  rmSync(folder, { recursive: true, force: true })
}

interface Row {
  readonly what: string
  readonly found: string
  readonly isRight: boolean
}

async function asked(): Promise<Row> {
  const patience = new AbortController()
  void pause(3_000).then(() => patience.abort())
  const found = String((await modem.probe(patience.signal))?.['TNC'])
  return { what: 'says who it is', found, isRight: found.startsWith('DIREWOLF') }
}

async function heard(): Promise<Row> {
  const wav = join(folder, 'packets.wav')
  spawnSync('gen_packets', ['-r', '48000', '-n', '3', '-o', wav])
  direwolf.stdin?.write(readFileSync(wav).subarray(WAV_HEADER_OCTETS))
  // What follows keeps the sound going until the last packet is through its filters.
  direwolf.stdin?.write(new Uint8Array(96_000))
  let text = ''
  const reading = (async () => {
    for await (const octets of modem.received()) {
      text += new TextDecoder('latin1').decode(octets)
      if (text.includes('quick brown fox')) return
    }
  })()
  await Promise.race([reading, pause(5_000)])
  const isRight = text.includes('quick brown fox')
  return { what: 'what it hears arrives', found: `${text.length} octets`, isRight }
}

/** At 1,200 bit/s it takes seconds for what a queue without a limit would take at once. */
async function paced(): Promise<Row> {
  // Most of it is never sent: the modem is closed before.
  modem.send(new Uint8Array(4_000).fill(0x41)).catch(() => {})
  await pause(3_000)
  const events = modem.counters.events ?? {}
  const [accepted = 0, missed = 0] = [events['frames accepted'], events['answers missed']]
  const isRight =
    accepted >= 2 && accepted <= 6 && missed === 0 && (events['credit asked'] ?? 0) > 5
  const found = `${accepted} of 16 frames after 3 s, ${events['credit asked']} questions, ${missed} unanswered`
  return { what: 'its queue sets the pace', found, isRight }
}

function start(): ChildProcess {
  const config = join(folder, 'direwolf.conf')
  const lines = ['ADEVICE stdin null', 'ARATE 48000', 'CHANNEL 0', 'MYCALL N0CALL', 'MODEM 1200']
  writeFileSync(config, [...lines, 'PTT NONE', 'AGWPORT 0', `KISSPORT ${PORT}`, ''].join('\n'))
  return spawn('direwolf', ['-t', '0', '-c', config], { stdio: ['pipe', 'ignore', 'ignore'] })
}

function pause(ms: number): Promise<void> {
  return systemClock.until(systemClock.now() + ms, NEVER)
}
