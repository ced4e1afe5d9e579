/** What the control socket of the spacecraft takes: bodies are checked here, and the machine answers. */
import { basename, resolve } from 'node:path'
import { Refusal, type Route } from '../../hal/control.ts'
import { identityAt, wrongAmong } from '../../hal/files/source-identity.ts'
import type { Questions } from '../../hal/questions.ts'
import { systemClock as clock } from '../../hal/system-clock.ts'
import { commandOf } from '../../protocol/command/command.ts'
import { type FilePassages, filePassages } from '../buffer/listed-passages.ts'
import { bufferListing } from '../buffer/listing.ts'
import { wishesIn } from '../buffer/wishes.ts'
import type { SpacecraftInput } from '../events.ts'
import type { Spacecraft } from '../spacecraft.ts'
import { fileStatuses } from '../status.ts'
import type { Answer, Sources } from './sources.ts'

export interface Asked {
  readonly machine: Spacecraft
  readonly questions: Questions<SpacecraftInput, Answer>
  readonly sources: Sources
}

export const REQUESTS = [
  'POST /send',
  'POST /files',
  'POST /cancel',
  'GET /buffer',
  'POST /buffer/file',
  'POST /buffer/gc',
  'POST /buffer/verify',
  'POST /command',
] as const

export function requests(asked: Asked): Record<(typeof REQUESTS)[number], Route> {
  const { machine, questions } = asked
  return {
    'POST /send': body => send(body, asked),
    'POST /files': body => ({ files: fileStatuses(machine, sequencesIn(body)) }),
    'POST /cancel': body => cancel(body, asked),
    'GET /buffer': () => bufferListing(machine, clock.now()),
    'POST /buffer/file': body => fileInBuffer(body, asked),
    'POST /buffer/gc': async () => {
      const { sequence: files } = await questions.ask(token => ({ kind: 'collect', token }))
      return { files }
    },
    'POST /buffer/verify': () => wrongAmong(machine.buffer, machine.settings.cfdp.checksumType),
    'POST /command': body => command(body, asked),
  }
}

async function send(body: unknown, { sources }: Asked): Promise<unknown> {
  const request = Object(body) as Record<string, unknown>
  const { path, name } = request
  if (typeof path !== 'string') throw new Refusal(400, 'Cannot send: { "path": ... } is missing')
  const wishes = wishesIn(request)
  if (typeof wishes === 'string') throw new Refusal(400, wishes)
  const whole = resolve(path)
  const identity = await identityAt(whole).catch((error: unknown) => {
    throw new Refusal(404, error instanceof Error ? error.message : String(error))
  })
  const shown = typeof name === 'string' ? name : basename(whole)
  const nameOctets = Buffer.byteLength(shown)
  if (nameOctets === 0 || nameOctets > NAME_OCTETS_MAX)
    throw new Refusal(400, `Cannot send under a name of ${nameOctets} octets: 1 to 255 are carried`)
  const offer = { path: whole, name: shown, identity, remove: false, ...wishes }
  const answer = await sources.offer(offer, true)
  if (answer.sequence === undefined) throw new Refusal(507, answer.why ?? 'refused')
  return { sequence: answer.sequence, name: shown, octets: identity.octets }
}

function sequencesIn(body: unknown): readonly number[] {
  const { sequences } = Object(body) as { sequences?: unknown }
  if (Array.isArray(sequences) && sequences.every(Number.isSafeInteger)) return sequences
  throw new Refusal(400, 'Cannot tell of files: { "sequences": [...] } is missing')
}

function fileInBuffer(body: unknown, { machine }: Asked): FilePassages {
  const { sequence } = Object(body) as { sequence?: unknown }
  if (typeof sequence !== 'number')
    throw new Refusal(400, 'Cannot show a file: { "sequence": ... } is missing')
  const file = filePassages(machine.buffer, sequence)
  if (file === undefined) throw new Refusal(404, `No file ${sequence} waits in the buffer`)
  return file
}

async function cancel(body: unknown, { questions }: Asked): Promise<unknown> {
  const { sequence } = Object(body) as { sequence?: unknown }
  if (typeof sequence !== 'number')
    throw new Refusal(400, 'Cannot cancel: { "sequence": ... } is missing')
  const answer = await questions.ask(token => ({ kind: 'cancel', token, sequence }))
  if (answer.sequence === undefined) throw new Refusal(404, answer.why ?? 'refused')
  return answer
}

async function command(body: unknown, { questions }: Asked): Promise<unknown> {
  const order = commandOf(body)
  if (typeof order === 'string') throw new Refusal(400, order)
  const { why } = await questions.ask(token => ({ kind: 'command', token, command: order }))
  if (why !== undefined) throw new Refusal(409, why)
  return { state: 'executed' }
}

/** A name is a length of one octet and so many octets. CCSDS 727.0-B-5, 5.2.5. */
const NAME_OCTETS_MAX = 255
