/** What every long-lived process of ours does around its shell: signals, the state folder, the control socket, the end. */
import { type Control, type Route, serveControl, startingRoutes } from './control.ts'
import { endOnFault } from './fatal.ts'
import { errorCode } from './file-error.ts'
import { type Log, openLog } from './log.ts'
import { holdStateFolder } from './state-folder.ts'
import { systemClock } from './system-clock.ts'

/** One end in the world. */
export interface Shell<Name extends string> {
  readonly routes: () => Record<Name, Route>
  /** Until the signal aborts. */
  readonly run: () => Promise<void>
  readonly close: () => Promise<void>
}

export interface Surroundings {
  readonly log: Log
  /** Aborts when the process is told to end. */
  readonly signal: AbortSignal
}

interface Config {
  readonly role: 'onboard' | 'station'
  readonly state: string
  readonly control: { readonly socket: string; readonly http?: number | undefined }
}

/** Runs the shell that `open` gives until the process is told to end (SIGTERM, SIGINT). */
export async function runShell<Name extends string>(
  config: Config,
  routeNames: readonly Name[],
  open: (around: Surroundings) => Promise<Shell<Name>>,
): Promise<void> {
  const end = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => end.abort())
  const log = openLog(1, systemClock)
  const endBy = endOnFault(log)
  // Both are had before anything in the state folder is touched.
  await holdStateFolder(config.state)
  const routes = startingRoutes(routeNames)
  const control = await controlOf(config, routes, log)
  try {
    const shell = await open({ log, signal: end.signal })
    Object.assign(routes, shell.routes())
    await shell.run().catch(endBy)
    await control.close()
    await shell.close()
    log.info(`${config.role} ends`)
  } finally {
    await control.close()
  }
}

/** A spacecraft that cannot be asked aboard flies all the same: the uplink is what counts. */
async function controlOf(
  { role, control }: Config,
  routes: Record<string, Route>,
  log: Log,
): Promise<Control> {
  const { socket: socketPath, http: port } = control
  const socket = { socketPath }
  const places = port === undefined ? [socket] : [{ socketPath, port }, socket, { port }]
  for (const place of places) {
    try {
      return await serveControl(place, routes)
    } catch (error) {
      if (role !== 'onboard' || errorCode(error) === undefined) throw error
      log.error('nobody aboard can ask', { ...place, why: String(error) })
    }
  }
  return { port: undefined, close: async () => {} }
}
