import t from 'tap'
import { inkFor } from '../../bin/ink.ts'
import type { UploadFile } from '../../bin/statuses.ts'
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
  const uploads = { whole: 3, failed: 1, octets: 50, diskReady: false, files }
  t.match(inboxRows({ ...ONBOARD, uploads }, INK), [
    ['inbox', '3 whole, 1 failed, it cannot be written'],
    ['', /^a +25/],
    ['', /50 B/],
  ])
  const quiet = { ...uploads, failed: 0, diskReady: true, files: [] }
  t.strictSame(inboxRows({ ...ONBOARD, uploads: quiet }, INK), [['inbox', '3 whole']])
  t.end()
})

t.test('uploadRows() tells of the newest files for the spacecraft', t => {
  const failed = { ...FILE, state: 'failed', why: 'filestore rejection' } as const
  const uploads = [
    FILE,
    failed,
    { ...FILE, state: 'delivered', acknowledgedOctets: 2_000 } as const,
  ]
  t.match(uploadRows({ ...STATION, uploads }, INK), [
    ['up', /plan.yaml.*50.*sending/],
    ['', /failed: filestore rejection/],
    ['', /100.*delivered/],
  ])
  t.equal(uploadRows({ ...STATION, uploads: Array.from({ length: 9 }, () => FILE) }, INK).length, 5)
  t.end()
})
