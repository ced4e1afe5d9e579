/** The section `cfdp` of the configuration: class, checksum, timers and limits of file delivery. */
import type { Schema } from '@cfworker/json-schema'
import { SEGMENT_OCTETS_MAX } from '../../protocol/cfdp/segment-size.ts'
import { flag, whole } from './keys.ts'

export const CFDP: Schema = {
  description: 'File delivery: CCSDS 727.0-B-5.',
  type: 'object',
  default: {},
  additionalProperties: false,
  properties: {
    class: {
      description: '1: unacknowledged. 2: acknowledged, nothing is lost.',
      enum: [1, 2],
      default: 2,
    },
    checksum: {
      description: 'Checksum of whole files. null: none.',
      enum: ['crc32c', 'crc32', 'modular', 'null', null],
      default: 'crc32c',
    },
    segmentOctets: {
      description:
        'File octets of one PDU. auto: by the frame and the frame loss expected of the contacts.',
      anyOf: [{ const: 'auto' }, { type: 'integer', minimum: 1, maximum: SEGMENT_OCTETS_MAX }],
      default: 'auto',
    },
    pduCrc: flag('Every PDU ends with a CRC (2 octets). Frames have their own.', false),
    entityOctets: whole('Octets of an entity id.', 1, 8, 2),
    sequenceOctets: whole('Octets of a transaction sequence number.', 1, 8, 4),
    nak: {
      description:
        'station: ask for what is missing at once, or when the end of the file was heard.',
      enum: ['immediate', 'deferred'],
      default: 'immediate',
    },
    ackMs: whole(
      'Milliseconds of contact until an unanswered EOF or Finished is sent again.',
      1,
      86_400_000,
      5000,
    ),
    nakMs: whole(
      'Milliseconds of contact until what is still missing is asked for again.',
      1,
      86_400_000,
      3000,
    ),
    ackLimit: whole(
      'Times an EOF or Finished is sent again before the file is given up; 0: never.',
      0,
      1e9,
      0,
    ),
    nakLimit: whole(
      'Times in a row a NAK brings nothing before the file is given up; 0: never.',
      0,
      1e9,
      0,
    ),
  },
}
