/** `downpour cfdp`: files over UDP with any CFDP entity, without a spacecraft link between. */
import { receive, serve } from './cfdp/receive.ts'
import { send } from './cfdp/send.ts'
import { UsageError } from './options.ts'

export async function cfdp(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args
  if (name === 'send') return send(rest)
  if (name === 'receive') return receive(rest)
  if (name === 'serve') return serve(rest)
  if (name !== '--help' && name !== '-h')
    throw new UsageError(`Cannot run "cfdp ${name ?? ''}": one of send, receive, serve is needed`)
  process.stdout.write(`${HELP}\n`)
  return 0
}

const HELP = [
  'usage: downpour cfdp (send | receive | serve) [options]',
  '',
  'Files over UDP with any CFDP entity (CCSDS 727.0-B-5), one PDU a datagram.',
  '',
  '  send     sends files, and waits until the other end has them',
  '  receive  receives files into a folder, and ends after so many',
  '  serve    receives until it is told to end, and sends what is put into a folder',
  '',
  '`downpour cfdp send --help` tells the rest.',
].join('\n')
