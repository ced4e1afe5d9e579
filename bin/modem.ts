/** `downpour modem`: the kinds of modem, the devices that are here, and emulators to try them with. */
import { emulate } from './modem/emulate.ts'
import { ls } from './modem/ls.ts'
import { probe } from './modem/probe.ts'
import { UsageError } from './options.ts'

export async function modem(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args
  if (name === 'ls') return ls(rest)
  if (name === 'probe') return probe(rest)
  if (name === 'emulate') return emulate(rest)
  if (name !== '--help' && name !== '-h')
    throw new UsageError(`Cannot run "modem ${name ?? ''}": one of ls, probe, emulate is needed`)
  process.stdout.write(`${HELP}\n`)
  return 0
}

const HELP = [
  'usage: downpour modem (ls | probe | emulate) [options]',
  '',
  '  ls       shows the kinds of modem, and the serial devices of this computer',
  '  probe    asks the modem of a configuration who and how it is',
  '  emulate  is two modems of a kind and the air between them, well behaved or not',
  '',
  '`downpour modem probe --help` tells the rest.',
].join('\n')
