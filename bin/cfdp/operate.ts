/**
 * `downpour cfdp get`, `ls`, `suspend`, `resume` and `status`: what another entity's user is asked for, over UDP, and
 * its answer. CCSDS 727.0-B-5, clause 6.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { Archive } from '../../hal/files/archive.ts'
import { systemClock } from '../../hal/system-clock.ts'
import type { CfdpEntity } from '../../protocol/cfdp/entity.ts'
import type { TransactionId } from '../../protocol/cfdp/pdu/pdu.ts'
import type { OperationRequest } from '../../protocol/cfdp/user/operations.ts'
import { unsigned } from '../../protocol/octets/reader.ts'
import {
  duration,
  type Given,
  path,
  readCommandLine,
  text,
  UsageError,
  valued,
} from '../options.ts'
import { started } from '../start.ts'
import { type Told, tellAnswer } from './answer-text.ts'
import { openEnd, untilTold } from './end.ts'
import { ENTITY_OPTIONS, peerPlace, remoteOf } from './options.ts'

export const OPERATING = ['get', 'ls', 'suspend', 'resume', 'status'] as const

export type Operating = (typeof OPERATING)[number]

export async function operate(name: Operating, args: readonly string[]): Promise<number> {
  const { operands, about } = COMMANDS[name]
  const synopsis = `downpour cfdp ${name} ENTITY ${operands} --to HOST:PORT [options]`
  const command = { synopsis, about, options: ASKING, operands: [2, 2], notes: NOTES } as const
  if (name !== 'get') {
    const given = readCommandLine(command, args)
    return given === undefined ? 0 : ask(name, given.values, given.operands)
  }
  const given = readCommandLine({ ...command, options: { ...GETTING, ...ASKING } }, args)
  if (given === undefined) return 0
  const { values } = given
  return ask(name, values, given.operands, values)
}

async function ask(
  name: Operating,
  typed: Asking,
  [whom = '', what = '']: readonly string[],
  getting?: Getting,
): Promise<number> {
  const { to } = typed
  if (to === undefined) throw new UsageError('Cannot ask: --to HOST:PORT is missing')
  const values = { ...typed, peer: readEntity(whom) }
  const request = requestOf(name, what, { ...getting, ...values })
  const remote = remoteOf(values)
  let code = 0
  const run = async (): Promise<void> => {
    const end = untilTold()
    // Lists and reports come as files, and are shown instead of kept.
    const folder = getting?.dir ?? (await mkdtemp(join(tmpdir(), 'downpour-')))
    const archive = await Archive.open(folder)
    let told: Told | undefined
    const { entity, peer } = await openEnd({
      values,
      remote,
      to,
      archive,
      operations: { limits: { answerMs: values.wait } },
      tell: indication => {
        const file = indication.kind === 'transaction-finished' ? indication.path : undefined
        if (name === 'get' && !values.json && file !== undefined) process.stdout.write(`${file}\n`)
      },
      tellOperation: indication => {
        if (indication.kind !== 'asked') told = indication
      },
    })
    peer.post(request)
    void whenAnswered(() => told !== undefined && isIdle(entity), end)
    await peer.run(end.signal)
    await archive.close()
    code = await tellAnswer(told, what, values.json)
    if (code !== 0 && entity.heardOf(values.peer) === 0) {
      process.stderr.write(`downpour: nobody answers at ${to.host ?? '127.0.0.1'}:${to.port}\n`)
      code = NOBODY
    }
    if (name !== 'get') await rm(folder, { recursive: true, force: true })
  }
  const broken = await started(run())
  return broken === 0 ? code : broken
}

function requestOf(
  name: Operating,
  what: string,
  values: Pick<Asking, 'peer' | 'entity'> & Partial<Getting>,
): OperationRequest {
  const asking = { token: 0, to: values.peer }
  switch (name) {
    case 'get': {
      const destinationName = values.name ?? basename(what)
      const put = { destination: values.for ?? values.entity, sourceName: what, destinationName }
      return { kind: 'proxy put', ...asking, put }
    }
    case 'ls':
      return { kind: 'list directory', ...asking, directory: what, file: 'listing' }
    case 'suspend':
      return { kind: 'remote suspend', ...asking, id: readId(what) }
    case 'resume':
      return { kind: 'remote resume', ...asking, id: readId(what) }
    case 'status':
      return { kind: 'remote status', ...asking, id: readId(what), file: 'report' }
  }
  return name satisfies never
}

function readEntity(typed: string): number {
  if (/^\d{1,15}$/.test(typed)) return Number(typed)
  throw new UsageError(`Cannot ask entity "${typed}": a number is needed`)
}

/** 1-17: the source entity and the sequence number. */
function readId(typed: string): TransactionId {
  const found = /^(\d{1,20})-(\d{1,20})$/.exec(typed)
  const [source, sequence] = [BigInt(found?.[1] ?? 0), BigInt(found?.[2] ?? 0)]
  if (found === null || source >= ID_END || sequence >= ID_END)
    throw new UsageError(`Cannot ask about "${typed}": a transaction such as 1-17 is needed`)
  return { source: unsigned(source), sequence: unsigned(sequence) }
}

function isIdle(entity: CfdpEntity): boolean {
  const { queued, sending, receiving } = entity.load
  return queued + sending + receiving === 0
}

async function whenAnswered(isDone: () => boolean, end: AbortController): Promise<void> {
  while (!end.signal.aborted && !isDone())
    await systemClock.until(systemClock.now() + LOOK_MS, end.signal)
  end.abort()
}

const ASKING = {
  to: peerPlace('where the other entity listens'),
  wait: duration('the answer is waited for so long; 0: without end', '10min'),
  ...ENTITY_OPTIONS,
}
const GETTING = {
  dir: path('the file comes here, and overwrites nothing', '.'),
  name: text('what it is called here; unless told, as there'),
  for: valued('ENTITY', readEntity)('the entity that gets the file; unless told, this one'),
}
type Asking = Given<typeof ASKING>['values']
type Getting = Given<typeof GETTING>['values']

const NOTES = [
  'The other entity does it only if it allows this one to ask for it: `downpour cfdp serve --allow`.',
  '',
  'Exit codes: 0 done; 1 not done, and it is told why; 2 the command line is wrong; 3 nobody answers.',
].join('\n')
const COMMANDS = {
  get: { operands: 'FILE', about: 'Asks a CFDP entity for one of its files, and waits for it.' },
  ls: {
    operands: 'FOLDER',
    about: 'Asks a CFDP entity which files are in a folder of it; "." is the root of its files.',
  },
  suspend: { operands: 'TRANSACTION', about: 'Asks a CFDP entity to hold a transaction up.' },
  resume: { operands: 'TRANSACTION', about: 'Asks a CFDP entity to let a transaction go on.' },
  status: { operands: 'TRANSACTION', about: 'Asks a CFDP entity how far a transaction is.' },
} as const satisfies Record<Operating, { operands: string; about: string }>
const NOBODY = 3
const LOOK_MS = 20
const ID_END = 2n ** 64n
