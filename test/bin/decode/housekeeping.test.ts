import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { HousekeepingTally } from '../../../bin/decode/housekeeping-tally.ts'
import { inspectPacket } from '../../../bin/inspect/describe-link.ts'
import {
  encodeHousekeeping,
  type Housekeeping,
  NUMBERS,
} from '../../../protocol/command/housekeeping.ts'
import { encodeSpacePacket } from '../../../protocol/packet/space-packet.ts'
import { run } from '../../kit/bench.ts'

const REPORT = {
  ...Object.fromEntries(NUMBERS.map(([name]) => [name, 3])),
  isSafe: false,
  isFrozen: false,
  commandRefusal: '',
} as unknown as Housekeeping

function packet(utcMs: number, apid = 2_043, data = encodeHousekeeping({ ...REPORT, utcMs })) {
  const header = { telecommand: false, secondaryHeader: false, flags: 3, count: utcMs & 0x3fff }
  return encodeSpacePacket({ ...header, apid, data })
}

t.test('HousekeepingTally counts what is housekeeping, and keeps the newest', async t => {
  const tally = new HousekeepingTally(2_043)
  t.equal(tally.report(), null)
  t.notOk(tally.take(packet(1, 2_045)), 'another APID')
  t.notOk(tally.take(packet(1, 2_043, Uint8Array.of(9, 9))), 'something else')
  t.notOk(tally.take(packet(1).subarray(0, 4)), 'no packet')
  for (const utcMs of [5_000, 9_000, 7_000]) t.ok(tally.take(packet(utcMs)))
  t.match(tally.report(), { packets: 3, newest: { utcMs: 9_000, starts: 3 } })
})

t.test('inspectPacket() describes housekeeping', async t => {
  const { description, good } = inspectPacket(packet(5_000), undefined)
  t.ok(good)
  t.match(description, { housekeeping: { utc_ms: 5_000, buffer_files: 3, is_safe: false } })
  t.notOk('housekeeping' in inspectPacket(packet(5_000), undefined, 2_044).description)
  const other = inspectPacket(packet(1, 2_043, Uint8Array.of(9, 9)), undefined)
  t.notOk('housekeeping' in other.description)
})

t.test('downpour decode says what the newest housekeeping says', async t => {
  const file = join(t.testdir(), 'a.packets')
  writeFileSync(file, Buffer.concat([packet(1_000), packet(2_000)]))
  const shown = await run('decode', file, '--format', 'packets')
  t.match(shown, { code: 0, err: '' })
  t.match(shown.out, /told {7}2 housekeeping packets, the newest of 1970-01-01T00:00:02.000Z/)
  t.match(shown.out, /aboard {3}nominal, up 3 s, start 3/)
  const json = JSON.parse((await run('decode', file, '--format', 'packets', '--json')).out)
  t.match(json, { housekeeping: { packets: 2, newest: { utcMs: 2_000 } }, cfdp: { pdus: {} } })
})
