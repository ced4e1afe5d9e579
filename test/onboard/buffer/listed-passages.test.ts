import t from 'tap'
import { filePassages } from '../../../onboard/buffer/listed-passages.ts'
import { bufferListing } from '../../../onboard/buffer/listing.ts'
import { SpacecraftBench } from '../../kit/spacecraft-bench.ts'

const HOUR = 3_600_000
const KOUROU = { role: 'secondary', station: 'Kourou', expectedFrameLoss: 0.1 } as const
const MALINDI = { role: 'main', station: 'Malindi', expectedFrameLoss: 0.01 } as const
const LINK = {
  contacts: [
    { ...KOUROU, start: 0, end: 1_000 },
    { ...KOUROU, start: HOUR, end: HOUR + 1_000 },
    { ...MALINDI, start: 2 * HOUR, end: 2 * HOUR + 60_000 },
  ],
}

t.test('filePassages() says what went out in which contact, and what was asked for again', t => {
  const bench = new SpacecraftBench(LINK)
  bench.offerDigested('/a', 900)
  bench.offer('/b', 10)
  bench.frames(2)
  const first = filePassages(bench.machine.buffer, 1)?.passages[0]?.octets as number
  t.ok(first > 0 && first < 900, 'not all of it fits the first frames')
  bench.tick(1_000)
  bench.tick(HOUR)
  bench.frames(4)
  bench.tick(HOUR + 1_000)
  bench.tick(2 * HOUR)
  bench.hear(1, {
    ...{ kind: 'nak', scope: { start: 0, end: 900 }, wantsMetadata: false },
    gaps: [{ start: first - 50, end: first + 100 }],
  })
  bench.frames(2)
  bench.tick(2 * HOUR + 60_000)
  const kourou = { stations: 'Kourou', loss: 0.1 }
  const lost = { start: first - 50, end: first + 100 }
  const known = filePassages(bench.machine.buffer, 1)
  t.match(known, {
    ...{ sequence: 1, name: 'a', octets: 900 },
    passages: [
      {
        ...{ contactMs: 0, lastContactMs: 0, ...kourou, octets: first, againOctets: 50 },
        ...{ spans: [{ start: 0, end: first }], again: [{ start: lost.start, end: first }] },
        ...{ metadata: true, eof: false },
      },
      {
        ...{
          contactMs: HOUR,
          lastContactMs: HOUR,
          ...kourou,
          octets: 900 - first,
          againOctets: 100,
        },
        ...{ spans: [{ start: first, end: 900 }], again: [{ start: first, end: lost.end }] },
        ...{ metadata: false, eof: true },
      },
      {
        ...{ contactMs: 2 * HOUR, stations: 'Malindi', loss: 0.01, octets: 150, againOctets: 0 },
        ...{ spans: [lost], again: [], metadata: false, eof: false },
      },
    ],
    ground: [
      { start: 0, end: lost.start },
      { start: lost.end, end: 900 },
    ],
  })
  t.equal(bufferListing(bench.machine, 3 * HOUR).files[0]?.groundOctets, 750)
  const written = new SpacecraftBench(
    LINK,
    bench.take('journal').map(({ record }) => record),
  )
  t.strictSame(filePassages(written.machine.buffer, 1), known, 'the journal has it all')
  const compacted = new SpacecraftBench(LINK, [...written.machine.buffer.snapshot()])
  t.strictSame(filePassages(compacted.machine.buffer, 1), known)
  t.match(filePassages(bench.machine.buffer, 2), { name: 'b', passages: [], ground: [] })
  t.equal(filePassages(bench.machine.buffer, 3), undefined)
  t.end()
})
