/**
 * The configuration file in JSON Schema (2020-12): every key, its unit, its default. `downpour config schema`
 * prints it, and docs/config.schema.json is that print. The defaults here are the ones that are used.
 *
 * What ties two keys of different places together is no part of it: see consistency.ts.
 */
import type { Schema } from '@cfworker/json-schema'
import { SEGMENT_OCTETS_MAX } from '../../protocol/cfdp/segment-size.ts'
import { MODEM } from './modem-schema.ts'
import { CONTACTS } from './plan-schema.ts'
import { SAFE_MODE, WATCHDOG } from './process-schema.ts'

const DOWNLINK: Schema = {
  description:
    'The downlink: CCSDS 132.0-B-3 or 732.0-B-5, and 131.0-B-6. Both ends must say the same.',
  type: 'object',
  default: {},
  additionalProperties: false,
  properties: {
    spacecraftId: whole('Spacecraft id of the frames.', 0, 1023, 42),
    frame: {
      description: 'What the packets are in: TM frames, or AOS frames with an M_PDU.',
      enum: ['tm', 'aos'],
      default: 'tm',
    },
    fhec: flag(
      'Of AOS frames: every header has an error control field (2 octets), which corrects it.',
      false,
    ),
    insertOctets: whole('Of AOS frames: octets of the insert zone, sent as zeros.', 0, 1024, 0),
    interleave: {
      description: 'Reed-Solomon (255,223) codewords in one codeblock; 0: no Reed-Solomon.',
      enum: [0, 1, 2, 3, 4, 5, 8],
      default: 5,
    },
    basis: {
      description: 'The basis in which Reed-Solomon symbols are written; the standard has dual.',
      enum: ['dual', 'conventional'],
      default: 'dual',
    },
    randomized: flag('Codeblocks are randomized.', true),
    randomizer: {
      description:
        'The sequence they are randomized with. short: 255 bits, which most receivers know; long: 131,071 bits, the default of 131.0-B-6.',
      enum: ['short', 'long'],
      default: 'short',
    },
    ocf: flag(
      'Every frame has an operational control field (4 octets), which carries the CLCW.',
      true,
    ),
    fecf: flag('Every frame ends with a frame error control field (2 octets).', true),
    frameOctets: {
      description:
        'Octets of a frame where there is no Reed-Solomon (interleave 0); else 223 x interleave.',
      type: 'integer',
      minimum: 14,
      maximum: 2048,
    },
    virtualChannel: whole(
      'Virtual channel of the file packets: of TM 0 to 6, of AOS 0 to 62.',
      0,
      62,
      0,
    ),
    urgentChannel: whole(
      'Virtual channel of all PDUs but file data, whose frames go first. Absent: that of the file packets.',
      0,
      62,
    ),
    apid: whole('APID of the file packets. Wireshark takes 2045 for CFDP.', 0, 2046, 2045),
    housekeeping: {
      description: 'Packets that say how the spacecraft is: docs/telemetry.md.',
      type: 'object',
      default: {},
      additionalProperties: false,
      properties: {
        virtualChannel: whole('Virtual channel of the packets, and of nothing else.', 0, 62, 1),
        apid: whole('APID of the packets.', 0, 2046, 2043),
        periodMs: whole(
          'onboard: milliseconds between two; 0: only in answer to a command.',
          0,
          86_400_000,
          60_000,
        ),
      },
    },
    rateBps: whole(
      'Bits per second of the channel, markers and check symbols counted. Unless told 1000000, or what fits modem.baudRate.',
      1,
      1e10,
    ),
  },
}

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

const UPLINK: Schema = {
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
        'station: ad: COP-1 sends frames again until the CLCW acknowledges them, in order. bd: each goes once.',
      enum: ['ad', 'bd'],
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

const CFDP: Schema = {
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

const RULES: Schema = {
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

export const SCHEMA: Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Downpour configuration',
  description: 'One end of a link. Relative paths are relative to the folder of this file.',
  type: 'object',
  additionalProperties: false,
  required: ['role', 'entity', 'peer', 'modem'],
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
    buffer: {
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
    },
    rules: RULES,
    modem: MODEM,
    receiver: {
      ...MODEM,
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
      then: { required: ['outbox'], properties: { archive: false } },
    },
    {
      if: { properties: { role: { const: 'station' } }, required: ['role'] },
      then: {
        required: ['archive'],
        properties: { outbox: false, safeMode: false, watchdog: false },
      },
    },
    { if: { required: ['plan'] }, then: { properties: { contacts: false } } },
  ],
}

function whole(description: string, minimum: number, maximum: number, fallback?: number): Schema {
  const schema: Schema = { description, type: 'integer', minimum, maximum }
  return fallback === undefined ? schema : { ...schema, default: fallback }
}

function flag(description: string, fallback: boolean): Schema {
  return { description, type: 'boolean', default: fallback }
}
