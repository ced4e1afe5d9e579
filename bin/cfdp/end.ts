/** One end of a transfer over UDP, opened as the command line says, and what its user is told. */
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Growth } from '../../hal/cfdp-peer/source-reader.ts'
import { CfdpPeer } from '../../hal/cfdp-peer.ts'
import type { Archive } from '../../hal/files/archive.ts'
import type { Filestore } from '../../hal/files/filestore.ts'
import { systemClock } from '../../hal/system-clock.ts'
import { type Address, addressOf, UdpSocket } from '../../hal/udp.ts'
import { conditionName } from '../../protocol/cfdp/condition.ts'
import type { Indication } from '../../protocol/cfdp/entity/indications.ts'
import { CfdpEntity } from '../../protocol/cfdp/entity.ts'
import type { TransactionId } from '../../protocol/cfdp/pdu/pdu.ts'
import { TLV } from '../../protocol/cfdp/pdu/tlv.ts'
import type { RemoteEntity } from '../../protocol/cfdp/remote.ts'
import type { UserIndication, UserSettings } from '../../protocol/cfdp/user/operations.ts'
import type { Unsigned } from '../../protocol/octets/reader.ts'
import type { Given } from '../options.ts'
import { describeResponse } from './filestore-option.ts'
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
  /** Undefined: no filestore request is executed, and no file is put that somebody asks for. */
  readonly filestore?: Filestore | undefined
  /** Entities that are known besides, and where they listen. */
  readonly others?: readonly { readonly remote: RemoteEntity; readonly place: Place }[]
  readonly operations?: UserSettings
  readonly tellOperation?: (indication: UserIndication) => void
}

/** Rejects if the port is taken, or the other end's host is not known. */
export async function openEnd(plan: EndPlan): Promise<End> {
  const { values, remote, to, growth, others = [] } = plan
  const address = to === undefined ? undefined : await addressOf(to.host ?? '127.0.0.1', to.port)
  const host = listeningPlace(values.udp, address)
  const socket = await UdpSocket.open({ host, port: values.udp.port })
  const entity = new CfdpEntity(
    {
      entity: values.entity,
      remotes: [remote, ...others.map(other => other.remote)],
      firstSequence: 0,
    },
    systemClock.now(),
  )
  const addresses = new Map<Unsigned, Address>()
  for (const { remote: other, place } of others)
    addresses.set(other.entity, await addressOf(place.host ?? '127.0.0.1', place.port))
  if (address !== undefined) addresses.set(values.peer, address)
  const peer = new CfdpPeer({
    entity,
    socket,
    addresses,
    archive: plan.archive,
    ...(growth === undefined ? {} : { growth }),
    filestore: plan.filestore,
    operations: plan.operations,
    numbers: values.state ?? numbersFolder(values.entity),
    rateBps: values.rate,
    clock: systemClock,
    tell: indication => {
      if (values.json) process.stdout.write(`${JSON.stringify(lineOf(indication))}\n`)
      plan.tell(indication)
    },
    tellOperation: indication => {
      if (values.json) process.stdout.write(`${JSON.stringify(operationLine(indication))}\n`)
      plan.tellOperation?.(indication)
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
    line['filestoreResponses'] = indication.filestoreResponses.map(describeResponse)
    line['complete'] = indication.finished?.complete
  }
  return line
}

/** What became of an operation, or who asks for one. */
function operationLine(indication: UserIndication): Readonly<Record<string, unknown>> {
  if (indication.kind === 'failed') return { event: 'operation-failed', why: indication.why }
  if (indication.kind === 'asked') {
    const { from, id, operation, refused } = indication
    return { event: 'operation-asked', from, transaction: idText(id), operation, refused }
  }
  const { kind: operation, ...answer } = indication.answer
  const line: Record<string, unknown> = { event: 'operation-answered', operation, ...answer }
  if (indication.answer.kind === 'proxy put') {
    line['condition'] = conditionName(indication.answer.condition)
    line['filestoreResponses'] = indication.answer.filestoreResponses.map(describeResponse)
  }
  return line
}

function numbersFolder(entity: number): string {
  const base = process.env['XDG_STATE_HOME'] ?? join(homedir(), '.local', 'state')
  return join(base, 'downpour', `cfdp-${entity}`)
}
