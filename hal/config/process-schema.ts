/** The keys of the flight process: what is done when it dies again and again, and who watches it. */
import type { Schema } from '@cfworker/json-schema'

export const SAFE_MODE: Schema = {
  description:
    'onboard: what is done about a process that dies at every start: docs/operations.md.',
  type: 'object',
  default: {},
  additionalProperties: false,
  properties: {
    deaths: {
      description: 'So many starts in a row that ended soon lead to the safe mode; 0: none do.',
      type: 'integer',
      minimum: 0,
      maximum: 1_000_000,
      default: 5,
    },
    withinMs: {
      description: 'Milliseconds after which a start counts as a good one.',
      type: 'integer',
      minimum: 1,
      maximum: 86_400_000,
      default: 30_000,
    },
  },
}

export const WATCHDOG: Schema = {
  description: 'onboard: watchdog device of the system, such as /dev/watchdog. Absent: none.',
  type: 'string',
  minLength: 1,
}
