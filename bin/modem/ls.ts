/** `downpour modem ls`: what a configuration can name, and what is plugged in. */

import { KINDS, type Kind } from '../../hal/modems/kinds.ts'
import { serialDevices } from '../../hal/modems/serial-devices.ts'
import { type Command, flag, type Options, readCommandLine } from '../options.ts'

export async function ls(args: readonly string[]): Promise<number> {
  const given = readCommandLine(COMMAND, args)
  if (given === undefined) return 0
  const devices = await serialDevices()
  if (given.values.json) {
    process.stdout.write(`${JSON.stringify({ kinds: KINDS, devices: devices ?? null })}\n`)
    return 0
  }
  const rows = Object.entries<Kind>(KINDS).map(([name, kind]) => [
    name,
    kind.archetype,
    kind.frameOctets === undefined
      ? 'stream'
      : `${kind.frameOctets.usual} to ${kind.frameOctets.most}`,
    kind.credit,
    kind.line,
    kind.about,
  ])
  const widths = HEAD.map((head, i) =>
    Math.max(head.length, ...rows.map(row => row[i]?.length ?? 0)),
  )
  const lines = [HEAD, ...rows].map(row =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  process.stdout.write(`${[...lines, '', ...deviceLines(devices)].join('\n')}\n`)
  return 0
}

function deviceLines(devices: Awaited<ReturnType<typeof serialDevices>>): string[] {
  if (devices === undefined) return ['serial devices: this system does not list them']
  if (devices.length === 0) return ['serial devices: none']
  return ['serial devices:', ...devices.map(({ path, about }) => `  ${path}  ${about}`.trimEnd())]
}

const HEAD = ['kind', 'archetype', 'frame octets', 'credit', 'line', 'what it is']
const COMMAND = {
  synopsis: 'downpour modem ls [--json]',
  about:
    'Shows the kinds of modem that a configuration can name, and the serial devices of this computer.',
  options: { json: flag('prints JSON') },
} satisfies Command<Options>
