/** Which control socket is meant: named, or that of a configuration. */
import { configAt } from './config-file.ts'
import { path, UsageError } from './options.ts'

/** The options of every command that talks to a running process. */
export const SOCKET_OPTIONS = {
  socket: path('control socket of the process'),
  config: path('its configuration file, which names the socket'),
}

/** @throws UsageError if neither is given, or both */
export async function controlSocket(given: {
  readonly socket: string | undefined
  readonly config: string | undefined
}): Promise<string> {
  if (given.socket !== undefined && given.config !== undefined)
    throw new UsageError('Cannot use both --socket and --config: one of them is needed')
  if (given.socket !== undefined) return given.socket
  if (given.config === undefined)
    throw new UsageError('Cannot tell whom to ask: --socket or --config is needed')
  return (await configAt(given.config)).control.socket
}
