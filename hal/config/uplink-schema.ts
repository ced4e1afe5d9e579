/** The section `uplink` of the configuration: frames, COP-1, segmentation and security of what goes up. */
import type { Schema } from '@cfworker/json-schema'
import { flag, whole } from './keys.ts'

const ASSOCIATION: Readonly<Record<string, Schema>> = {
  spi: whole('Security parameter index.', 1, 65_534),
  keyFile: {
    description:
      'File of the key: 32 octets, or 64 hexadecimal digits. Its mode must be 0400. Both ends have the same.',
    type: 'string',
    minLength: 1,
  },
  mode: {
    description: 'encrypt: the data are encrypted and authenticated. authenticate: the latter.',
    enum: ['encrypt', 'authenticate'],
    default: 'encrypt',
  },
}

export const UPLINK: Schema = {
  description: 'The TC uplink: CCSDS 232.0-B-4 and 231.0-B-4. Both ends must say the same.',
  type: 'object',
  default: {},
  additionalProperties: false,
  properties: {
    virtualChannel: whole('Virtual channel of the frames.', 0, 63, 0),
    apid: whole('APID of the packets.', 0, 2046, 2045),
    commandApid: whole('APID of the packets of commands: docs/commands.md.', 0, 2046, 2044),
    randomized: flag('Frames are randomized before they are coded.', true),
    rateBps: whole('Bits per second of the channel.', 1, 1e9, 64_000),
    frameOctetsMax: whole('Octets of the largest frame.', 32, 1024, 1024),
    service: {
      description:
        'station: ad: COP-1 sends frames again until the CLCW acknowledges them, in order. bd: each goes once. none: it only listens.',
      enum: ['ad', 'bd', 'none'],
      default: 'bd',
    },
    cop1: {
      description: 'Of the AD service: CCSDS 232.1-B-2.',
      type: 'object',
      default: {},
      additionalProperties: false,
      properties: {
        window: whole(
          'Frames that may be under way; the spacecraft takes numbers up to so many on either side.',
          1,
          127,
          10,
        ),
        timeoutMs: whole(
          'station: milliseconds of contact until a frame is sent again unasked.',
          1,
          86_400_000,
          3_000,
        ),
        transmissionLimit: whole('station: times that a frame is sent at most.', 1, 255, 10),
        atLimit: {
          description:
            'station: what ends there. alert: the service, and what was under way is lost. suspend: neither.',
          enum: ['alert', 'suspend'],
          default: 'alert',
        },
      },
    },
    segmentation: {
      description: 'Every frame has a segment header, and packets may be longer than frames.',
      type: 'object',
      additionalProperties: false,
      properties: {
        map: whole('station: multiplexer access point of the packets.', 0, 63, 0),
        packetOctetsMax: whole('Octets of the longest packet.', 32, 65_542, 4_096),
      },
    },
    sdls: {
      description: 'Frames are secured with AES-256-GCM: CCSDS 355.0-B-2.',
      type: 'object',
      additionalProperties: false,
      required: ['spi', 'keyFile'],
      properties: {
        ...ASSOCIATION,
        window: whole(
          'onboard: how far ahead of the number taken last a frame may be.',
          1,
          Number.MAX_SAFE_INTEGER,
          2 ** 48,
        ),
        others: {
          description: 'onboard: further associations, so that a station can change its key.',
          type: 'array',
          default: [],
          items: {
            type: 'object',
            additionalProperties: false,
            required: ['spi', 'keyFile', 'mode', 'operational'],
            properties: {
              ...ASSOCIATION,
              operational: {
                description: 'What comes under an association that is not is refused.',
                type: 'boolean',
              },
            },
          },
        },
      },
    },
  },
}
