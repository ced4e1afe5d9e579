import t from 'tap'
import { inkFor } from '../../bin/ink.ts'
import type { UploadFile } from '../../bin/statuses.ts'
import { stationUplinkText } from '../../bin/uplink-lines.ts'
import { inboxRows, uploadRows } from '../../bin/upload-lines.ts'
import { ONBOARD, STATION } from './pass/statuses.ts'

const INK = inkFor(false)
const FILE: UploadFile = {
  sequence: 1,
  name: 'plan.yaml',
  octets: 2_000,
  state: 'sending',
  sentOctets: 1_000,
  acknowledgedOctets: 0,
}

t.test('inboxRows() tells what came up and what is on its way', t => {
  t.strictSame(inboxRows(ONBOARD, INK), [])
  const file = {
    transaction: '2-1',
    name: 'a',
    octets: 200,
    heldOctets: 50,
    state: 'receiving',
  } as const
  const files = [file, { ...file, name: '', octets: null }, { ...file, state: 'whole' } as const]
  const plan = { taken: 1, refused: 2, issuedMs: 86_400_000, why: 'no contact is left' }
  const uploads = { whole: 3, failed: 1, octets: 50, diskReady: false, plan, files }
  t.match(inboxRows({ ...ONBOARD, uploads }, INK), [
    ['inbox', '3 whole, 1 failed, it cannot be written'],
    ['', /^a +25/],
    ['', /50 B/],
    ['plan', 'in force of 1970-01-02T00:00:00Z, 1 taken over, 2 refused: no contact is left'],
  ])
  const none = { taken: 0, refused: 0, issuedMs: null }
  const quiet = { ...uploads, failed: 0, diskReady: true, plan: none, files: [] }
  t.strictSame(inboxRows({ ...ONBOARD, uploads: quiet }, INK), [['inbox', '3 whole']])
  const unsaid = { ...quiet, plan: { ...none, taken: 1 } }
  t.strictSame(inboxRows({ ...ONBOARD, uploads: unsaid }, INK).at(-1), [
    'plan',
    'in force, 1 taken over',
  ])
  t.end()
})

t.test('uploadRows() tells of the newest files for the spacecraft', t => {
  const failed = { ...FILE, state: 'failed', why: 'filestore rejection' } as const
  const uploads = [
    FILE,
    failed,
    { ...FILE, state: 'delivered', acknowledgedOctets: 2_000 } as const,
    { ...FILE, sequence: 17, suspended: true } as const,
  ]
  t.match(uploadRows({ ...STATION, uploads }, INK), [
    ['up', /plan.yaml.*50.*sending/],
    ['', /failed: filestore rejection/],
    ['', /100.*delivered/],
    ['', /17 plan.yaml.*suspended/],
  ])
  t.equal(uploadRows({ ...STATION, uploads: Array.from({ length: 9 }, () => FILE) }, INK).length, 5)
  t.end()
})

t.test('stationUplinkText() says what waits for an uplink, and what for the spacecraft', t => {
  const text = (uplink: object, rx: number) =>
    stationUplinkText(
      { ...STATION, uplink: { ...STATION.uplink, ...uplink }, queues: { ...STATION.queues, rx } },
      INK,
    )
  t.equal(text({ unheard: true }, 0), 'BD, 9 frames, files wait until the spacecraft is heard')
  t.equal(text({ service: 'none' }, 3), 'none: it only listens, 3 in parts wait for an uplink')
  t.equal(text({ service: 'none' }, 0), 'none: it only listens')
  t.end()
})
