import t from 'tap'
import { BitWindow, weight, wordAt } from '../../../protocol/frame/bits.ts'
import { toHex } from '../../kit/hex.ts'
import { Random } from '../../kit/random.ts'
import { BitStream } from './bit-stream.ts'

t.test('BitWindow.view() reads at every bit, upright and inverted, every count', async t => {
  const octets = new Random(1).octets(30)
  for (let count = 0; count < 12; count++) {
    const window = new BitWindow(count)
    window.push(octets)
    for (let bit = 0; bit < 17; bit++) {
      for (const inverted of [false, true]) {
        const out = window.view(bit, inverted)
        const expected = new BitStream().add(octets, inverted).lose(0, bit).octets()
        if (toHex(out) !== toHex(expected.subarray(0, count)))
          t.fail(`${count} octets at bit ${bit}`)
      }
    }
  }
  t.pass('all equal')
})

t.test('BitWindow keeps positions while it lets go of octets', async t => {
  const octets = new Random(2).octets(50_000)
  const window = new BitWindow(5)
  for (let at = 0; at < octets.length; at += 10) {
    window.push(octets.subarray(at, at + 10))
    if (at < 500) continue
    const start = at - 480
    const out = window.view(8 * start, false)
    if (toHex(out) !== toHex(octets.subarray(start, start + 5))) t.fail(`octet ${start}`)
    window.release(8 * start)
  }
  t.equal(window.end, 8 * 50_000)
  t.equal(window.capacity, 4096)
})

t.test('BitWindow grows for what is not let go', async t => {
  const octets = new Random(3).octets(10_000)
  const window = new BitWindow(10_000)
  window.push(octets.subarray(0, 3000))
  window.release(-8)
  window.push(octets.subarray(3000))
  t.equal(toHex(window.view(0, false)), toHex(octets))
})

t.test('wordAt() reads 32 bits at any bit', async t => {
  const octets = new Random(4).octets(9)
  for (let bit = 0; bit <= 40; bit++) {
    const expected = new BitStream().add(octets).lose(0, bit).octets().subarray(0, 4)
    t.equal(toHex(expected), (wordAt(octets, bit) >>> 0).toString(16).padStart(8, '0'))
  }
})

t.test('weight() counts bits', async t => {
  const random = new Random(5)
  for (const word of [0, -1, 0x80000000, 1, 0x55555555, ...random.octets(99)].map(one => one | 0))
    t.equal(weight(word), (word >>> 0).toString(2).replaceAll('0', '').length)
})
