/** The files that the spacecraft sends: found in the outbox, read, checksummed, and let go, as the machine asks. */
import { relative } from 'node:path'
import { digest } from '../../hal/files/digest.ts'
import { isSame, SourceChanged } from '../../hal/files/file-source.ts'
import { type Outbox, type OutboxFile, wholeFiles } from '../../hal/files/outbox.ts'
import { removeIfSame } from '../../hal/files/source-identity.ts'
import type { Inbox } from '../../hal/inbox.ts'
import type { Log } from '../../hal/log.ts'
import type { Notebook } from '../../hal/notebook.ts'
import type { Questions } from '../../hal/questions.ts'
import { readSource } from '../../hal/source-files.ts'
import { systemClock as clock } from '../../hal/system-clock.ts'
import type { Offer } from '../buffer/ack-buffer.ts'
import type { SpacecraftEffect, SpacecraftInput } from '../events.ts'
import type { Spacecraft } from '../spacecraft.ts'
import { Waiting } from './waiting.ts'

/** What the machine says to a question. */
export interface Answer {
  readonly sequence: number | undefined
  /** Absent: it was done. */
  readonly why: string | undefined
}

interface Parts {
  readonly machine: Spacecraft
  readonly inbox: Inbox<SpacecraftInput>
  readonly questions: Questions<SpacecraftInput, Answer>
  readonly outbox: Outbox
  readonly notebook: Notebook
  readonly log: Log
}

export class Sources {
  readonly #parts: Parts
  readonly #waiting = new Waiting()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** What is wrong with the outbox, if anything. */
  get trouble(): string | undefined {
    return this.#parts.outbox.trouble
  }

  /** Offers what appears in the outbox, until `signal` aborts. */
  async watch(signal: AbortSignal): Promise<void> {
    for await (const files of wholeFiles(this.#parts.outbox, clock, OUTBOX_MS, signal))
      await this.#offerAll(files)
  }

  async offer(offer: Offer, insist: boolean, waited = false): Promise<Answer> {
    const { notebook, questions } = this.#parts
    if (!(await notebook.hasRoom()))
      return { sequence: undefined, why: 'The disk of the journal is full' }
    return questions.ask(token => ({ kind: 'offer', token, offer, insist, waited }))
  }

  async digest(effect: SpacecraftEffect & { kind: 'digest' }): Promise<void> {
    const { machine, inbox } = this.#parts
    const { sequence, path, identity } = effect
    await this.#fromDisk(sequence, async () => {
      const found = await digest(path, machine.settings.cfdp.checksumType)
      if (!isSame(identity, found.identity)) throw new SourceChanged(`${path} is another file now`)
      inbox.post({ kind: 'digested', sequence, checksum: found.checksum })
    })
  }

  async read(effect: SpacecraftEffect & { kind: 'read' }): Promise<void> {
    const { sequence, offset } = effect
    await this.#fromDisk(sequence, async () => {
      const octets = await readSource(effect)
      this.#parts.inbox.post({ kind: 'read', sequence, offset, octets })
    })
  }

  async release(effect: SpacecraftEffect & { kind: 'release' }): Promise<void> {
    const { sequence, path, identity, remove } = effect
    try {
      if (remove) await removeIfSame(path, identity)
      this.#parts.inbox.post({ kind: 'released', sequence })
      // What has this name from now on, or took it while the other was sent, is a file that nobody has seen.
      const { outbox } = this.#parts
      outbox.forget(relative(outbox.folder, path))
    } catch (error) {
      this.#parts.log.error('file stays', { sequence, path, why: String(error) })
    }
  }

  /** Whatever the disk says against a file ends that file's transfer, and no other. */
  async #fromDisk(sequence: number, act: () => Promise<void>): Promise<void> {
    try {
      await act()
    } catch (error) {
      const { machine, inbox, outbox } = this.#parts
      inbox.post({ kind: 'source failed', sequence, why: String(error) })
      const entry = machine.buffer.entry(sequence)
      if (entry?.remove === true) outbox.forget(entry.name)
    }
  }

  /** What does not fit stays where it is, and is offered again; it is told when more begin to wait. */
  async #offerAll(files: readonly OutboxFile[]): Promise<void> {
    const { machine, outbox, log } = this.#parts
    let news: { readonly name: string; readonly why: string } | undefined
    for (const file of files) {
      const { name } = file
      const why = await this.#offerOne(file)
      if (why !== undefined && this.#waiting.refused(name, machine.buffer, clock.now()))
        news = { name, why }
    }
    if (news !== undefined)
      log.warn('files wait in the outbox', { files: this.#waiting.count, ...news })
    for (const name of this.#waiting.due(machine.buffer, clock.now())) outbox.forget(name)
  }

  /** Answers why there is no room; undefined: it is taken, or known. */
  async #offerOne({ name, path, identity }: OutboxFile): Promise<string | undefined> {
    const offer = { name, path, identity, remove: true }
    const { sequence, why } = await this.offer(offer, false, this.#waiting.has(name))
    const isHere = this.#parts.machine.buffer.entryAt(path) !== undefined
    return sequence !== undefined || isHere ? undefined : (why ?? 'refused')
  }
}

const OUTBOX_MS = 500
