/** The keys of files that go up: docs/uplink.md. */
import type { Schema } from '@cfworker/json-schema'
import { flag, whole } from './keys.ts'

export const INBOX: Schema = {
  description: 'onboard: folder where files from the ground appear. Absent: none are taken.',
  type: 'string',
  minLength: 1,
}

export const UPLOADS: Schema = {
  description: 'Files that go up: docs/uplink.md.',
  type: 'object',
  default: {},
  additionalProperties: false,
  properties: {
    plan: {
      description:
        'onboard: a file that comes up under this name is the contact plan, and is taken over (docs/plan.md). Absent: none is.',
      type: 'string',
      minLength: 1,
    },
    filesMax: whole(
      'onboard: files on their way up at once. station: files that wait to go up.',
      1,
      1_000,
      64,
    ),
    fileOctetsMax: whole('Octets of one file.', 0, 2 ** 32 - 1, 64 * 1024 ** 2),
    octetsMax: whole(
      'Octets of all that are on their way, or wait.',
      0,
      Number.MAX_SAFE_INTEGER,
      256 * 1024 ** 2,
    ),
    blind: flag(
      'station: file data go up before anything of the spacecraft was heard in a contact. false: until then only directives do. Commands always go.',
      false,
    ),
  },
}
