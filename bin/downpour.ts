#!/usr/bin/env node
/**
 * The command line. Each subcommand is loaded when it is called and not before, so that a board that restarts
 * `downpour onboard` reads no line of code that it does not need.
 *
 * Exit codes: 0 done, 1 not done, 2 the command line was wrong, and what a subcommand says in its --help.
 */
import { readFileSync } from 'node:fs'
import { UsageError } from './options.ts'

interface Entry {
  readonly about: string
  load(): Promise<(args: string[]) => Promise<number>>
}

const COMMANDS: Readonly<Record<string, Entry>> = {
  pass: {
    about: 'flies a whole pass on this computer: spacecraft, line and station',
    load: async () => (await import('./pass/pass.ts')).pass,
  },
  onboard: {
    about: 'runs the spacecraft end',
    load: async () => {
      // Before the code that it is for.
      const { staySmall } = await import('../hal/memory.ts')
      staySmall()
      return (await import('./onboard.ts')).onboard
    },
  },
  station: {
    about: 'runs the ground end, beside a terminal',
    load: async () => (await import('./station.ts')).station,
  },
  link: {
    about: 'simulates the line between the two: rate, delay, errors, outages',
    load: async () => (await import('./link.ts')).link,
  },
  send: {
    about: 'hands files to a running spacecraft end',
    load: async () => (await import('./send.ts')).send,
  },
  buffer: {
    about: 'shows what waits aboard, lets go what may go, reads it again',
    load: async () => (await import('./buffer.ts')).buffer,
  },
  uplink: {
    about: 'hands a file for the spacecraft to a running station',
    load: async () => (await import('./uplink.ts')).uplink,
  },
  command: {
    about: 'commands a spacecraft: aboard, or through a station',
    load: async () => (await import('./command.ts')).command,
  },
  status: {
    about: 'asks a running end or line how it is',
    load: async () => (await import('./status.ts')).status,
  },
  inspect: {
    about: 'shows what recorded octets say',
    load: async () => (await import('./inspect.ts')).inspect,
  },
  decode: {
    about: 'takes recordings apart: frames, packets, files, captures',
    load: async () => (await import('./decode.ts')).decode,
  },
  encode: {
    about: 'makes a recording that carries files',
    load: async () => (await import('./encode.ts')).encode,
  },
  cfdp: {
    about: 'sends and receives files over UDP, with any CFDP entity',
    load: async () => (await import('./cfdp.ts')).cfdp,
  },
  modem: {
    about: 'shows the kinds of modem, asks one how it is, emulates them',
    load: async () => (await import('./modem.ts')).modem,
  },
  plan: {
    about: 'contact plans: shows, checks, imports, computes from an orbit',
    load: async () => (await import('./plan.ts')).plan,
  },
  config: {
    about: 'checks a configuration file, or prints the schema of all of them',
    load: async () => (await import('./config.ts')).config,
  },
}

async function main(args: string[]): Promise<number> {
  const [name, ...rest] = args
  if (name === undefined) {
    process.stderr.write(`${help()}\n`)
    return USAGE
  }
  if (name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(`${help()}\n`)
    return 0
  }
  if (name === '--version' || name === '-V') {
    process.stdout.write(`downpour ${version()}\n`)
    return 0
  }
  const entry = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (entry === undefined)
    throw new UsageError(
      `Cannot run "${name}": one of ${Object.keys(COMMANDS).join(', ')} is needed`,
    )
  const command = await entry.load()
  return command(rest)
}

function help(): string {
  const rows = Object.entries(COMMANDS).map(
    ([name, entry]) => `  ${name.padEnd(8)}  ${entry.about}`,
  )
  return [
    'usage: downpour COMMAND [options]',
    '',
    'Brings every file of a small satellite down, and loses nothing when anything stops.',
    '',
    ...rows,
    '',
    '`downpour COMMAND --help` tells the rest; `downpour --version` which one this is.',
  ].join('\n')
}

/** package.json is beside bin/ in the source, and beside dist/ when built. */
function version(): string {
  for (const place of ['../package.json', '../../package.json']) {
    try {
      const { version: found } = JSON.parse(
        readFileSync(new URL(place, import.meta.url), 'utf8'),
      ) as {
        version: string
      }
      return found
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
    }
  }
  throw new Error('Cannot tell the version: package.json is missing')
}

const USAGE = 2

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  // By its name: what flies is a bundle of its own, and its class another.
  if (!(error instanceof Error && error.name === UsageError.name)) throw error
  process.stderr.write(`downpour: ${error.message}\n`)
  process.exitCode = USAGE
}
