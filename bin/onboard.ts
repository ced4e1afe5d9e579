/** `downpour onboard`: the spacecraft end, until it is told to end. */

import { runOnboard } from '../onboard/main.ts'
import { configOf, securityOf } from './config-file.ts'
import { type Command, type Options, path, readCommandLine } from './options.ts'
import { spacecraftSettings } from './settings.ts'
import { started } from './start.ts'

export async function onboard(args: readonly string[]): Promise<number> {
  const given = readCommandLine(COMMAND, args)
  if (given === undefined) return 0
  const config = await configOf('onboard', given.values.config)
  const security = await securityOf(config)
  return started(
    runOnboard(config, (planned, now, utcMs) => spacecraftSettings(planned, now, utcMs, security)),
  )
}

const COMMAND = {
  synopsis: 'downpour onboard --config FILE',
  about: 'Brings the files of the outbox, and those handed over by `downpour send`, down.',
  options: { config: path('configuration, YAML or JSON') },
  notes: [
    'Ends on SIGTERM; started again it goes on where it was.',
    'Exit codes: 0 told to end; 1 it cannot start; 2 the command line is wrong; 70 a fault of its own, see the log.',
  ].join('\n'),
} satisfies Command<Options>
