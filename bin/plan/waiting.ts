/** Files that wait to go down: aboard, in a folder, or typed as sizes; in the order in which the spacecraft takes them. */

import type { Config } from '../../hal/config/config.ts'
import { transactionOctets } from '../../hal/config/derive.ts'
import { Outbox } from '../../hal/files/outbox.ts'
import { AckBuffer } from '../../onboard/buffer/ack-buffer.ts'
import type { BufferListing } from '../../onboard/buffer/listing.ts'
import { compareRanks } from '../../onboard/buffer/rank.ts'
import { ruled } from '../../onboard/buffer/rules.ts'
import type { FileAhead } from '../../protocol/plan/forecast.ts'
import { ask, needSpacecraft } from '../ask.ts'

export interface Sources {
  readonly files: string | undefined
  readonly sizes: readonly number[] | undefined
  readonly socket: string | undefined
}

/** What of each is still to be sent, with what goes with it. Those aboard are before those that come. */
export async function filesAhead(
  config: Config,
  { files, sizes, socket }: Sources,
  now: number,
): Promise<FileAhead[]> {
  const { known, aboard } = socket === undefined ? NOBODY : await filesAboard(socket)
  const coming = inTurn(config, now, [
    // A file of the outbox that is aboard already does not come once more.
    ...(files === undefined ? [] : await filesIn(files)).filter(({ name }) => !known.has(name)),
    ...(sizes ?? []).map((octets, i) => ({ name: `file ${i + 1}`, octets })),
  ])
  const begun = aboard.filter(file => file.octets > 0)
  const sent = aboard.filter(file => file.octets === 0)
  return [
    ...sent,
    ...[...begun, ...coming].map(({ name, octets }) => ({
      name,
      octets: octets + transactionOctets(config, name),
    })),
  ]
}

/** Those that the outbox would offer, oldest first. */
async function filesIn(folder: string): Promise<FileAhead[]> {
  const found = await new Outbox(folder).scan(Infinity)
  return found.map(({ name, identity }) => ({ name, octets: identity.octets }))
}

/** By priority, deadline and turn, as the rules of the outbox say: offered now, one after the other. */
function inTurn({ rules }: Config, now: number, files: readonly FileAhead[]): FileAhead[] {
  const boundless = { filesMax: Infinity, octetsMax: Infinity, sequenceMax: Infinity }
  const buffer = new AckBuffer(boundless, 0, [])
  for (const [sequence, { name, octets }] of files.entries()) {
    const identity = { octets, mtimeMs: 0, inode: 0 }
    const offer = ruled({ path: String(sequence), name, identity, remove: true }, rules, now)
    buffer.apply({ kind: 'accepted', sequence, ...offer, acceptedMs: now })
  }
  return [...buffer.entries()]
    .toSorted((one, other) => compareRanks(one.rank, other.rank))
    .map(({ name, identity }) => ({ name, octets: identity.octets }))
}

interface Aboard {
  /** Names of all that it has in its buffer. */
  readonly known: ReadonlySet<string>
  readonly aboard: readonly FileAhead[]
}

/** What a running spacecraft has not sent yet: 0 octets of a file that only waits for an answer. */
async function filesAboard(socket: string): Promise<Aboard> {
  await needSpacecraft(socket, 'ask')
  const { files, more } = await ask<BufferListing>(socket, '/buffer')
  if (more > 0)
    process.stderr.write(`downpour: ${more} more files wait aboard; they are not counted\n`)
  const aboard = files
    .filter(({ state }) => UNDER_WAY.includes(state))
    .map(({ name, octets, sentOctets, state }) => ({
      name,
      octets: state === 'awaiting' ? 0 : Math.max(1, octets - sentOctets),
    }))
  return { known: new Set(files.map(({ name }) => name)), aboard }
}

const NOBODY: Aboard = { known: new Set(), aboard: [] }
const UNDER_WAY = ['digesting', 'queued', 'sending', 'awaiting']
