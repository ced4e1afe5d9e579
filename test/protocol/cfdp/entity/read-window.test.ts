import t from 'tap'
import { ReadWindow } from '../../../../protocol/cfdp/entity/read-window.ts'

const FILE = { start: 0, end: 1_000_000 }
/** The most whole segments of 1,000 octets that 64 KiB hold. */
const STRETCH = 65_000

t.test(
  'ReadWindow asks for whole segments, for the next ones ahead, and for each once',
  async t => {
    const window = new ReadWindow(1_000)
    t.equal(window.take(FILE, 1_000), undefined)
    t.strictSame(window.drain(), [{ start: 0, end: STRETCH }])
    t.equal(window.take(FILE, 1_000), undefined, 'they were asked for, and are not there yet')
    t.strictSame(window.drain(), [{ start: STRETCH, end: 2 * STRETCH }])
    window.put(0, new Uint8Array(STRETCH).fill(1))
    t.strictSame(window.take(FILE, 1_000), new Uint8Array(1_000).fill(1))
    t.strictSame(window.drain(), [])
  },
)

t.test('ReadWindow gives no more than is wanted, there, and allowed', async t => {
  const window = new ReadWindow(1_000)
  const octets = Uint8Array.from({ length: STRETCH }, (_, at) => at % 251)
  window.take({ start: 10, end: FILE.end }, 1)
  window.put(10, octets)
  const taken = (start: number, end: number, most: number) =>
    window.take({ start, end }, most)?.length
  t.equal(taken(10, FILE.end, 400), 400)
  t.equal(taken(100, 150, 400), 50, 'the end of what is wanted')
  t.equal(taken(STRETCH, FILE.end, 400), 10, 'the end of the stretch')
  t.strictSame(window.take({ start: 60, end: 61 }, 9), octets.subarray(50, 51))
})

t.test('ReadWindow holds three stretches, however many were asked for', async t => {
  const window = new ReadWindow(1_000)
  const starts = [0, 200_000, 400_000, 600_000]
  const at = (start: number) => ({ start, end: start + 1_000 })
  for (const start of starts) window.take(at(start), 1_000)
  for (const start of starts) window.put(start, new Uint8Array(1_000))
  const lengths = starts.toReversed().map(start => window.take(at(start), 1_000)?.length)
  t.strictSame(lengths, [1_000, 1_000, 1_000, undefined], 'the oldest was let go')
})

t.test('ReadWindow throws on other octets than it asked for', async t => {
  const window = new ReadWindow(1_000)
  window.take({ start: 500, end: 700 }, 9)
  t.throws(
    () => window.put(500, new Uint8Array(199)),
    /Cannot take 199 octets at 500: 200 were asked for/,
  )
})
