/** `downpour modem emulate`: two modems of a kind on this computer, and the air between them. */
import { type EmulatedEnd, runEmulated } from '../../hal/modems/emulated.ts'
import { isMisbehaviour, MISBEHAVIOURS, type Misbehaviour } from '../../hal/modems/emulator.ts'
import { type EmulatedKind, emulatorOf, RADIO_BASE } from '../../hal/modems/emulators.ts'
import { isKind, KINDS, type Kind } from '../../hal/modems/kinds.ts'
import { Mischief } from '../../hal/modems/mischief.ts'
import { PtyLine } from '../../hal/modems/pty-line.ts'
import { COMMANDS } from '../../hal/modems/txs/emulator.ts'
import { udpPair } from '../../hal/modems/udp-line.ts'
import { systemClock } from '../../hal/system-clock.ts'
import { TcpModem } from '../../hal/tcp-modem.ts'
import {
  bitRate,
  type Command,
  count,
  flag,
  type Options,
  readCommandLine,
  UsageError,
  valued,
} from '../options.ts'

const misbehaviours = valued('KIND,...', typed => {
  const names = typed.split(',')
  const wrong = names.find(name => !isMisbehaviour(name))
  if (wrong === undefined) return names as Misbehaviour[]
  throw new UsageError(`"${wrong}": one of ${MISBEHAVIOURS.join(', ')} is needed`)
})

export async function emulate(args: readonly string[]): Promise<number> {
  const given = readCommandLine(COMMAND, args)
  if (given === undefined) return 0
  const [name = ''] = given.operands
  const kind = emulated(name)
  const { misbehave = [], seed, rate, pty } = given.values
  for (const one of misbehave)
    if (KINDS[kind].misbehaviours.every(known => known !== one))
      throw new UsageError(
        `Cannot make ${kind} do ${one}: it knows ${KINDS[kind].misbehaviours.join(', ')}`,
      )
  const air = { rateBps: rate, aroundOctets: 0, gapMs: 0 }
  const open = async (address: 1 | 2) => {
    const mischief = new Mischief(misbehave, seed + address - 1)
    const modem = await emulatorOf(kind, { air, mischief, address })
    const port = given.values.listen === 0 ? 0 : given.values.listen + address - 1
    const { line, where } = await lineOf(kind, port, pty)
    const end: EmulatedEnd = { modem, line }
    return { end, config: { kind, ...where, ...keysOf(kind, address) } }
  }
  const [onboard, station] = await Promise.all([open(1), open(2)])
  const ending = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => ending.abort())
  print({ onboard: onboard.config, station: station.config })
  await runEmulated([onboard.end, station.end], systemClock, ending.signal)
  print({ onboard: onboard.end.modem.counters, station: station.end.modem.counters })
  return 0
}

function print(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`)
}

function emulated(name: string): EmulatedKind {
  const known = Object.entries<Kind>(KINDS).filter(([, kind]) => kind.misbehaviours !== undefined)
  if (isKind(name) && name !== 'serial' && name !== 'tcp') return name
  throw new UsageError(
    `Cannot emulate "${name}": one of ${known.map(([kind]) => kind).join(', ')} is needed`,
  )
}

/** What a modem needs in its configuration beside its line, to talk to the other one. */
function keysOf(kind: EmulatedKind, address: number): Readonly<Record<string, number>> {
  const both = { address, peerAddress: 3 - address }
  if (kind === 'csp') return { ...both, radioAddress: RADIO_BASE + address }
  if (kind === 'txs') return TXS_KEYS
  return kind === 'openlst' ? both : {}
}

async function lineOf(kind: EmulatedKind, port: number, pty: boolean) {
  if (KINDS[kind].line === 'udp') {
    if (pty) throw new UsageError(`Cannot put ${kind} on a pseudo-terminal: it takes datagrams`)
    const { line, listen } = await udpPair(HOST, port)
    return { line, where: { host: HOST, port: line.localPort, listen } }
  }
  if (pty) {
    const line = await PtyLine.open(systemClock)
    if (line === undefined)
      throw new UsageError('Cannot open a pseudo-terminal: there are none here')
    return { line, where: { path: line.path } }
  }
  const line = await TcpModem.open({ listen: port, host: HOST }, systemClock)
  return { line, where: { host: HOST, port: line.localPort } }
}

const HOST = '127.0.0.1'
/** Of the emulator: those of the modem itself are in its interface document. */
const TXS_KEYS = {
  address: 17,
  sendCommand: COMMANDS.send,
  stateCommand: COMMANDS.state,
  housekeepingCommand: COMMANDS.housekeeping,
}
const COMMAND = {
  synopsis: 'downpour modem emulate KIND [options]',
  about: [
    'Is two modems of a kind and the air between them, on this computer. Prints one line of JSON when both are ready,',
    '{"onboard": {...}, "station": {...}}: each is what `modem` is in a configuration. Ends on SIGTERM, and prints',
    'what both went through.',
  ].join('\n'),
  options: {
    listen: count('TCP or UDP port of the first, the second on the next one; 0: free ones', '0'),
    pty: flag('on pseudo-terminals'),
    rate: bitRate('of the air', '9600'),
    misbehave: misbehaviours('what they do wrong'),
    seed: count('the same wrong at the same octets', '1'),
  },
  operands: [1, 1],
  notes: `KIND as \`downpour modem ls\` shows them. Misbehaviours: ${MISBEHAVIOURS.join(', ')}.`,
} satisfies Command<Options>
