import { join } from 'node:path'
import t from 'tap'
import { CLEAN, LOSSY, nameOf, SINGLE, verdict } from './cases.ts'
import { CfdpPy, pythonWithCfdp } from './cfdp-py.ts'
import { transfer } from './transfer.ts'

const python = pythonWithCfdp()
/** How long a case may take. */
const CASE_MS = 10_000
/** A short walk through the cases of `make interop`, which flies all of them. */
const CASES = [
  ...CLEAN.filter(one => [0, 1_001, 70_000, 5_001].includes(one.octets)),
  ...LOSSY.filter(({ harm }) => harm?.seed === 2 || harm?.seed === 13),
  ...SINGLE.filter(({ harm }) => harm?.first?.length === 2),
]

if (python === undefined)
  t.pass('cfdp-py', { skip: 'no Python with cfdp-py and spacepackets; `make interop` gets them' })
else
  t.test('CfdpEntity and cfdp-py exchange files', async t => {
    const folder = t.testdir()
    const peer = await CfdpPy.start(python)
    t.teardown(() => peer.stop())
    for (const one of CASES) {
      const outcome = await transfer(one, peer, join(folder, 'case'), CASE_MS)
      const judged = verdict(one, outcome)
      t.notMatch(judged, /^wrong/, `${nameOf(one)}: ${judged}, ${outcome.troubles.join('; ')}`)
    }
  })
