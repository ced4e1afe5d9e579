/** The sections `buffer` and `rules` of the configuration: what may wait, and what is dropped when there is no room. */
import type { Schema } from '@cfworker/json-schema'
import { flag, whole } from './keys.ts'

export const BUFFER: Schema = {
  description:
    'onboard: what may wait for acknowledgement. station: files open at once, octets of one file.',
  type: 'object',
  default: {},
  additionalProperties: false,
  properties: {
    filesMax: whole('Files.', 1, 1_000_000, 10_000),
    octetsMax: whole('Octets.', 1, Number.MAX_SAFE_INTEGER, 8 * 1024 ** 3),
    whenFull: {
      description:
        'onboard: refuse a file that comes, or drop what would be sent last and is not pinned.',
      enum: ['refuse', 'drop'],
      default: 'refuse',
    },
    dropBegun: flag('onboard: a file of which something was sent may be dropped, too.', false),
    late: {
      description: 'onboard: what becomes of a file that has missed its deadline.',
      enum: ['keep', 'drop'],
      default: 'keep',
    },
  },
}

export const RULES: Schema = {
  description:
    'onboard: what holds for files of the outbox, by name; the first that matches counts.',
  type: 'array',
  default: [],
  items: {
    type: 'object',
    additionalProperties: false,
    required: ['match'],
    properties: {
      match: {
        description: 'A path within the outbox; * is any part of a name, ** any part of a path.',
        type: 'string',
        minLength: 1,
      },
      priority: whole('0 goes first, 9 last; 5 unless told.', 0, 9),
      deadlineS: whole('Seconds after which it should be on the ground.', 1, 1e9),
      pinned: { description: 'It is never dropped.', type: 'boolean' },
      filesMax: whole('Files that match and may be in the buffer.', 1, 1_000_000),
      octetsMax: whole('Octets of them.', 1, Number.MAX_SAFE_INTEGER),
    },
  },
}
