/** `downpour cfdp receive` and `downpour cfdp serve`: files that come over UDP. */
import { Archive } from '../../hal/files/archive.ts'
import { Filestore } from '../../hal/files/filestore.ts'
import { Outbox, type OutboxFile, wholeFiles } from '../../hal/files/outbox.ts'
import { removeIfSame } from '../../hal/files/source-identity.ts'
import { systemClock } from '../../hal/system-clock.ts'
import { CONDITION, conditionName } from '../../protocol/cfdp/condition.ts'
import type { Indication } from '../../protocol/cfdp/entity/indications.ts'
import type { Operation } from '../../protocol/cfdp/user/operations.ts'
import {
  type Command,
  count,
  duration,
  flag,
  type Options,
  path,
  readCommandLine,
  UsageError,
} from '../options.ts'
import { started } from '../start.ts'
import { tellCounts, tellCountsEvery } from './counts.ts'
import { type End, idText, openEnd, untilTold } from './end.ts'
import {
  ALLOWING_OPTIONS,
  ENTITY_OPTIONS,
  peerPlace,
  remoteOf,
  SENDING_OPTIONS,
} from './options.ts'

type Finished = Extract<Indication, { kind: 'transaction-finished' }>

export async function receive(args: readonly string[]): Promise<number> {
  const given = readCommandLine(RECEIVE, args)
  if (given === undefined) return 0
  const { values } = given
  if (values.dir === undefined) throw new UsageError('Cannot receive: --dir PATH is missing')
  const { dir } = values
  const remote = remoteOf(values)
  let failed = 0
  const run = async (): Promise<void> => {
    const end = untilTold()
    const archive = await Archive.open(dir)
    let ended = 0
    const { entity, peer, socket } = await openEnd({
      values,
      remote,
      to: values.to,
      archive,
      tell: indication => {
        if (indication.kind !== 'transaction-finished') return
        ended += 1
        if (indication.condition !== CONDITION.noError) failed += 1
        tellEnd(indication, values.json)
      },
    })
    sayWhere(socket.localPort, values.json)
    // The last file's sender hears of its end before this end is gone.
    const isDone = () => ended >= values.count && entity.load.receiving === 0
    if (values.count > 0) void abortWhen(isDone, end)
    await peer.run(end.signal)
    await archive.close()
  }
  const broken = await started(run())
  return broken === 0 && failed > 0 ? 1 : broken
}

export async function serve(args: readonly string[]): Promise<number> {
  const given = readCommandLine(SERVE, args)
  if (given === undefined) return 0
  const { values } = given
  if (values.dir === undefined) throw new UsageError('Cannot serve: --dir PATH is missing')
  if (values.outbox !== undefined && values.to === undefined)
    throw new UsageError('Cannot send from --outbox: --to HOST:PORT is missing')
  const { dir } = values
  const { allow = NOTHING_ALLOWED } = values
  const filestore = allow.filestore ? 'performed' : 'refused'
  const remote = remoteOf(values, values, filestore)
  const others = values.other.map(({ entity: peer, place }) => ({
    remote: remoteOf({ ...values, peer }, values),
    place,
  }))
  return started(
    (async () => {
      const end = untilTold()
      const archive = await Archive.open(dir)
      const outbox = values.outbox === undefined ? undefined : new Outbox(values.outbox)
      /** Files of the outbox by token, then by transaction. */
      const files = new Map<number | string, OutboxFile>()
      const { entity, peer, socket } = await openEnd({
        values,
        remote,
        others,
        to: values.to,
        archive,
        filestore: values.allow === undefined ? undefined : await Filestore.open(dir),
        operations: { allowed: new Map([[values.peer, allow.operations]]) },
        tell: indication => {
          if (indication.kind === 'transaction') {
            const file = files.get(indication.token)
            files.delete(indication.token)
            if (file !== undefined) files.set(idText(indication.id), file)
          }
          if (indication.kind !== 'transaction-finished') return
          const file = files.get(idText(indication.id))
          files.delete(idText(indication.id))
          const isSafe = indication.condition === CONDITION.noError && indication.finished?.complete
          if (values.remove && file !== undefined && isSafe === true) void letGo(file, outbox)
          tellEnd(indication, values.json)
        },
      })
      sayWhere(socket.localPort, values.json)
      if (outbox !== undefined) void offer({ outbox, files, peer, to: values.peer }, end.signal)
      void tellCountsEvery(values.report, entity, values.json, end.signal)
      await peer.run(end.signal)
      tellCounts(entity, values.json)
      await archive.close()
    })(),
  )
}

