/** Packets of a recording, through `downpour decode --pcapng`, as tshark reads them. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PACKETS_PORT } from '../../hal/pcapng.ts'
import { downpour, record } from './gr-satellites.ts'
import { type Line, ourOptions } from './line.ts'

export function hasTshark(): boolean {
  return spawnSync('tshark', ['--version'], { stdio: 'ignore' }).status === 0
}

/** How many packets there are, and how many tshark reads with the same APID, count and length. */
export function readByTshark(line: Line, folder: string) {
  const [recording, packets, capture] = ['line', 'packets', 'capture'].map(name =>
    join(folder, name),
  ) as [string, string, string]
  record(line, folder, recording)
  downpour([
    ...['decode', recording, ...ourOptions(line)],
    ...['--packets', packets, '--pcapng', capture],
  ])
  const fields = ['-e', 'ccsds.apid', '-e', 'ccsds.seqnum', '-e', 'ccsds.length']
  const { stdout } = spawnSync(
    'tshark',
    ['-r', capture, '-d', `udp.port==${PACKETS_PORT},ccsds`, '-T', 'fields', ...fields],
    { encoding: 'utf8', timeout: 60_000 },
  )
  const theirs = stdout.trim().split('\n')
  const ours = headersOf(readFileSync(packets))
  return { sent: ours.length, same: ours.filter((header, i) => header === theirs[i]).length }
}

function headersOf(octets: Uint8Array): string[] {
  const view = new DataView(octets.buffer, octets.byteOffset, octets.length)
  const headers: string[] = []
  for (let at = 0; at < octets.length; ) {
    const length = view.getUint16(at + 4)
    headers.push(`${view.getUint16(at) & 0x7ff}\t${view.getUint16(at + 2) & 0x3fff}\t${length}`)
    at += 7 + length
  }
  return headers
}
