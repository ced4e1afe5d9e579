/** What a user asks of a transaction that is under way, at either end of it. CCSDS 727.0-B-5, 3.4.2 to 3.4.4. */
import type { Instant } from '../../machine.ts'
import { CONDITION } from '../condition.ts'
import type { EntityInput } from './events.ts'
import type { ReceivingFile } from './receiving-file.ts'
import type { SendingFile } from './sending-file.ts'

export type Command = Extract<EntityInput, { kind: 'cancel' | 'suspend' | 'resume' }>

export function command(file: SendingFile | ReceivingFile, { kind }: Command, now: Instant): void {
  switch (kind) {
    case 'suspend':
      return file.suspend(now)
    case 'resume':
      return file.resume(now)
    case 'cancel':
      return file.cancel(CONDITION.cancelRequestReceived)
  }
}
