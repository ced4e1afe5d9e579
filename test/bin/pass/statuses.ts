/** Recorded moments of a pass, for what is drawn from them. */

import type {
  OnboardFile,
  OnboardStatus,
  StationFile,
  StationStatus,
} from '../../../bin/statuses.ts'
import type { LinkStatus } from '../../../hal/link/link.ts'
import { newCounters } from '../../../protocol/cfdp/entity/counters.ts'

const NOTHING = newCounters()
const MODEM = { octetsIn: 52_100, octetsOut: 1_340_000, opens: 1, errors: 0, isOpen: true }

export const ONBOARD: OnboardStatus = {
  role: 'onboard',
  pid: 101,
  rssPeakOctets: 58_100_000,
  toFirstFrameMs: 212,
  contact: { open: true, endsInMs: 12_400 },
  modes: { safe: false, frozen: false, suspended: 0 },
  clock: { utcMs: 1_767_225_600_000, steps: 2, lastStepMs: -3_600_500 },
  files: [
    sent({
      name: 'image-0001.raw',
      sequence: 1,
      state: 'done',
      sentOctets: 400_000,
      acknowledgedOctets: 400_000,
    }),
    sent({
      name: 'image-0002.raw',
      sequence: 2,
      state: 'awaiting',
      sentOctets: 400_000,
      acknowledgedOctets: 0,
    }),
    sent({
      name: 'telemetry.bin',
      sequence: 3,
      state: 'sending',
      sentOctets: 210_000,
      acknowledgedOctets: 0,
    }),
    sent({ name: 'log.txt', sequence: 4, state: 'queued', sentOctets: 0, acknowledgedOctets: 0 }),
  ],
  buffer: { files: 3, octets: 1_200_000, filesMax: 10_000, octetsMax: 4_000_000, refused: 0 },
  pdus: { sent: 1_020, retransmitted: 36 },
  counters: {
    ...NOTHING,
    recv: { ...NOTHING.recv, pdu: 7, nak_segment_requests: 36 },
    sent: { ...NOTHING.sent, pdu: 1_020, file_data_bytes: 1_010_000 },
  },
  queues: { pend: 1, txa: 1, txw: 1, rx: 0 },
  frames: { sent: 1_216, idle: 4 },
  uplink: {
    frames: 9,
    malformed: 0,
    foreign: 0,
    cop1: { state: 'open', expected: 9, duplicate: 0, early: 0, refused: 0 },
  },
  carriage: { frameOctets: 1_350_000, contactMs: 12_600, busyMs: 12_390 },
  modem: MODEM,
}

export const STATION: StationStatus = {
  role: 'station',
  pid: 102,
  rssPeakOctets: 60_200_000,
  contact: { open: true },
  clock: { utcMs: 1_767_225_600_000, steps: 0, lastStepMs: 0 },
  locked: true,
  frames: { good: 1_204, corrected: 3, lost: 12, bad: 12 },
  pdus: { received: 1_003, sent: 9, malformed: 0 },
  counters: {
    ...NOTHING,
    recv: { ...NOTHING.recv, pdu: 1_003 },
    fault: { ...NOTHING.fault, crc_mismatch: 1 },
  },
  queues: { pend: 0, txa: 0, txw: 0, rx: 2 },
  uplink: { service: 'bd', frames: 9 },
  uploads: [],
  orders: [],
  files: [
    held({
      name: 'image-0001.raw',
      sequence: 1,
      state: 'delivered',
      heldOctets: 400_000,
      path: '/tmp/a',
    }),
    held({
      name: 'image-0002.raw',
      sequence: 2,
      heldOctets: 300_000,
      gapCount: 2,
      gaps: [
        [100_000, 180_000],
        [300_000, 320_000],
      ],
    }),
    held({ name: 'telemetry.bin', sequence: 3, heldOctets: 200_000 }),
  ],
  modem: MODEM,
}

export const LINK: LinkStatus = {
  role: 'link',
  pid: 103,
  rssPeakOctets: 47_000_000,
  rateBps: 1_000_000,
  contact: { open: false, startsInMs: 3_000 },
  pulled: [],
  troubles: [],
  down: {
    octetsIn: 1_340_000,
    octetsOut: 1_320_000,
    bitErrors: 17,
    framesHit: 15,
    slips: 1,
    dropped: 20_000,
  },
  up: { octetsIn: 5_200, octetsOut: 5_200, bitErrors: 0, framesHit: 0, slips: 0, dropped: 0 },
}

function sent(part: Omit<OnboardFile, 'octets'>): OnboardFile {
  return { octets: 400_000, ...part }
}

function held(part: Partial<StationFile> & { name: string; sequence: number }): StationFile {
  return {
    source: 1,
    octets: 400_000,
    heldOctets: 0,
    gapCount: 0,
    gaps: [],
    state: 'receiving',
    ...part,
  }
}
