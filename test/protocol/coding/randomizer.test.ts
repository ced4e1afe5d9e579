import { createHash } from 'node:crypto'
import t from 'tap'
import { randomize, randomizeLong, randomizeTc } from '../../../protocol/coding/randomizer.ts'
import { framingVectors } from '../../kit/framing.ts'
import { fromHex, hex, toHex } from '../../kit/hex.ts'
import { Random } from '../../kit/random.ts'

t.test('randomize() lays the 255-bit sequence', async t => {
  for (const { name, input, output } of framingVectors('randomizer_tm_255bit')) {
    const octets = fromHex(input)
    randomize(octets)
    t.equal(toHex(octets), output, name)
  }
})

t.test('randomizeLong() lays the 131071-bit sequence', async t => {
  for (const { name, input, output } of framingVectors('randomizer_tm_131071bit_first')) {
    const octets = fromHex(input)
    randomizeLong(octets)
    t.equal(toHex(octets), output, name)
  }
  for (const { name, params } of framingVectors('randomizer_tm_131071bit_sha256')) {
    const octets = new Uint8Array(16_384)
    randomizeLong(octets)
    t.equal(createHash('sha256').update(octets).digest('hex'), params['sha256'], name)
  }
  t.throws(() => randomizeLong(new Uint8Array(16_385)), /at most 16384/)
})

t.test('randomizeTc() lays the sequence of the telecommand link', async t => {
  const plain = framingVectors('cltu_bch_').filter(({ params }) => params['randomized'] === false)
  for (const { name, input, output } of plain) {
    const number = name.slice('cltu_bch_'.length)
    const [random] = framingVectors(`cltu_bch_rand_${number}`)
    // The information of each block of the two CLTUs, start and tail sequence cut off.
    const frame = information(fromHex(output))
    randomizeTc(frame, 0, input.length / 2)
    t.equal(toHex(frame), toHex(information(fromHex(random?.output ?? ''))), name)
  }
})

for (const [name, lay] of Object.entries({ randomize, randomizeLong, randomizeTc }))
  t.test(`${name}() starts anew at start and touches nothing outside`, async t => {
    const octets = new Uint8Array(12)
    lay(octets, 3, 9)
    const first = new Uint8Array(6)
    lay(first)
    t.equal(toHex(octets), `000000${toHex(first)}000000`)
    lay(octets, 3, 9)
    t.strictSame(octets, new Uint8Array(12), 'laid on twice it is off')
    for (let at = 0; at < 8; at++) {
      const long = new Uint8Array(40)
      lay(long.subarray(at), 1, 31)
      const whole = new Uint8Array(30)
      lay(whole)
      t.strictSame(long.subarray(at + 1, at + 31), whole, `${at + 1} octets into a buffer`)
      t.strictSame(long.fill(0, at + 1, at + 31), new Uint8Array(40))
    }
  })

for (const [name, lay] of Object.entries({ randomize, randomizeTc }))
  t.test(`${name}() repeats after 255 octets, however long the stretch`, async t => {
    const octets = new Random(255).octets(5000)
    const laid = octets.slice()
    lay(laid)
    const sequence = laid.map((octet, i) => octet ^ (octets[i] as number))
    t.strictSame(sequence.subarray(255), sequence.subarray(0, 5000 - 255))
    t.not(toHex(sequence.subarray(51, 56)), toHex(sequence.subarray(0, 5)))
  })

t.test('randomizeTc() begins as the book prints it', async t => {
  const octets = new Uint8Array(5)
  randomizeTc(octets)
  t.strictSame(octets, hex`ff399e5a68`)
})

function information(cltu: Uint8Array): Uint8Array {
  return cltu.slice(2, -8).filter((_, i) => i % 8 !== 7)
}
