/** `downpour cfdp send`: sends files over UDP, and waits until the other end has them. */
import { systemClock } from '../../hal/system-clock.ts'
import { CONDITION, conditionName } from '../../protocol/cfdp/condition.ts'
import type { Indication } from '../../protocol/cfdp/entity/indications.ts'
import { type Command, type Options, readCommandLine, text, UsageError } from '../options.ts'
import { started } from '../start.ts'
import { openEnd, untilTold } from './end.ts'
import { filesToSend, priorities } from './files.ts'
import { filestoreRequests, responseText } from './filestore-option.ts'
import { ENTITY_OPTIONS, peerPlace, remoteOf, SENDING_OPTIONS } from './options.ts'
import { showProgress } from './progress.ts'
import { PUT_OPTIONS, putOf } from './put-options.ts'
import { StandardInput } from './standard-input.ts'

type Finished = Extract<Indication, { kind: 'transaction-finished' }>

export async function send(args: readonly string[]): Promise<number> {
  const given = readCommandLine(COMMAND, args)
  if (given === undefined) return 0
  const { values } = given
  const { to } = values
  if (to === undefined) throw new UsageError('Cannot send: --to HOST:PORT is missing')
  const requests = values['filestore-request']
  if (given.operands.length === 0 && requests.length === 0)
    throw new UsageError('Cannot send: neither a file nor a --filestore-request is there')
  const isInput = given.operands[0] === '-' && given.operands.length === 1
  if (isInput && values.name === undefined)
    throw new UsageError('Cannot send standard input: --name TEXT is missing')
  const files = isInput ? [] : filesToSend(given.operands, values.priority)
  if (files.length > 1 && requests.length > 0)
    throw new UsageError('Cannot send a --filestore-request with several files: send it with one')
  const more = { ...putOf(values), options: requests }
  if (values.name !== undefined && files.length > 1)
    throw new UsageError('Cannot send several files under one --name')
  const remote = remoteOf(values, values)
  let code = 0
  const run = async (): Promise<void> => {
    const ended: Finished[] = []
    const end = untilTold()
    const input = isInput ? await StandardInput.open() : undefined
    const { entity, peer } = await openEnd({
      values,
      remote,
      to,
      archive: undefined,
      ...(input === undefined ? {} : { growth: () => input.growth() }),
      tell: indication => {
        if (indication.kind === 'transaction-finished') ended.push(indication)
        else if ('why' in indication && indication.why !== undefined)
          process.stderr.write(`downpour: ${indication.why}\n`)
      },
    })
    for (const [token, { path, name, priority }] of files.entries()) {
      const names = { sourceName: name, destinationName: values.name ?? name }
      const request = { destination: values.peer, file: path, priority, ...names, ...more }
      peer.post({ kind: 'put', token, request })
    }
    if (input !== undefined) {
      const names = { sourceName: values.name ?? '', file: input.path }
      const request = { destination: values.peer, ...names, unbounded: true, ...more }
      peer.post({ kind: 'put', token: 0, request })
    }
    if (given.operands.length === 0)
      peer.post({ kind: 'put', token: 0, request: { destination: values.peer, ...more } })
    const octets = files.reduce((sum, file) => sum + file.octets, 0)
    const watch = showProgress(entity, octets, end.signal)
    void whenAllAreOut(() => entity.load, end)
    await peer.run(end.signal)
    await watch
    await input?.close()
    const failed = ended.filter(({ condition }) => condition !== CONDITION.noError)
    if (failed.length > 0 || ended.length < Math.max(1, files.length)) code = FAILED
    if (tellResponses(ended, values.json)) code = FAILED
    for (const { condition } of failed)
      process.stderr.write(`downpour: not delivered: ${conditionName(condition)}\n`)
    if (failed.length > 0 && entity.heardOf(values.peer) === 0) {
      process.stderr.write(`downpour: nobody answers at ${to.host ?? '127.0.0.1'}:${to.port}\n`)
      if (failed.every(({ condition }) => SILENT.includes(condition))) code = NOBODY
    }
  }
  const broken = await started(run())
  return broken === 0 ? code : broken
}

/** Ends the run when nothing is queued or under way any more. */
async function whenAllAreOut(
  load: () => { readonly queued: number; readonly sending: number },
  end: AbortController,
): Promise<void> {
  do await systemClock.until(systemClock.now() + LOOK_MS, end.signal)
  while (!end.signal.aborted && load().queued + load().sending > 0)
  end.abort()
}

/** Answers whether a filestore request was not executed. */
function tellResponses(ended: readonly Finished[], json: boolean): boolean {
  const responses = ended.flatMap(({ filestoreResponses }) => filestoreResponses)
  if (!json) for (const response of responses) process.stdout.write(`${responseText(response)}\n`)
  return responses.some(({ status }) => status !== 0)
}

/** How a transaction ends to which nobody said a word. */
const SILENT: readonly number[] = [
  CONDITION.positiveAckLimitReached,
  CONDITION.checkLimitReached,
  CONDITION.inactivityDetected,
]
const FAILED = 1
const NOBODY = 3
const LOOK_MS = 20

const COMMAND = {
  synopsis: 'downpour cfdp send FILE|FOLDER...|- --to HOST:PORT [options]',
  about:
    'Sends files, and those in folders, to a CFDP entity over UDP, and waits until it has them.',
  options: {
    to: peerPlace('where the other entity listens'),
    name: text('what the file is called there; unless told, as here'),
    priority: priorities('which files go first: 0 does, 255 last; * is any text', '100'),
    ...PUT_OPTIONS,
    'filestore-request': filestoreRequests(
      'what is done there once the file is there; may be typed again, and is done in that order',
    ),
    ...SENDING_OPTIONS,
    ...ENTITY_OPTIONS,
  },
  operands: [0, 10_000],
  notes: [
    'Up to 10,064 files at a time, 64 of them under way. --priority alarm*=0,*.raw=200 sends alarms first and images',
    'last. Hidden files of a folder stay here. - is standard input, sent as it comes, for which --name is needed.',
    '',
    "--filestore-request 'create NAME', and so on: delete, rename OLD NEW, append FILE OTHER, replace FILE OTHER, mkdir,",
    'rmdir, deny, deny-dir; with one file, or without any. After one that fails the rest are not performed.',
    '',
    'Exit codes: 0 delivered (class 1 without --closure: sent); 1 failed, and it is told why; 2 the command line',
    'is wrong; 3 nobody answers.',
  ].join('\n'),
} satisfies Command<Options>
