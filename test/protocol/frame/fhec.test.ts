import t from 'tap'
import { correctHeader, fhecOf } from '../../../protocol/frame/fhec.ts'
import { peerVectors } from '../../kit/framing.ts'

const HEADERS = [0x000000, 0x568d41, 0x568f43, 0x7fffff, 0x6a0000]

t.test(
  'fhecOf() makes words that are zero at the powers 6 to 9 of the primitive element',
  async t => {
    for (const header of HEADERS) {
      const word =
        header.toString(16).padStart(6, '0') + fhecOf(header).toString(16).padStart(4, '0')
      t.strictSame(
        [6, 7, 8, 9].map(power => valueAt(power, word)),
        [0, 0, 0, 0],
        word,
      )
    }
  },
)

t.test('fhecOf() and correctHeader() agree with a peer', async t => {
  for (const { name, input, output } of peerVectors('aos_fhec_')) {
    const header = Number.parseInt(input.slice(0, 6), 16)
    if (input.length === 6) t.equal(fhecOf(header), Number.parseInt(output, 16), name)
    else {
      const corrected = correctHeader(header, Number.parseInt(input.slice(6), 16))
      t.equal(corrected?.toString(16) ?? '', output, name)
    }
  }
})

t.test('correctHeader() puts every two wrong symbols right', async t => {
  for (const right of HEADERS) {
    const word = right * 0x1_0000 + fhecOf(right)
    t.equal(corrected(word), right)
    let wrong = 0
    for (let first = 0; first < 40; first += 4)
      for (let second = 0; second < first; second += 4)
        for (let values = 0; values < 256; values++) {
          const header = turned(turned(word, first, values >>> 4), second, values & 15)
          if (corrected(header) !== right) wrong += 1
        }
    t.equal(wrong, 0, right.toString(16))
  }
})

t.test('correctHeader() refuses most headers that are further away', async t => {
  const word = 0x568d41 * 0x1_0000 + fhecOf(0x568d41)
  let refused = 0
  for (let values = 1; values < 4096; values++) {
    let other = word
    for (const shift of [0, 4, 8]) other = turned(other, 4 * shift, (values >>> shift) & 15)
    if (corrected(other) === undefined) refused += 1
  }
  // Some words at distance 3 lie within 2 of another codeword.
  t.ok(refused > 2_000, `${refused} refused`)
})

function corrected(word: number): number | undefined {
  return correctHeader(Math.floor(word / 0x1_0000), word % 0x1_0000)
}

/** `value` is added to the four bits at `shift` of a word of 40 bits. */
function turned(word: number, shift: number, value: number): number {
  const symbol = Math.floor(word / 2 ** shift) % 16
  return word + ((symbol ^ value) - symbol) * 2 ** shift
}

/** What the polynomial with these hexadecimal coefficients is at a power of the primitive element. */
function valueAt(power: number, word: string): number {
  let value = 0
  for (const digit of word) {
    for (let i = 0; i < power; i++) value = value & 8 ? ((value << 1) & 15) ^ 3 : value << 1
    value ^= Number.parseInt(digit, 16)
  }
  return value
}
