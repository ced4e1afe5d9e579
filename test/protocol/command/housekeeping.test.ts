import t from 'tap'
import {
  decodeHousekeeping,
  encodeHousekeeping,
  type Housekeeping,
  NUMBERS,
} from '../../../protocol/command/housekeeping.ts'

const NUMBERED = Object.fromEntries(NUMBERS.map(([name, width], i) => [name, width === 1 ? 1 : i]))
const REPORT = {
  isSafe: true,
  isFrozen: false,
  ...NUMBERED,
  commandRefusal: 'no such file',
  planRefusal: 'contacts: no main contact is left',
} as Housekeeping

t.test('decodeHousekeeping() reads what encodeHousekeeping() wrote', async t => {
  t.strictSame(decodeHousekeeping(encodeHousekeeping(REPORT)), REPORT)
  const other = { ...REPORT, isSafe: false, isFrozen: true, commandRefusal: 'ä' }
  t.strictSame(decodeHousekeeping(encodeHousekeeping(other)), other)
})

t.test(
  'encodeHousekeeping() counts modulo its fields, in whole numbers, and cuts texts',
  async t => {
    const report = {
      ...REPORT,
      framesSent: 2 ** 32 + 5,
      uptimeS: 7.9,
      commandRefusal: 'x'.repeat(500),
      planRefusal: 'y'.repeat(121),
    }
    const read = decodeHousekeeping(encodeHousekeeping(report)) as Housekeeping
    t.match(read, { framesSent: 5, uptimeS: 7 })
    t.match(read, { commandRefusal: /^x{120}$/, planRefusal: /^y{120}$/ })
  },
)

t.test('decodeHousekeeping() refuses every prefix, and another version', async t => {
  const octets = Uint8Array.from(encodeHousekeeping(REPORT))
  for (let length = 0; length < octets.length; length++)
    t.match(decodeHousekeeping(octets.subarray(0, length)), { kind: 'malformed' }, `${length}`)
  octets[0] = 9
  t.match(decodeHousekeeping(octets), { kind: 'malformed', why: /version 9/ })
})
