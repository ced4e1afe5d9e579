/** What the line answers on its control socket: its status, and the cable pulled and plugged. */
import { Refusal, type Routes } from '../control.ts'
import type { EndName, Link } from './link.ts'

/** POST /pull and /plug take { end: 'onboard' | 'station', ms }; without it, the station's cable, for good. */
export function controlRoutes(link: Link): Routes {
  return {
    'GET /status': () => link.status(),
    'GET /healthz': () => ({ ok: true }),
    'POST /pull': body => {
      const { end, ms } = cableOf(body)
      link.pull(end, ms)
      return { pulled: link.status().pulled }
    },
    'POST /plug': body => {
      link.plug(cableOf(body).end)
      return { pulled: link.status().pulled }
    },
  }
}

function cableOf(body: unknown): { end: EndName; ms: number | undefined } {
  const asked = typeof body === 'object' ? body : { end: body }
  const { end = 'station', ms } = (asked ?? {}) as { end?: unknown; ms?: unknown }
  if (end !== 'onboard' && end !== 'station')
    throw new Refusal(
      400,
      `Cannot find end ${JSON.stringify(end)}: "onboard" or "station" is needed`,
    )
  if (ms !== undefined && !(typeof ms === 'number' && ms >= 0))
    throw new Refusal(400, `Cannot wait for ${JSON.stringify(ms)}: milliseconds are needed`)
  return { end, ms }
}
