/** Files for the spacecraft: copied into the spool as they are handed over, read and let go as the machine asks. */
import { stat } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { Refusal } from '../../hal/control.ts'
import { isDiskFull } from '../../hal/file-error.ts'
import type { Spool } from '../../hal/files/spool.ts'
import type { Inbox } from '../../hal/inbox.ts'
import type { Log } from '../../hal/log.ts'
import type { Notebook } from '../../hal/notebook.ts'
import type { Questions } from '../../hal/questions.ts'
import type { Edge } from '../edge.ts'
import type { EdgeEffect, EdgeInput } from '../events.ts'
import type { Answer } from './answer.ts'

interface Parts {
  readonly machine: Edge
  readonly spool: Spool
  readonly inbox: Inbox<EdgeInput>
  readonly questions: Questions<EdgeInput, Answer>
  readonly notebook: Notebook
  readonly log: Log
}

export class UploadShell {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** POST /uplink: { path, name? }. Answers when the journal has it. */
  async take(body: unknown): Promise<unknown> {
    const { path, name: wanted } = Object(body) as Readonly<Record<string, unknown>>
    if (typeof path !== 'string')
      throw new Refusal(400, 'Cannot uplink: { "path": ... } is missing')
    const whole = resolve(path)
    const name = typeof wanted === 'string' ? wanted : basename(whole)
    const { machine, notebook, questions, spool } = this.#parts
    const { size, isFile } = await sizeOf(whole)
    if (!isFile) throw new Refusal(400, `Cannot uplink ${whole}: it is no file`)
    // Before it is copied; the machine looks again when it is.
    const objection = machine.uploads.objection({ name, octets: size })
    if (objection !== undefined) throw new Refusal(507, `Cannot send ${name} up: ${objection}`)
    if (!(await notebook.hasRoom())) throw new Refusal(507, 'The disk of the journal is full')
    const { checksumType } = machine.settings.uploads.cfdp
    const spooled = await spool.take(whole, checksumType).catch((error: unknown) => {
      throw new Refusal(isDiskFull(error) ? 507 : 404, `Cannot copy ${whole}: ${String(error)}`)
    })
    const offer = { name, ...spooled }
    const { why, sequence } = await questions.ask(token => ({ kind: 'upload', token, offer }))
    if (why === undefined) return { sequence, name, octets: spooled.octets, state: 'waiting' }
    await spool.drop(spooled.file)
    throw new Refusal(507, why)
  }

  /** The transaction that a request names: as such, or as an upload by its number. */
  named(body: unknown): unknown {
    const { transaction, upload } = Object(body) as Readonly<Record<string, unknown>>
    const { entity } = this.#parts.machine.settings
    return typeof upload === 'number' ? `${entity}-${upload}` : transaction
  }

  async read(effect: EdgeEffect & { kind: 'read' }): Promise<void> {
    const { sequence, file, offset, length } = effect
    try {
      const octets = await this.#parts.spool.read(file, offset, length)
      this.#parts.inbox.post({ kind: 'read', sequence, offset, octets })
    } catch (error) {
      this.#parts.inbox.post({ kind: 'source failed', sequence, why: String(error) })
    }
  }

  async drop({ sequence, file }: EdgeEffect & { kind: 'drop' }): Promise<void> {
    try {
      await this.#parts.spool.drop(file)
    } catch (error) {
      // The next start removes it.
      this.#parts.log.warn('spooled file stays', { sequence, why: String(error) })
    }
  }
}

async function sizeOf(path: string): Promise<{ readonly size: number; readonly isFile: boolean }> {
  const found = await stat(path).catch((error: unknown) => {
    throw new Refusal(404, error instanceof Error ? error.message : String(error))
  })
  return { size: found.size, isFile: found.isFile() }
}
