/** The line's control socket: GET /status and /healthz, POST /pull and /plug with { end, ms }. */
import type { EndName, Link } from './link.ts'

export interface Reply {
  readonly status: number
  readonly body: unknown
}

/** What the line does when it is asked, and what it answers. `body` is the parsed JSON of the question, if any. */
export function replyOf(link: Link, question: string, body?: unknown): Reply {
  switch (question) {
    case 'GET /status':
      return { status: 200, body: link.status() }
    case 'GET /healthz':
      return { status: 200, body: { ok: true } }
    case 'POST /pull':
    case 'POST /plug': {
      const cable = cableOf(body)
      if (cable === undefined) return { status: 400, body: { why: BODY_NEEDED } }
      if (question === 'POST /pull') link.pull(cable.end, cable.ms)
      else link.plug(cable.end)
      return { status: 200, body: { pulled: link.status().pulled } }
    }
    default:
      return { status: 404, body: { why: `There is no ${question}` } }
  }
}

/** Without a body it is the station's cable, for good. */
function cableOf(body: unknown): { end: EndName; ms: number | undefined } | undefined {
  if (body === undefined || body === null) return { end: 'station', ms: undefined }
  if (typeof body !== 'object') return undefined
  const { end = 'station', ms } = body as { end?: unknown; ms?: unknown }
  if (end !== 'onboard' && end !== 'station') return undefined
  if (ms === undefined) return { end, ms: undefined }
  return typeof ms === 'number' && ms >= 0 ? { end, ms } : undefined
}

const BODY_NEEDED =
  'The body must be {"end": "onboard" or "station", "ms": a time, if it is to end}'
