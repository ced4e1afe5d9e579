import t from 'tap'
import { WaitingLine } from '../../bin/waiting-line.ts'
import { SimClock } from '../../hal/sim/clock.ts'

t.test('WaitingLine.show() is silent for a second, then one line that goes again', async t => {
  const { line, clock, written } = bench(true)
  line.show('0 %')
  line.end()
  t.strictSame(written, [])
  await clock.advance(1_000)
  line.show('50 %')
  line.show('60 %')
  line.end()
  line.end()
  t.strictSame(written, ['\r50 %\x1b[K', '\r60 %\x1b[K', '\r\x1b[K'])
})

t.test('WaitingLine.show() writes nothing where nobody looks', async t => {
  const { line, clock, written } = bench(false)
  await clock.advance(2_000)
  line.show('50 %')
  line.end()
  t.strictSame(written, [])
})

function bench(isTTY: boolean) {
  const written: string[] = []
  const stream = { isTTY, write: (text: string) => written.push(text) > 0 }
  const clock = new SimClock()
  const line = new WaitingLine(stream as unknown as NodeJS.WriteStream, clock)
  return { line, clock, written }
}
