/** What an entity asks of the files that it sends, answered from the disk. */
import type { EntityEffect, EntityInput } from '../../protocol/cfdp/entity/events.ts'
import type { Sources } from './sources.ts'

export type SourceEffect = Extract<
  EntityEffect,
  { kind: 'digest' | 'digest first' | 'follow' | 'read' }
>

/** How far an unbounded file is, as often as there is more of it; it ends when that was all. */
export type Growth = (file: string) => AsyncIterable<number>

export class SourceReader {
  readonly #sources: Sources
  readonly #growth: Growth | undefined
  readonly #post: (input: EntityInput) => void
  /** File by file: a disk reads one faster than many at once. */
  #digests: Promise<void> = Promise.resolve()

  /** @param growth without it, what is there of an unbounded file when it is put is all of it */
  constructor(sources: Sources, growth: Growth | undefined, post: (input: EntityInput) => void) {
    this.#sources = sources
    this.#growth = growth
    this.#post = post
  }

  /** Returns at once; the answer is posted. */
  answer(effect: SourceEffect): void {
    if (effect.kind === 'digest')
      this.#digests = this.#digests.then(() => this.#attempt(effect, this.#digest(effect)))
    else if (effect.kind === 'follow') void this.#attempt(effect, this.#follow(effect))
    else void this.#attempt(effect, this.#read(effect))
  }

  async #attempt({ id }: SourceEffect, work: Promise<EntityInput>): Promise<void> {
    try {
      this.#post(await work)
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      this.#post({ kind: 'source failed', id, why })
    }
  }

  async #digest(effect: SourceEffect & { kind: 'digest' | 'follow' }): Promise<EntityInput> {
    const { id, file, checksumType } = effect
    const { octets, checksum } = await this.#sources.digest(id, file, checksumType)
    return { kind: 'digested', id, octets, checksum }
  }

  async #follow(effect: SourceEffect & { kind: 'follow' }): Promise<EntityInput> {
    const { id, file } = effect
    if (this.#growth !== undefined) {
      this.#sources.follow(id, file)
      for await (const octets of this.#growth(file)) this.#post({ kind: 'grown', id, octets })
    }
    return this.#digest(effect)
  }

  async #read(effect: SourceEffect & { kind: 'read' | 'digest first' }): Promise<EntityInput> {
    const { kind, id } = effect
    if (kind === 'read') {
      const { offset } = effect
      const octets = await this.#sources.read(id, offset, effect.length)
      return { kind: 'read', id, offset, octets }
    }
    const checksum = await this.#sources.digestFirst(id, effect.octets, effect.checksumType)
    return { kind: 'digested first', id, checksum }
  }
}
