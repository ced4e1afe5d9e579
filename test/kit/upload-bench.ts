/** A station on a bench that sends files up: the disk answers what is read, and the spacecraft says what it is told to. */
import type { Directive, Header, Nak, Pdu } from '../../protocol/cfdp/pdu/pdu.ts'
import { headerOf } from '../../protocol/cfdp/transmission.ts'
import { uploadTransmission } from '../../station/uploads/upload.ts'
import type { LinkChoice } from '../sim/settings.ts'
import { EdgeBench } from './edge-bench.ts'

export class UploadBench extends EdgeBench {
  /** The spacecraft is heard, unless it is `unheard`. */
  constructor(choice: LinkChoice & { readonly unheard?: true } = {}, records?: readonly unknown[]) {
    super(choice, records)
    if (choice.unheard !== true) this.hearIdle()
  }

  /** Answers how it was taken. */
  upload(name: string, octets: number) {
    const offer = { name, file: `spool-${name}`, octets, checksum: 99 }
    this.tell({ kind: 'upload', token: 5, offer })
    return this.take('answer').at(-1)
  }

  /** What goes up in one frame after another, the disk answering all that is read. */
  pass(frames = 40): readonly Pdu[] {
    const pdus: Pdu[] = []
    for (let i = 0; i < frames; i++) {
      this.#readAll()
      pdus.push(...this.answers())
    }
    return pdus
  }

  /** The spacecraft says this of a file that goes up. */
  say(sequence: number, body: Directive, changes: Partial<Header> = {}): void {
    this.hear(sequence, body, { ...this.#header(sequence), ...changes })
  }

  acknowledgeEof(sequence: number, condition = 0): void {
    this.say(sequence, { kind: 'ack', of: 'eof', condition, transactionStatus: 1 })
  }

  get uploads() {
    return this.machine.uploads.status
  }

  #header(sequence: number): Header {
    const any = { sequence, name: 'a', octets: 0, checksum: 0 }
    return headerOf(uploadTransmission(any, this.settings), true)
  }

  #readAll(): void {
    for (const { sequence, offset, length } of this.take('read'))
      this.tell({ kind: 'read', sequence, offset, octets: new Uint8Array(length).fill(sequence) })
  }
}

/** In words: what each is about. */
export const said = (pdus: readonly Pdu[]) =>
  pdus.map(({ header, body }) =>
    body.kind === 'file data'
      ? `${header.sequence}: ${body.offset}+${body.octets.length}`
      : `${header.sequence}: ${body.kind}`,
  )
export const nak = (start: number, end: number): Nak => ({
  kind: 'nak',
  scope: { start: 0, end },
  wantsMetadata: false,
  gaps: [{ start, end }],
})
