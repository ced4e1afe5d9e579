/** What a user asks of a transaction that is under way, at either end of it. CCSDS 727.0-B-5, 3.4.2 to 3.4.4. */
import type { Instant } from '../../machine.ts'
import { CONDITION } from '../condition.ts'
import type { EntityInput } from './events.ts'
import { ReceivingFile } from './receiving-file.ts'
import { SendingFile } from './sending-file.ts'

export type Command = Extract<
  EntityInput,
  { kind: 'cancel' | 'suspend' | 'resume' | 'abandon' | 'prompt' | 'ask' }
>

/** What means nothing at this end is left undone. */
export function command(file: SendingFile | ReceivingFile, asked: Command, now: Instant): void {
  switch (asked.kind) {
    case 'suspend':
      return file.suspend(now)
    case 'resume':
      return file.resume(now)
    case 'cancel':
      return file.cancel(CONDITION.cancelRequestReceived)
    case 'abandon':
      return file.abandon(CONDITION.cancelRequestReceived)
    case 'prompt':
      return file instanceof SendingFile ? file.prompt(asked.wants) : undefined
    case 'ask':
      return file instanceof ReceivingFile ? file.ask() : undefined
  }
}
