/** Two emulated modems and the air between them, each behind a line that a driver can open. */
import { drive } from '../drive.ts'
import { Inbox } from '../inbox.ts'
import { type Clock, ModemClosed } from '../ports.ts'
import type { HostLine } from './driver.ts'
import type { EmulatorEffect, EmulatorInput, ModemEmulator } from './emulator.ts'

export interface EmulatedEnd {
  readonly modem: ModemEmulator
  readonly line: HostLine
}

/** Runs both until `signal` aborts, and closes their lines then. */
export async function runEmulated(
  ends: readonly [EmulatedEnd, EmulatedEnd],
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const inboxes = ends.map(() => new Inbox<EmulatorInput>()) as [
    Inbox<EmulatorInput>,
    Inbox<EmulatorInput>,
  ]
  const [first, second] = inboxes
  const running = [
    run(ends[0], { inbox: first, far: second }, clock, signal),
    run(ends[1], { inbox: second, far: first }, clock, signal),
  ]
  await Promise.all(running)
}

async function run(
  { modem, line }: EmulatedEnd,
  { inbox, far }: { readonly inbox: Inbox<EmulatorInput>; readonly far: Inbox<EmulatorInput> },
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const tell = async (octets: Uint8Array): Promise<void> => {
    try {
      await line.send(octets)
    } catch (error) {
      if (!(error instanceof ModemClosed)) throw error
    }
  }
  const perform = async (effects: readonly EmulatorEffect[]): Promise<void> => {
    for (const { kind, octets } of effects)
      if (kind === 'host') void tell(octets)
      else far.post({ kind: 'air', octets })
  }
  const hear = async (): Promise<void> => {
    for await (const octets of line.received()) inbox.post({ kind: 'host', octets })
  }
  const heard = hear()
  await drive({ machine: modem, inbox, clock, perform, signal })
  await line.close()
  await heard
}
