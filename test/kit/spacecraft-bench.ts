/** A spacecraft on a bench: told what happens one event at a time, and what it does is looked at. */
import type { Offer } from '../../onboard/buffer/ack-buffer.ts'
import type { SpacecraftEffect, SpacecraftInput } from '../../onboard/events.ts'
import type { SpacecraftSettings } from '../../onboard/settings.ts'
import { Spacecraft } from '../../onboard/spacecraft.ts'
import type { Body, Pdu } from '../../protocol/cfdp/pdu/pdu.ts'
import { headerOf } from '../../protocol/cfdp/transmission.ts'
import type { Command } from '../../protocol/command/command.ts'
import type { Housekeeping } from '../../protocol/command/housekeeping.ts'
import { caduOctets } from '../../protocol/frame/link.ts'
import { CommandEncoder } from '../../station/commands.ts'
import { Ingest } from '../../station/ingest.ts'
import { type LinkChoice, settingsFor } from '../sim/settings.ts'
import { commandOctets } from './commands.ts'
import { MachineBench } from './machine-bench.ts'
import { someTransmission } from './transmission.ts'

type Kind = SpacecraftEffect['kind']
type OfferChoice = { readonly insist?: boolean; readonly mtimeMs?: number } & Pick<
  Offer,
  'priority' | 'deadlineMs' | 'pinned'
>

export class SpacecraftBench extends MachineBench<SpacecraftInput, SpacecraftEffect, Spacecraft> {
  readonly settings: SpacecraftSettings
  readonly #commands: CommandEncoder
  readonly #ingest: Ingest

  constructor(
    choice: LinkChoice = {},
    records: readonly unknown[] = [],
    changes: Partial<SpacecraftSettings> = {},
  ) {
    const { spacecraft, station } = settingsFor(choice)
    const settings = { ...spacecraft, ...changes }
    super(new Spacecraft(settings, records, 0))
    this.settings = settings
    this.#commands = new CommandEncoder(station.uplink)
    this.#ingest = new Ingest(station.downlink)
  }

  /** What it did, kind by kind, in order. Forgets. */
  takeKinds(): readonly Kind[] {
    return this.takeAll().map(effect => effect.kind)
  }

  records(): readonly unknown[] {
    return this.take('journal').map(effect => effect.record)
  }

  offer(path: string, octets: number, more: OfferChoice = {}) {
    const { insist = false, mtimeMs = 1, ...wishes } = more
    const identity = { octets, mtimeMs, inode: 1 }
    const offer = { path, name: path.slice(1), identity, remove: true, ...wishes }
    this.tell({ kind: 'offer', token: 7, offer, insist })
    return this.take('answer').at(-1)
  }

  /** Accepted and digested. */
  offerDigested(path: string, octets: number, more: OfferChoice = {}): number {
    const sequence = this.offer(path, octets, more)?.sequence as number
    this.tell({ kind: 'digested', sequence, checksum: 99 })
    return sequence
  }

  /** The PDUs that come down in `count` frames, the disk answering all that is read. */
  frames(count = 1): readonly Pdu[] {
    const pdus: Pdu[] = []
    for (let i = 0; i < count; i++) {
      this.tell({ kind: 'room', octets: caduOctets(this.settings.downlink) })
      for (const { sequence, offset, length } of this.take('read'))
        this.tell({ kind: 'read', sequence, offset, octets: new Uint8Array(length) })
      for (const { octets } of this.take('transmit'))
        this.#ingest.push(octets, pdu => pdus.push(structuredClone(pdu)))
    }
    return pdus
  }

  /** A command of the ground arrives. */
  command(counter: number, command: Command): void {
    const cltus = this.#commands
      .commandFields(counter, command)
      .map(field => this.#commands.cltu({ type: 'bd', fdu: { field } }))
    this.tell({ kind: 'octets', octets: Uint8Array.from(cltus.flatMap(cltu => [...cltu])) })
  }

  /** The housekeeping that comes down in one frame. */
  report(): Housekeeping | undefined {
    this.frames(1)
    return this.#ingest.takeHousekeeping()
  }

  /** A PDU of the ground arrives. */
  hear(sequence: number, body: Body, changes: Partial<Pdu['header']> = {}): void {
    const header = { ...headerOf(someTransmission({ sequence }), true), ...changes }
    this.tell({ kind: 'octets', octets: commandOctets(this.#commands, header, body) })
  }
}
