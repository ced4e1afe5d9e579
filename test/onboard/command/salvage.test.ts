import t from 'tap'
import { salvage } from '../../../onboard/command/salvage.ts'
import { finishedFor } from '../../../protocol/cfdp/completion.ts'
import { eofOf, headerOf } from '../../../protocol/cfdp/transmission.ts'
import { SpacecraftBench } from '../../kit/spacecraft-bench.ts'
import { someTransmission } from '../../kit/transmission.ts'

t.test('salvage() keeps the numbers that were used, and nothing else', async t => {
  const bench = new SpacecraftBench()
  for (const path of ['/a', '/b']) bench.offerDigested(path, 100)
  bench.command(40, { verb: 'freeze' })
  bench.command(41, { verb: 'cancel', sequence: 2 })
  const accepted = { kind: 'accepted number', spi: 3, number: '77' }
  const kept = salvage([...bench.machine.snapshot(), accepted, 'x', { kind: 'mark' }])
  t.match(kept, [accepted, { kind: 'next', sequence: 3 }, { kind: 'commanded', counter: 41 }])
  const after = new SpacecraftBench({}, kept)
  t.equal(after.machine.buffer.files, 0)
  t.notOk(after.machine.holds.isFrozen)
  t.equal(after.offer('/c', 10)?.sequence, 3)
  after.command(41, { verb: 'freeze' })
  t.notOk(after.machine.holds.isFrozen, 'its counter is used')
  t.match(after.report(), { commandsRepeated: 1, commandsAccepted: 2 })
})

t.test('salvage() of nothing is a spacecraft that was never commanded', async t => {
  t.match(salvage([]), [{ kind: 'commanded', counter: 0 }])
})

t.test('salvage() knows a file that came up whole, though the ground was not told yet', async t => {
  const records = [1, 2, 3].flatMap(sequence => {
    const header = headerOf(someTransmission({ source: 2, sequence, destination: 1 }))
    const id = `2-${sequence}`
    const opened = { kind: 'opened', id, header }
    if (sequence === 1) return [opened]
    const eof = { kind: 'eof', id, eof: eofOf({ fileSize: 100, checksum: 7 }) }
    if (sequence === 2) return [opened, eof]
    return [opened, eof, { kind: 'finished', id, finished: finishedFor(0, true), path: '/a' }]
  })
  const kept = salvage(records)
  t.match(kept.slice(1), [{ kind: 'closed', id: '2-3', condition: 0, octets: 100, checksum: 7 }])
  t.equal(kept.length, 2)
})
