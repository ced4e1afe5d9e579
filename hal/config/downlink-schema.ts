/** The section `downlink` of the configuration: frames, coding, channels and rate of what comes down. */
import type { Schema } from '@cfworker/json-schema'
import { flag, whole } from './keys.ts'

export const DOWNLINK: Schema = {
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
