/** What the line answers on its control socket: its status, its cable pulled and plugged, its troubles. */
import { Refusal, type Routes } from '../control.ts'
import type { EndName, Link } from './link.ts'
import { isTrouble, TROUBLES, type Trouble } from './trouble.ts'

/**
 * POST /pull and /plug take { end: 'onboard' | 'station', ms }; without it, the station's cable, for good. With
 * `hangup` the device vanishes too. POST /trouble and /mend take { kind, ms }.
 */
export function controlRoutes(link: Link): Routes {
  return {
    'GET /status': () => link.status(),
    'GET /healthz': () => ({ ok: true }),
    'POST /pull': async body => {
      const { end = 'station', ms, hangup } = fieldsOf(body, 'end')
      if (hangup === true) await link.hangUp(endOf(end), msOf(ms))
      else link.pull(endOf(end), msOf(ms))
      return { pulled: link.status().pulled }
    },
    'POST /plug': async body => {
      const { end = 'station' } = fieldsOf(body, 'end')
      await link.plug(endOf(end))
      return { pulled: link.status().pulled }
    },
    'POST /trouble': body => {
      const { kind, ms } = fieldsOf(body, 'kind')
      link.trouble(troubleOf(kind), msOf(ms))
      return { troubles: link.status().troubles }
    },
    'POST /mend': body => {
      link.mend(troubleOf(fieldsOf(body, 'kind')['kind']))
      return { troubles: link.status().troubles }
    },
  }
}

interface Fields {
  readonly [name: string]: unknown
  readonly end?: unknown
  readonly kind?: unknown
  readonly ms?: unknown
  readonly hangup?: unknown
}

/** A body that is no object is the value of its main field. */
function fieldsOf(body: unknown, main: string): Fields {
  return typeof body === 'object' ? { ...body } : { [main]: body }
}

function endOf(end: unknown): EndName {
  if (end === 'onboard' || end === 'station') return end
  throw new Refusal(400, `Cannot find end ${JSON.stringify(end)}: "onboard" or "station" is needed`)
}

function troubleOf(kind: unknown): Trouble {
  if (isTrouble(kind)) return kind
  throw new Refusal(
    400,
    `Cannot do ${JSON.stringify(kind)} to the line: one of ${TROUBLES.join(', ')} is needed`,
  )
}

function msOf(ms: unknown): number | undefined {
  if (ms === undefined || (typeof ms === 'number' && ms >= 0)) return ms
  throw new Refusal(400, `Cannot wait for ${JSON.stringify(ms)}: milliseconds are needed`)
}
