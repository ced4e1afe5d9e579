/**
 * The configuration file in JSON Schema (2020-12): every key, its unit, its default. `downpour config schema`
 * prints it, and docs/config.schema.json is that print. The defaults here are the ones that are used.
 *
 * What ties two keys of different places together is no part of it: see consistency.ts.
 */
import type { Schema } from '@cfworker/json-schema'
import { BUFFER, RULES } from './buffer-schema.ts'
import { CFDP } from './cfdp-schema.ts'
import { DOWNLINK } from './downlink-schema.ts'
import { whole } from './keys.ts'
import { MODEM } from './modem-schema.ts'
import { CONTACTS } from './plan-schema.ts'
import { SAFE_MODE, WATCHDOG } from './process-schema.ts'
import { UPLINK } from './uplink-schema.ts'
import { INBOX, UPLOADS } from './uploads-schema.ts'

export const SCHEMA: Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Downpour configuration',
  description: 'One end of a link. Relative paths are relative to the folder of this file.',
  $defs: { modem: MODEM },
  type: 'object',
  additionalProperties: false,
  required: ['role', 'entity', 'peer'],
  properties: {
    role: {
      description: 'onboard: the spacecraft end. station: the ground end.',
      enum: ['onboard', 'station'],
    },
    entity: whole('CFDP entity id of this end.', 0, Number.MAX_SAFE_INTEGER),
    peer: whole('CFDP entity id of the other end.', 0, Number.MAX_SAFE_INTEGER),
    state: {
      description: 'Folder of the journal and the control socket.',
      type: 'string',
      minLength: 1,
      default: './state',
    },
    outbox: {
      description: 'onboard: folder whose files are brought down.',
      type: 'string',
      minLength: 1,
    },
    archive: {
      description: 'station: folder where whole files appear.',
      type: 'string',
      minLength: 1,
    },
    station: {
      description:
        'station: which station of the plan this is; it sends in its own main contacts alone. Absent: all contacts are its own.',
      type: 'string',
      minLength: 1,
    },
    inbox: INBOX,
    uploads: UPLOADS,
    buffer: BUFFER,
    rules: RULES,
    modem: { $ref: '#/$defs/modem', description: 'The line to the other end.' },
    modems: {
      description:
        'onboard: several modems instead of one, by the names that the contacts of the plan call them. Each sends while a contact of its own lasts; those that can are heard always.',
      type: 'object',
      minProperties: 1,
      maxProperties: 16,
      propertyNames: { pattern: '^[A-Za-z][A-Za-z0-9._-]{0,31}$' },
      additionalProperties: { $ref: '#/$defs/modem' },
    },
    receiver: {
      $ref: '#/$defs/modem',
      description:
        'Another modem that this end hears by, while it sends by `modem`; the same keys. Absent: one does both.',
    },
    safeMode: SAFE_MODE,
    watchdog: WATCHDOG,
    downlink: DOWNLINK,
    uplink: UPLINK,
    cfdp: CFDP,
    contacts: {
      ...CONTACTS,
      description:
        'When somebody hears the spacecraft; of a station: when it hears. Absent, and no `plan`: always.',
    },
    plan: {
      description: 'A contact plan in a file of its own (docs/plan.md), instead of `contacts`.',
      type: 'string',
      minLength: 1,
    },
    control: {
      description: 'Where this end answers: HTTP, for status, metrics and commands.',
      type: 'object',
      default: {},
      additionalProperties: false,
      properties: {
        socket: {
          description: 'Unix socket; default: control.sock in `state`.',
          type: 'string',
          minLength: 1,
        },
        http: {
          description: 'Also this port of 127.0.0.1.',
          type: 'integer',
          minimum: 0,
          maximum: 65_535,
        },
      },
    },
  },
  allOf: [
    {
      if: { properties: { role: { const: 'onboard' } }, required: ['role'] },
      then: { required: ['outbox'], properties: { archive: false, station: false } },
    },
    {
      if: { properties: { role: { const: 'station' } }, required: ['role'] },
      then: {
        required: ['archive'],
        properties: {
          outbox: false,
          inbox: false,
          modems: false,
          safeMode: false,
          watchdog: false,
        },
      },
    },
    {
      if: { required: ['modems'] },
      then: { properties: { modem: false } },
      else: { required: ['modem'] },
    },
    { if: { required: ['plan'] }, then: { properties: { contacts: false } } },
  ],
}
