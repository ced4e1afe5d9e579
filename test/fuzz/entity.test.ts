/**
 * An entity that hears whatever there is to hear: PDUs of every kind in any order, wrong ones among them, while it
 * sends files of its own. Nothing is thrown, nothing grows, and afterwards it works.
 * FUZZ_INPUTS=100000000 SEED=17 takes as many from one seed.
 */
import t from 'tap'
import { toHex } from '../kit/hex.ts'
import { heldOctets } from '../kit/memory.ts'
import { Random } from '../kit/random.ts'
import { Hostile } from './hostile.ts'
import { inputsOf } from './mutate.ts'

const SEED = Number(process.env['SEED'] ?? 1)
const INPUTS = inputsOf(1_000_000)
const SPARE_OCTETS = 4 * 2 ** 20

t.test(
  'DoS: CfdpEntity stands any PDU in any state, a million of them, and does not grow',
  async t => {
    const random = new Random(SEED)
    const hostile = new Hostile(random)
    let settledOctets = 0
    for (let input = 0; input < INPUTS; input++) {
      const octets = hostile.octets()
      try {
        hostile.hear(octets, input)
      } catch (error) {
        t.fail(`SEED=${SEED} input ${input}: ${toHex(octets)}`, { why: String(error) })
        return
      }
      if (hostile.excess !== undefined) t.fail(`SEED=${SEED} input ${input}: ${hostile.excess}`)
      if (input === Math.floor(INPUTS / 4)) settledOctets = heldOctets()
    }
    const grownOctets = heldOctets() - settledOctets
    t.ok(grownOctets < SPARE_OCTETS, `${grownOctets} octets more after ${INPUTS} inputs`)
    const { recv, fault } = hostile.counters
    t.ok(recv.pdu > INPUTS / 4, `${recv.pdu} were PDUs`)
    t.ok(recv.error > 0 && recv.spurious > 0, 'and others were not')
    t.ok(fault.file_size_mismatch > 0, 'some of them lied')
    const file = random.octets(3_000)
    t.strictSame(hostile.recover(file, INPUTS), file, `SEED=${SEED}: an honest file comes whole`)
  },
)