interface Offering {
  readonly outbox: Outbox
  readonly files: Map<number | string, OutboxFile>
  readonly peer: End['peer']
  readonly to: number
}

async function offer({ outbox, files, peer, to }: Offering, signal: AbortSignal): Promise<void> {
  let token = 0
  for await (const whole of wholeFiles(outbox, systemClock, SCAN_MS, signal))
    for (const one of whole) {
      const { name, path: file } = one
      token += 1
      files.set(token, one)
      const request = { destination: to, file, sourceName: name, destinationName: name }
      peer.post({ kind: 'put', token, request })
    }
}

/** The other end has it. What took its place meanwhile, or takes it now, is another file. */
async function letGo({ name, path: file, identity }: OutboxFile, outbox?: Outbox): Promise<void> {
  await removeIfSame(file, identity).catch(() => undefined)
  outbox?.forget(name)
}

function tellEnd({ id, condition, path: place }: Finished, json: boolean): void {
  if (json) return
  const what = place ?? (condition === CONDITION.noError ? 'done' : conditionName(condition))
  process.stdout.write(`${idText(id)} ${what}\n`)
}

function sayWhere(port: number, json: boolean): void {
  if (json) process.stdout.write(`${JSON.stringify({ event: 'listening', port })}\n`)
  else process.stderr.write(`listening on UDP port ${port}\n`)
}

async function abortWhen(isDone: () => boolean, end: AbortController): Promise<void> {
  while (!end.signal.aborted && !isDone())
    await systemClock.until(systemClock.now() + LOOK_MS, end.signal)
  end.abort()
}

const NOTHING_ALLOWED = { filestore: false, operations: new Set<Operation>() }
const LOOK_MS = 20
const SCAN_MS = 1_000

const WAY = {
  dir: path(
    'received files come here, under the names that they were sent with; nothing is overwritten',
  ),
  to: peerPlace('where the other entity listens; unless told, where it spoke from last'),
}

const RECEIVE = {
  synopsis: 'downpour cfdp receive --dir PATH [options]',
  about: 'Receives files from a CFDP entity over UDP.',
  options: {
    ...WAY,
    count: count('ends after so many transactions; 0: when it is told to', '0'),
    ...ENTITY_OPTIONS,
  },
  notes: 'Exit codes: 0 all of them arrived whole; 1 one did not; 2 the command line is wrong.',
} satisfies Command<Options>

const SERVE = {
  synopsis: 'downpour cfdp serve --dir PATH [--outbox PATH --to HOST:PORT] [options]',
  about:
    'Receives files from a CFDP entity over UDP, and sends it those that are put into a folder.',
  options: {
    ...WAY,
    outbox: path('files that are whole in this folder are sent'),
    remove: flag('and removed when the other end has said that it has them'),
    ...ALLOWING_OPTIONS,
    report: duration('what was counted is told so often; 0: only at the end', '0s'),
    ...SENDING_OPTIONS,
    ...ENTITY_OPTIONS,
  },
  notes: [
    'Files that are asked for, and filestore requests, are those of --dir: names lead nowhere out of it, and nothing is',
    'allowed unless --allow names it.',
    '',
    'Runs until SIGTERM or SIGINT. Exit codes: 0; 2 the command line is wrong.',
  ].join('\n'),
} satisfies Command<Options>
