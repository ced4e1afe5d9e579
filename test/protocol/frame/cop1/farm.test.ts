import t from 'tap'
import {
  decodeControlCommand,
  encodeControlCommand,
} from '../../../../protocol/frame/cop1/control-command.ts'
import { Farm } from '../../../../protocol/frame/cop1/farm.ts'
import type { TcFrame } from '../../../../protocol/frame/tc.ts'
import { hex } from '../../../kit/hex.ts'

const AD = { bypass: false, control: false }
const BD = { bypass: true, control: false }
const BC = { bypass: true, control: true }

function frame(type: typeof AD, sequence: number, field = hex`00`): TcFrame {
  return { spacecraftId: 42, virtualChannel: 3, sequence, field, ...type }
}

function farm(window = 10): Farm {
  return new Farm({ virtualChannel: 3, window })
}

/** One of ours that expects `next`. */
function farmAt(next: number): Farm {
  const one = farm()
  one.receive(frame(BC, 0, encodeControlCommand({ kind: 'set V(R)', sequence: next })))
  return one
}

const UNLOCK = encodeControlCommand({ kind: 'unlock' })

t.test('decodeControlCommand() reads Unlock and Set V(R), and nothing else', async t => {
  t.strictSame(decodeControlCommand(hex`00`), { kind: 'unlock' })
  t.strictSame(decodeControlCommand(hex`82007b`), { kind: 'set V(R)', sequence: 123 })
  for (const field of [hex``, hex`01`, hex`0000`, hex`8200`, hex`82017b`, hex`81007b`])
    t.equal(decodeControlCommand(field), undefined)
})

t.test('Farm takes frames of type AD in order, and once', async t => {
  const one = farm()
  for (let sequence = 0; sequence < 600; sequence++) {
    t.ok(one.receive(frame(AD, sequence & 255)), `${sequence}`)
    t.notOk(one.receive(frame(AD, sequence & 255)), `${sequence} again`)
  }
  t.match(one.report(true), { report: 600 & 255, retransmit: false, lockout: false, farmB: 0 })
  t.strictSame(one.counters, { accepted: 600, duplicate: 600, early: 0, refused: 0 })
})

t.test('Farm asks for what is missing, and locks out what is far off', async t => {
  for (const next of [0, 3, 128, 253, 255]) {
    const states = Array.from({ length: 256 }, (_, ahead) => {
      const one = farmAt(next)
      one.receive(frame(AD, (next + ahead) & 255))
      const { lockout, retransmit, report } = one.report(true)
      return lockout ? 'L' : retransmit ? 'R' : report === next ? '-' : '+'
    })
    t.equal(states.join(''), `+RRRR${'L'.repeat(246)}-----`, `V(R) ${next}, window 10`)
  }
})

t.test('Farm in lockout takes nothing but BD until it is unlocked', async t => {
  const one = farm()
  one.receive(frame(AD, 100))
  t.equal(one.state, 'lockout')
  t.notOk(one.receive(frame(AD, 0)))
  t.ok(one.receive(frame(BD, 0)))
  t.notOk(one.receive(frame(BC, 0, hex`820064`)), 'Set V(R) is counted, and does nothing')
  t.match(one.report(true), { lockout: true, report: 0, farmB: 2 })
  one.receive(frame(BC, 0, UNLOCK))
  t.match(one.report(true), { lockout: false, report: 0, farmB: 3 })
  t.ok(one.receive(frame(AD, 0)))
  one.receive(frame(BC, 0, hex`820064`))
  t.equal(one.expected, 100)
  t.equal(one.counters.refused, 2)
})

t.test(
  'Farm without a buffer waits, and is woken by a free one, an Unlock or a Set V(R)',
  async t => {
    for (const [name, wake, expected] of [
      ['a buffer', (one: Farm) => one.release(), 0],
      ['Unlock', (one: Farm) => void one.receive(frame(BC, 0, UNLOCK)), 0],
      ['Set V(R)', (one: Farm) => void one.receive(frame(BC, 0, hex`820007`)), 7],
    ] as const) {
      const one = farm()
      one.hold()
      t.notOk(one.receive(frame(AD, 0)))
      t.notOk(one.receive(frame(AD, 0)))
      t.match(one.report(true), { wait: true, retransmit: true })
      t.ok(one.receive(frame(BD, 0)), 'BD is taken')
      wake(one)
      one.release()
      t.match(one.report(true), { wait: false, report: expected }, name)
      t.ok(one.receive(frame(AD, expected)))
    }
  },
)

t.test('Farm drops what is no command, and refuses windows that cannot be', async t => {
  const one = farm()
  t.notOk(one.receive(frame(BC, 0, hex`05`)))
  t.equal(one.counters.refused, 1)
  t.match(one.report(false), { noRf: true, noBitLock: true, virtualChannel: 3, cop: 1, farmB: 0 })
  for (const window of [0, 1, 3, 256, 2.5, Number.NaN]) t.throws(() => farm(window), RangeError)
})
