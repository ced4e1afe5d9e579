/** What the owner answers of its disk, brought to the file that it is about. */
import type { Instant } from '../../machine.ts'
import type { EntityInput } from './events.ts'
import type { ReceivingFile } from './receiving-file.ts'
import type { SendingFile } from './sending-file.ts'

export type SourceAnswer = Extract<
  EntityInput,
  { kind: 'digested' | 'digested first' | 'grown' | 'read' | 'source failed' }
>
export type FilestoreAnswer = Extract<
  EntityInput,
  { kind: 'verified' | 'delivered' | 'performed' | 'refused' }
>

export function read(file: SendingFile, answer: SourceAnswer): void {
  switch (answer.kind) {
    case 'digested':
      return file.digested(answer.octets, answer.checksum)
    case 'digested first':
      return file.digestedFirst(answer.checksum)
    case 'grown':
      return file.grown(answer.octets)
    case 'read':
      return file.read(answer.offset, answer.octets)
    case 'source failed':
      return file.sourceFailed(answer.why)
  }
}

export function answered(file: ReceivingFile, answer: FilestoreAnswer, now: Instant): void {
  switch (answer.kind) {
    case 'verified':
      return file.verified(answer.checksum, now)
    case 'delivered':
      return file.delivered(answer.path)
    case 'performed':
      return file.performed(answer.outcome, answer.message)
    case 'refused':
      return file.refused(answer.why)
  }
}
