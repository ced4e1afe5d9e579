/** FOP-1 and FARM-1 against each other, over a link that loses, by seed. */
import t from 'tap'
import { encodeControlCommand } from '../../../../protocol/frame/cop1/control-command.ts'
import { Farm } from '../../../../protocol/frame/cop1/farm.ts'
import { Fop, type FopFrame } from '../../../../protocol/frame/cop1/fop.ts'
import { Random } from '../../../kit/random.ts'

const FIRST = Number(process.env['SEED'] ?? 1)
const COUNT = process.env['SEED'] === undefined ? 200 : 1
const FDUS = 700

t.test('AD: every FDU arrives once and in order, whatever either direction loses', async t => {
  for (let seed = FIRST; seed < FIRST + COUNT; seed++) {
    const label = `SEED=${seed} npx tsx test/protocol/frame/cop1/cop1.test.ts`
    const { heard, ended } = fly(seed)
    const faults = heard.flatMap((fdu, i) => (fdu === i ? [] : [`FDU ${fdu} in place ${i}`]))
    if (faults.length > 0 || heard.length !== FDUS || ended > 0)
      t.fail(label, { faults: faults.slice(0, 3), heard: heard.length, ended })
  }
  t.pass(`${COUNT} flights of ${FDUS} FDUs`)
})

function fly(seed: number): { heard: number[]; ended: number } {
  const random = new Random(seed)
  const window = 1 + random.below(100)
  const [lossUp, lossDown] = [0.4 * random.next(), 0.4 * random.next()]
  const farm = new Farm({ virtualChannel: 0, window: 2 * window })
  const fop = new Fop<number>({ window, timeoutMs: 50, transmissionLimit: 255, timeoutType: 0 })
  const heard: number[] = []
  const flying: { at: number; frame: FopFrame<number> }[] = []
  let [sent, ended, now] = [0, 0, 0]
  fop.receive({ kind: 'directive', directive: { kind: 'initiate', check: 'none' } }, now)
  for (; heard.length < FDUS && now < 200_000; now += 1) {
    if (sent < FDUS && !fop.outlook.isWaiting && random.below(3) === 0)
      fop.receive({ kind: 'transfer', service: 'ad', fdu: sent++ }, now)
    fop.tick(now)
    for (const effect of fop.drain()) {
      if (effect.kind === 'alert') ended += 1
      if (effect.kind !== 'frame') continue
      if (random.next() >= lossUp) flying.push({ at: now + 5, frame: effect.frame })
      fop.receive({ kind: 'taken', type: effect.frame.type }, now)
    }
    while (flying[0] !== undefined && flying[0].at <= now) hear(farm, flying.shift()!.frame, heard)
    if (random.next() >= lossDown) fop.receive({ kind: 'clcw', clcw: farm.report(true) }, now)
  }
  return { heard, ended }
}

function hear(farm: Farm, frame: FopFrame<number>, heard: number[]): void {
  const about = { spacecraftId: 0, virtualChannel: 0 }
  if (frame.type === 'bc') {
    const field = encodeControlCommand(frame.command)
    farm.receive({ ...about, bypass: true, control: true, sequence: 0, field })
    return
  }
  const sequence = frame.type === 'ad' ? frame.sequence : 0
  const field = Uint8Array.of(0)
  const bypass = frame.type === 'bd'
  if (farm.receive({ ...about, bypass, control: false, sequence, field })) heard.push(frame.fdu)
}
