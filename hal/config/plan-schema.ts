/**
 * The plan document in JSON Schema (2020-12), for editors and for the `contacts` of a configuration; `downpour plan
 * schema` prints it, and docs/plan.schema.json is that print. What reads a document is protocol/plan/document.ts,
 * aboard too; a test holds the two together.
 */
import type { Schema } from '@cfworker/json-schema'
import { PLAN_LIMITS } from '../../protocol/plan/document.ts'
import { TEXT_MAX } from '../../protocol/plan/fields.ts'
import { UTC_MS_END } from '../../protocol/plan/utc.ts'

const RATE: Schema = {
  type: 'object',
  additionalProperties: false,
  required: ['downBps'],
  properties: {
    fromMs: offset('Milliseconds from the start of the contact; 0 for the first, and if absent.'),
    downBps: rate('Bits per second of the downlink channel, markers and check symbols counted.'),
    upBps: rate('Bits per second of the uplink channel. Absent: as configured.'),
  },
}

const ELEVATION: Schema = {
  type: 'object',
  additionalProperties: false,
  required: ['atMs', 'degrees'],
  properties: {
    atMs: offset('Milliseconds from the start of the contact.'),
    degrees: {
      description: 'Above the horizon of the station.',
      type: 'number',
      minimum: -90,
      maximum: 90,
    },
  },
}

export const CONTACTS: Schema = {
  description: 'Who hears the spacecraft, and when; stations may hear at the same time.',
  type: 'array',
  maxItems: PLAN_LIMITS.contactsMax,
  items: {
    type: 'object',
    additionalProperties: false,
    required: ['start', 'end'],
    properties: {
      start: instant('when it begins.'),
      end: instant('when it is over.'),
      station: name('Who hears.'),
      role: {
        description: 'main: the station hears and sends. secondary: it only hears. Absent: main.',
        enum: ['main', 'secondary'],
      },
      modem: name('Which modem of the spacecraft it is for, where there are several.'),
      rates: {
        description: 'Rates, ascending in time. Absent: those of the link, as configured.',
        type: 'array',
        maxItems: PLAN_LIMITS.ratesMax,
        items: RATE,
      },
      expectedFrameLoss: {
        description:
          'The share of frames that will be lost, 0 to 1: it decides the size of segments.',
        type: 'number',
        minimum: 0,
        exclusiveMaximum: 1,
      },
      elevation: {
        description: 'How high the spacecraft stands, ascending in time.',
        type: 'array',
        maxItems: PLAN_LIMITS.elevationMax,
        items: ELEVATION,
      },
    },
  },
}

export const PLAN_SCHEMA: Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Downpour contact plan',
  description: 'Who hears the spacecraft, from when to when, how fast and how well.',
  type: 'object',
  additionalProperties: false,
  required: ['plan', 'contacts'],
  properties: {
    plan: { description: 'The version of this format.', const: 1 },
    issued: instant('when the plan was made; an older one does not take its place.'),
    contacts: CONTACTS,
  },
}

function instant(description: string): Schema {
  return {
    description: `UTC as 2026-01-01T00:00:00Z, or milliseconds since 1970: ${description}`,
    anyOf: [
      {
        type: 'string',
        pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d(:\\d\\d(\\.\\d+)?)?(Z|[+-]\\d\\d:\\d\\d)$',
      },
      { type: 'number', minimum: 0, exclusiveMaximum: UTC_MS_END },
    ],
  }
}

function rate(description: string): Schema {
  return { description, type: 'number', minimum: 0, maximum: PLAN_LIMITS.bpsMax }
}

function name(description: string): Schema {
  return { description, type: 'string', minLength: 1, maxLength: TEXT_MAX }
}

function offset(description: string): Schema {
  return { description, type: 'number', minimum: 0, maximum: 86_400_000 }
}
