/** One end of a transfer over UDP, opened as the command line says, and what its user is told. */
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Growth } from '../../hal/cfdp-peer/source-reader.ts'
import { CfdpPeer } from '../../hal/cfdp-peer.ts'
import type { Archive } from '../../hal/files/archive.ts'
import { systemClock } from '../../hal/system-clock.ts'
import { type Address, addressOf, UdpSocket } from '../../hal/udp.ts'
import { conditionName } from '../../protocol/cfdp/condition.ts'
import type { Indication } from '../../protocol/cfdp/entity/indications.ts'
import { CfdpEntity } from '../../protocol/cfdp/entity.ts'
import type { TransactionId } from '../../protocol/cfdp/pdu/pdu.ts'
import { TLV } from '../../protocol/cfdp/pdu/tlv.ts'
import type { RemoteEntity } from '../../protocol/cfdp/remote.ts'
import type { Given } from '../options.ts'
import { type ENTITY_OPTIONS, listeningPlace, type Place } from './options.ts'

export interface End {
  readonly entity: CfdpEntity
  readonly peer: CfdpPeer
  readonly socket: UdpSocket
}

export interface EndPlan {
  readonly values: Given<typeof ENTITY_OPTIONS>['values']
  readonly remote: RemoteEntity
  readonly to: Place | undefined
  readonly archive: Archive | undefined
  /** How far unbounded files are. */
  readonly growth?: Growth
  readonly tell: (indication: Indication) => void
}

/** Rejects if the port is taken, or the other end's host is not known. */
export async function openEnd(plan: EndPlan): Promise<End> {
  const { values, remote, to, archive, growth, tell } = plan
  const address = to === undefined ? undefined : await addressOf(to.host ?? '127.0.0.1', to.port)
  const host = listeningPlace(values.udp, address)
  const socket = await UdpSocket.open({ host, port: values.udp.port })
  const entity = new CfdpEntity(
    { entity: values.entity, remotes: [remote], firstSequence: 0 },
    systemClock.now(),
  )
  const addresses = new Map<number, Address>()
  if (address !== undefined) addresses.set(values.peer, address)
  const peer = new CfdpPeer({
    entity,
    socket,
    addresses,
    archive,
    ...(growth === undefined ? {} : { growth }),
    numbers: values.state ?? numbersFolder(values.entity),
    rateBps: values.rate,
    clock: systemClock,
    tell: indication => {
      if (values.json) process.stdout.write(`${JSON.stringify(lineOf(indication))}\n`)
      tell(indication)
    },
  })
  return { entity, peer, socket }
}

export function idText({ source, sequence }: TransactionId): string {
  return `${source}-${sequence}`
}

/** Aborts when the process is told to end. */
export function untilTold(): AbortController {
  const end = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => end.abort())
  return end
}

/** An indication with its names as text and its conditions as words. */
function lineOf(indication: Indication): Readonly<Record<string, unknown>> {
  const { kind: event, ...rest } = indication
  const transaction = 'id' in indication ? idText(indication.id) : undefined
  const line: Record<string, unknown> = { event, ...rest, id: undefined, transaction }
  if ('condition' in indication) line['condition'] = conditionName(indication.condition)
  if (indication.kind === 'metadata-recv') {
    const { sourceName, destinationName, fileSize, options } = indication.metadata
    const text = new TextDecoder()
    line['metadata'] = undefined
    line['sourceName'] = text.decode(sourceName)
    line['destinationName'] = text.decode(destinationName)
    line['octets'] = Number(fileSize)
    const messages = options.filter(({ type }) => type === TLV.messageToUser)
    if (messages.length > 0) line['messages'] = messages.map(({ value }) => text.decode(value))
  }
  if (indication.kind === 'transaction-finished') {
    line['finished'] = undefined
    line['complete'] = indication.finished?.complete
  }
  return line
}

function numbersFolder(entity: number): string {
  const base = process.env['XDG_STATE_HOME'] ?? join(homedir(), '.local', 'state')
  return join(base, 'downpour', `cfdp-${entity}`)
}
