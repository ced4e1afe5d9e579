import t from 'tap'
import { NrzMDecoder, NrzMEncoder } from '../../../protocol/coding/nrz-m.ts'
import { hex, toHex } from '../../kit/hex.ts'
import { Random } from '../../kit/random.ts'

t.test('NrzMEncoder changes the line for every one', async t => {
  const encoder = new NrzMEncoder()
  t.equal(toHex(encoder.encode(hex`ff 00 80 01`)), 'aa00fffe')
})

t.test('NrzMDecoder gives back what was encoded, in pieces, inverted, too', async t => {
  const octets = new Random(1).octets(100)
  const line = new NrzMEncoder().encode(octets)
  const decoder = new NrzMDecoder()
  const pieces = [line.subarray(0, 1), line.subarray(1, 60), line.subarray(60)]
  t.strictSame(
    pieces.flatMap(piece => [...decoder.decode(piece)]),
    [...octets],
  )
  const inverted = new NrzMDecoder().decode(line.map(octet => octet ^ 0xff))
  t.strictSame(inverted.subarray(1), octets.subarray(1))
  t.equal(inverted[0]! ^ octets[0]!, 0x80, 'but for the first bit')
})
