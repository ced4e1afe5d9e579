/** What every long-lived process of ours does around its shell: signals, the state folder, the control socket, the end. */
import { placeOf, type Route, serveControl, startingRoutes } from './control.ts'
import { endOnFault } from './fatal.ts'
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

/** Runs the shell that `open` gives until the process is told to end (SIGTERM, SIGINT). */
export async function runShell<Name extends string>(
  role: string,
  config: { readonly state: string; readonly control: Parameters<typeof placeOf>[0] },
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
  const control = await serveControl(placeOf(config.control), routes)
  try {
    const shell = await open({ log, signal: end.signal })
    Object.assign(routes, shell.routes())
    await shell.run().catch(endBy)
    await control.close()
    await shell.close()
    log.info(`${role} ends`)
  } finally {
    await control.close()
  }
}
