/** The disk of a receiver that stores nothing: it compares what it is given with what was sent. */

import type { ReceptionEffect, ReceptionInput } from '../../protocol/cfdp/journaled/events.ts'
import { Spans } from '../../protocol/octets/spans.ts'
import { checksumOf, isContent, type VirtualFile } from './virtual-file.ts'

interface Partial {
  readonly written: Spans
  readonly unsynced: Spans
  readonly wrong: Spans
}

type DiskEffect = Extract<
  ReceptionEffect,
  { kind: 'write' | 'sync' | 'verify' | 'deliver' | 'discard' }
>

export class SimArchive {
  readonly #files: readonly VirtualFile[]
  readonly #partials = new Map<string, Partial>()
  /** Names under which files appeared, and whether they are equal to what was sent. */
  readonly delivered = new Map<string, boolean>()
  /** How often a file was put under its name: more than once is wrong. */
  deliveries = 0
  isFull = false
  /** Which file a transaction carries: the witness reads it off the metadata. */
  fileOf: (id: string) => VirtualFile | undefined = id => this.#files[Number(id.split('-')[1]) - 1]

  constructor(files: readonly VirtualFile[]) {
    this.#files = files
  }

  partialOctets(id: string): number {
    return this.#partials.get(id)?.written.end ?? 0
  }

  /** Octets [0, end) are there from before. */
  take(id: string, end: number): void {
    this.#partial(id).written.add(0, end)
  }

  perform(effect: DiskEffect, answer: (input: ReceptionInput) => void, broken: Set<string>): void {
    const { id } = effect
    const partial = this.#partial(id)
    switch (effect.kind) {
      case 'write':
        this.#write(effect, partial, answer, broken)
        break
      case 'sync':
        partial.unsynced.clear()
        break
      case 'verify':
        answer({ kind: 'verified', id, checksum: this.#checksum(effect, partial) })
        break
      case 'deliver':
        this.#deliver(effect, partial, answer)
        break
      case 'discard':
        this.#partials.delete(id)
        break
    }
  }

  forgetUnsynced(): void {
    for (const { written, unsynced } of this.#partials.values()) {
      for (const { start, end } of [...unsynced]) written.remove(start, end)
      unsynced.clear()
    }
  }

  #partial(id: string): Partial {
    let partial = this.#partials.get(id)
    if (partial === undefined) {
      partial = { written: new Spans(), unsynced: new Spans(), wrong: new Spans() }
      this.#partials.set(id, partial)
    }
    return partial
  }

  #write(
    effect: DiskEffect & { kind: 'write' },
    partial: Partial,
    answer: (input: ReceptionInput) => void,
    broken: Set<string>,
  ): void {
    const { id, offset, octets } = effect
    const end = offset + octets.length
    if (this.isFull) {
      broken.add(id)
      answer({ kind: 'disk failed', id, lost: [{ start: offset, end }], why: 'no space left' })
      return
    }
    partial.written.add(offset, end)
    partial.unsynced.add(offset, end)
    const file = this.fileOf(id)
    if (file === undefined || !isContent(file, offset, octets)) partial.wrong.add(offset, end)
    else partial.wrong.remove(offset, end)
  }

  #checksum(effect: DiskEffect & { kind: 'verify' }, partial: Partial): number | undefined {
    const file = this.fileOf(effect.id)
    if (file === undefined) return undefined
    const isRight = partial.wrong.count === 0 && partial.written.has(0, effect.octets)
    const checksum = checksumOf(file, effect.checksumType)
    return isRight && effect.octets === file.octets ? checksum : (checksum ^ 1) >>> 0
  }

  #deliver(
    effect: DiskEffect & { kind: 'deliver' },
    partial: Partial,
    answer: (input: ReceptionInput) => void,
  ): void {
    const { id } = effect
    const name = new TextDecoder().decode(effect.name)
    if (name.startsWith('..')) return answer({ kind: 'refused', id, why: 'it leaves the archive' })
    if (this.isFull) return answer({ kind: 'disk failed', id, lost: [], why: 'no space left' })
    const file = this.fileOf(id)
    const isWhole = partial.written.has(0, effect.octets) && partial.wrong.count === 0
    // A delivery that is asked for again after a crash finds the file under its name already.
    if (!this.delivered.has(name)) {
      this.delivered.set(name, isWhole && effect.octets === file?.octets)
      this.deliveries += 1
    }
    answer({ kind: 'delivered', id, path: `/archive/${name}` })
  }
}
