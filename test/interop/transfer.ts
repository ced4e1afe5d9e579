/** One file between Downpour and another entity, over a relay, and what came of it at both ends. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CfdpPeer } from '../../hal/cfdp-peer.ts'
import { unless } from '../../hal/file-error.ts'
import { Archive } from '../../hal/files/archive.ts'
import { systemClock } from '../../hal/system-clock.ts'
import { UdpSocket } from '../../hal/udp.ts'
import { CHECKSUM } from '../../protocol/cfdp/checksum.ts'
import { conditionName } from '../../protocol/cfdp/condition.ts'
import type { Indication } from '../../protocol/cfdp/entity/indications.ts'
import { CfdpEntity } from '../../protocol/cfdp/entity.ts'
import type { TransactionId } from '../../protocol/cfdp/pdu/pdu.ts'
import { type Quirks, remoteEntity } from '../../protocol/cfdp/remote.ts'
import { Random } from '../kit/random.ts'
import { type Harm, NO_HARM, Relay } from './relay.ts'

/** The other entity, 2, as a process that is told what to do case by case. */
export interface Peer {
  readonly name: string
  readonly quirks: Quirks
  /** Where it listens. */
  readonly port: number
  /** Where it sends to, if it cannot be told. */
  readonly sendsTo?: number
  /** Nothing of the case before is left. */
  begin(wish: Readonly<Record<string, unknown>>): Promise<void>
  send(file: string, name: string): void
  /** How a file is to be named that is to be at `path` when it was received; others come to a place of the peer. */
  nameFor(path: string): string
  received(path: string): string
  /** How its end of the transaction ended; undefined: not in time. */
  ended(ms: number): Promise<string | undefined>
  /** Exceptions of it, and faults that it declared. */
  readonly troubles: readonly string[]
}

export interface Case {
  readonly from: 'downpour' | 'peer'
  readonly octets: number
  readonly class: 1 | 2
  readonly closure?: boolean
  readonly checksum?: 'crc32c' | 'crc32' | 'modular' | 'null'
  readonly crc?: boolean
  readonly segment?: number
  /** NAKs as soon as something is seen to be missing; else after EOF. */
  readonly immediate?: boolean
  readonly harm?: Harm
  /** When both ends are done, every PDU comes once more. */
  readonly replay?: boolean
  /** Downpour cancels in the middle. */
  readonly cancel?: boolean
}

export interface Outcome {
  /** Whether the receiver has the file, octet for octet. */
  readonly isSame: boolean
  /** How it ended there: 'no error', the name of a condition, or 'silence'. */
  readonly downpour: string
  readonly peer: string
  readonly troubles: readonly string[]
  readonly ms: number
  readonly lost: number
}

/** `folder` is this case's alone; it waits at most `ms` for both ends, a little for the second. */
export async function transfer(
  one: Case,
  peer: Peer,
  folder: string,
  ms: number,
): Promise<Outcome> {
  const way = { closure: false, checksum: 'crc32', crc: false, segment: 1_000, immediate: true }
  const {
    from,
    octets,
    class: grade,
    harm = NO_HARM,
    replay,
    cancel,
    ...chosen
  } = { ...way, ...one }
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const file = new Random(octets + harm.seed).octets(octets)
  const source = join(folder, 'source.bin')
  writeFileSync(source, file)
  const relay = await Relay.open(harm, peer.sendsTo)
  const socket = await UdpSocket.open({ host: HOST, port: 0 })
  relay.carry({ host: HOST, port: socket.localPort }, { host: HOST, port: peer.port })
  await peer.begin({ to: [HOST, relay.farPort], entity: 2, peer: 1, class: grade, ...chosen })
  const ours = await open({ socket, relay, folder, grade, quirks: peer.quirks, ...chosen })
  const begun = systemClock.now()
  const target = join(folder, 'received', 'file.bin')
  mkdirSync(join(folder, 'received'), { recursive: true })
  if (from === 'downpour')
    ours.peer.post({
      kind: 'put',
      token: 1,
      request: {
        destination: 2,
        file: source,
        sourceName: 'source.bin',
        destinationName: peer.nameFor(target),
      },
    })
  else peer.send(source, 'file.bin')
  const expectsEnd = from === 'peer' || grade === 2 || chosen.closure
  const theirs = peer.ended(ms)
  const waiting = new AbortController()
  if (cancel === true) await ours.cancelAfter(() => relay.counters.carried > 10)
  await Promise.race([ours.finished, systemClock.until(begun + ms, waiting.signal)])
  waiting.abort()
  const said = await theirs
  const took = systemClock.now() - begun
  // A last word that was lost has time to be asked for.
  const isLate = harm.first !== undefined || replay === true
  if (replay === true) await relay.replay()
  if (isLate) {
    await systemClock.until(systemClock.now() + LATE_MS, NEVER.signal)
  }
  ours.end.abort()
  await ours.run
  await relay.close()
  const received = await unless(
    'ENOENT',
    readLater(from === 'peer' ? target : peer.received(target)),
  )
  return {
    isSame: received !== undefined && Buffer.compare(received, file) === 0,
    downpour: ours.said() ?? (expectsEnd ? 'silence' : 'no error'),
    peer: said ?? 'silence',
    troubles: peer.troubles,
    ms: took,
    lost: relay.counters.lost,
  }
}

