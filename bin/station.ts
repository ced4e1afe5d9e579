/** `downpour station`: the ground end beside a terminal, until it is told to end. */

import { runStation } from '../station/main.ts'
import { configOf, securityOf } from './config-file.ts'
import { type Command, type Options, path, readCommandLine } from './options.ts'
import { edgeSettings } from './settings.ts'
import { started } from './start.ts'

export async function station(args: readonly string[]): Promise<number> {
  const given = readCommandLine(COMMAND, args)
  if (given === undefined) return 0
  const config = await configOf('station', given.values.config)
  const security = await securityOf(config)
  return started(runStation(config, (now, utcMs) => edgeSettings(config, now, utcMs, security)))
}

const COMMAND = {
  synopsis: 'downpour station --config FILE',
  about: 'Receives files, keeps them in the archive, and asks for what is missing.',
  options: { config: path('configuration, YAML or JSON') },
  notes: [
    'Ends on SIGTERM; started again it goes on where it was.',
    'Exit codes: 0 told to end; 1 it cannot start; 2 the command line is wrong; 70 a fault of its own, see the log.',
  ].join('\n'),
} satisfies Command<Options>
