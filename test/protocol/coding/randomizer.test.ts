import t from 'tap'
import { randomize, randomizeTc } from '../../../protocol/coding/randomizer.ts'
import { framingVectors } from '../../kit/framing.ts'
import { fromHex, hex, toHex } from '../../kit/hex.ts'
import { Random } from '../../kit/random.ts'

t.test('randomize() lays the 255-bit sequence', async t => {
  // The 131071-bit sequence of later issues of the book is another randomizer.
  for (const { name, input, output } of framingVectors('randomizer_tm_255bit')) {
    const octets = fromHex(input)
    randomize(octets)
    t.equal(toHex(octets), output, name)
  }
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

for (const [name, lay] of Object.entries({ randomize, randomizeTc })) {
  t.test(`${name}() starts anew at start and touches nothing outside`, async t => {
    const octets = new Uint8Array(12)
    lay(octets, 3, 9)
    const first = new Uint8Array(6)
    lay(first)
    t.equal(toHex(octets), `000000${toHex(first)}000000`)
    lay(octets, 3, 9)
    t.strictSame(octets, new Uint8Array(12), 'laid on twice it is off')
  })

  t.test(`${name}() repeats after 255 octets, however long the stretch`, async t => {
    const octets = new Random(255).octets(5000)
    const laid = octets.slice()
    lay(laid)
    const sequence = laid.map((octet, i) => octet ^ (octets[i] as number))
    t.strictSame(sequence.subarray(255), sequence.subarray(0, 5000 - 255))
    t.not(toHex(sequence.subarray(51, 56)), toHex(sequence.subarray(0, 5)))
  })
}

t.test('randomizeTc() begins as the book prints it', async t => {
  const octets = new Uint8Array(5)
  randomizeTc(octets)
  t.strictSame(octets, hex`ff399e5a68`)
})

function information(cltu: Uint8Array): Uint8Array {
  return cltu.slice(2, -8).filter((_, i) => i % 8 !== 7)
}
