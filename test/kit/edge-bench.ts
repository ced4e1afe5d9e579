/** A station on a bench: told what happens one event at a time, and what it does is looked at. */
import { FramePacker } from '../../onboard/downlink/packer.ts'
import { TelecommandReceiver } from '../../onboard/uplink/telecommand.ts'
import type { Directive, Header, Pdu } from '../../protocol/cfdp/pdu/pdu.ts'
import { headerOf } from '../../protocol/cfdp/transmission.ts'
import { Edge } from '../../station/edge.ts'
import type { EdgeEffect, EdgeInput } from '../../station/events.ts'
import type { EdgeSettings } from '../../station/settings.ts'
import { type LinkChoice, settingsFor } from '../sim/settings.ts'
import { MachineBench } from './machine-bench.ts'
import { someTransmission } from './transmission.ts'

export class EdgeBench extends MachineBench<EdgeInput, EdgeEffect, Edge> {
  readonly settings: EdgeSettings
  readonly #packer: FramePacker
  readonly #receiver: TelecommandReceiver

  constructor(
    choice: LinkChoice & { readonly transactionsMax?: number } = {},
    records: readonly unknown[] = [],
  ) {
    const { spacecraft, station } = settingsFor(choice)
    const { transactionsMax = station.transactionsMax } = choice
    const settings = { ...station, transactionsMax }
    super(new Edge(settings, records, 0))
    this.settings = settings
    this.#packer = new FramePacker(spacecraft)
    this.#receiver = new TelecommandReceiver(spacecraft.uplink)
  }

  /** What it did, kind by kind, in order; of records, theirs. Forgets. */
  takeKinds(): readonly string[] {
    return this.takeAll().map(effect =>
      effect.kind === 'journal' ? effect.record.kind : effect.kind,
    )
  }

  records(): readonly unknown[] {
    return this.take('journal').map(effect => effect.record)
  }

  /** A PDU of the spacecraft arrives. */
  hear(sequence: number, body: Directive, changes: Partial<Header> = {}): void {
    const header = { ...headerOf(someTransmission({ sequence })), ...changes }
    this.#packer.put({ outgoing: { kind: 'directive', header, body }, octets: new Uint8Array(0) })
    this.#down()
  }

  hearMetadata(sequence: number, fileSize: number, changes: Partial<Header> = {}): void {
    const { sourceName, destinationName, options } = someTransmission()
    const names = { sourceName, destinationName, options }
    const metadata = { kind: 'metadata', closureRequested: false, checksumType: 2 } as const
    this.hear(sequence, { ...metadata, fileSize, ...names }, changes)
  }

  hearSegment(sequence: number, offset: number, length: number, changes: Partial<Header> = {}) {
    const header = { ...headerOf(someTransmission({ sequence })), ...changes }
    const outgoing = { kind: 'segment', header, offset, length, isNew: true } as const
    this.#packer.put({ outgoing, octets: new Uint8Array(length).fill(sequence) })
    this.#down()
  }

  hearEof(sequence: number, fileSize: number, condition = 0, changes: Partial<Header> = {}): void {
    const checksum = condition === 0 ? CHECKSUM : 0
    const faultLocation = condition === 0 ? undefined : Uint8Array.of(1)
    this.hear(sequence, { kind: 'eof', condition, checksum, fileSize, faultLocation }, changes)
  }

  /** A file of `octets` arrives, without a loss. */
  hearFile(sequence: number, octets: number, changes: Partial<Header> = {}): void {
    this.hearMetadata(sequence, octets, changes)
    for (let at = 0; at < octets; at += 400)
      this.hearSegment(sequence, at, Math.min(400, octets - at), changes)
    this.hearEof(sequence, octets, 0, changes)
  }

  /** The disk reads the file back, finds it right, and gives it its name. */
  store(sequence: number): void {
    const id = `1-${sequence}`
    this.tell({ kind: 'verified', id, checksum: CHECKSUM })
    this.tell({ kind: 'delivered', id, path: `/archive/${sequence}` })
  }

  acknowledge(sequence: number, condition = 0): void {
    this.hear(sequence, { kind: 'ack', of: 'finished', condition, transactionStatus: 1 })
  }

  /** An idle frame arrives. */
  hearIdle(): void {
    this.#down()
  }

  /** Data of a housekeeping packet arrive. */
  hearTelemetry(data: Uint8Array): void {
    this.#packer.tell(data)
    this.#down()
  }

  /** The data of the commands that go up when there is room for them. */
  commands(): readonly Uint8Array[] {
    this.answers()
    return this.#receiver.takeCommands().map(data => Uint8Array.from(data))
  }

  /** What goes up when there is room for it. */
  answers(): readonly Pdu[] {
    this.tell({ kind: 'room', octets: 10_000 })
    const pdus: Pdu[] = []
    for (const { octets } of this.take('transmit'))
      for (const pdu of this.#receiver.push(octets)) pdus.push(structuredClone(pdu))
    return pdus
  }

  /** What was packed comes down. */
  #down(): void {
    for (;;) {
      const { octets, isIdle } = this.#packer.cadu(0)
      this.tell({ kind: 'octets', octets })
      if (isIdle) return
    }
  }
}

/** That of every file on this bench. */
export const CHECKSUM = 0x1234_5678
