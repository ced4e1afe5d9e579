/** `downpour cfdp`: files over UDP with any CFDP entity, without a spacecraft link between. */
import { OPERATING, type Operating, operate } from './cfdp/operate.ts'
import { receive, serve } from './cfdp/receive.ts'
import { send } from './cfdp/send.ts'
import { UsageError } from './options.ts'

export async function cfdp(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args
  if (name === 'send') return send(rest)
  if (name === 'receive') return receive(rest)
  if (name === 'serve') return serve(rest)
  if (isOperating(name)) return operate(name, rest)
  if (name !== '--help' && name !== '-h') {
    const names = ['send', 'receive', 'serve', ...OPERATING].join(', ')
    throw new UsageError(`Cannot run "cfdp ${name ?? ''}": one of ${names} is needed`)
  }
  process.stdout.write(`${HELP}\n`)
  return 0
}

function isOperating(name: string | undefined): name is Operating {
  return OPERATING.some(one => one === name)
}

const HELP = [
  'usage: downpour cfdp (send | receive | serve | get | ls | suspend | resume | status) [options]',
  '',
  'Files over UDP with any CFDP entity (CCSDS 727.0-B-5), one PDU a datagram.',
  '',
  '  send     sends files, and waits until the other end has them',
  '  receive  receives files into a folder, and ends after so many',
  '  serve    receives until it is told to end, and sends what is put into a folder',
  '  get      asks another entity for a file',
  '  ls       asks it which files it has',
  '  suspend  asks it to hold a transaction up; resume, to let it go on; status, how far it is',
  '',
  '`downpour cfdp send --help` tells the rest.',
].join('\n')