interface Plan {
  readonly socket: UdpSocket
  readonly relay: Relay
  readonly folder: string
  readonly grade: 1 | 2
  readonly closure: boolean
  readonly checksum: string
  readonly crc: boolean
  readonly segment: number
  readonly immediate: boolean
  readonly quirks: Quirks
}

async function open(plan: Plan) {
  const { socket, relay, folder, grade, closure, checksum, crc, segment, immediate } = plan
  const usual = remoteEntity({ entity: 2 })
  const ack = { timeoutMs: 300, triesMax: 6 }
  const remote = remoteEntity({
    entity: 2,
    sequenceOctets: 2,
    acknowledged: grade === 2,
    closureRequested: closure,
    checksumType: CHECKSUM[checksum as 'crc32'],
    pduCrc: crc,
    segmentOctetsMax: segment,
    quirks: plan.quirks,
    sending: { ack },
    receiving: {
      ...usual.receiving,
      ack,
      nak: { timeoutMs: 300, triesMax: 8 },
      nakMode: immediate ? 'immediate' : 'deferred',
      reorderMs: 20,
    },
  })
  const settings = { entity: 1, remotes: [remote], firstSequence: 0 }
  const entity = new CfdpEntity(settings, systemClock.now())
  const archive = await Archive.open(join(folder, 'received'))
  let ended: Extract<Indication, { kind: 'transaction-finished' }> | undefined
  let id: TransactionId | undefined
  let tellEnd = (): void => {}
  const finished = new Promise<void>(resolve => {
    tellEnd = resolve
  })
  const peer = new CfdpPeer({
    entity,
    socket,
    addresses: new Map([[2, { host: HOST, port: relay.nearPort }]]),
    archive,
    numbers: join(folder, '..', 'numbers'),
    rateBps: 20e6,
    clock: systemClock,
    tell: indication => {
      if ('id' in indication) id = indication.id
      if (indication.kind !== 'transaction-finished') return
      ended = indication
      tellEnd()
    },
  })
  const end = new AbortController()
  const run = peer.run(end.signal).then(() => archive.close())
  const said = () => (ended === undefined ? undefined : conditionName(ended.condition))
  const cancelAfter = async (isTime: () => boolean): Promise<void> => {
    const isEarly = () => !isTime() || id === undefined
    const hasEnded = () => ended !== undefined
    while (isEarly() && !hasEnded()) await systemClock.until(systemClock.now() + 1, end.signal)
    if (id !== undefined) peer.post({ kind: 'cancel', id })
  }
  return { peer, run, end, finished, said, cancelAfter }
}

async function readLater(path: string): Promise<Uint8Array> {
  return readFileSync(path)
}

const HOST = '127.0.0.1'
const NEVER = new AbortController()
const LATE_MS = 700
