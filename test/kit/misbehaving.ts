/** Every misbehaviour of a kind of modem against its driver: the file comes down, and the misbehaviour was there. */
import type { Test } from 'tap'
import type { Misbehaviour } from '../../hal/modems/emulator.ts'
import { Mischief } from '../../hal/modems/mischief.ts'
import { type LinkChoice, settingsFor } from '../sim/settings.ts'
import { type FlightEnd, ModemFlight } from './modem-flight.ts'
import { Random } from './random.ts'

export interface ModemUnderTrial {
  readonly name: string
  /** A driver and its emulator, which misbehaves as told. */
  readonly end: (mischief: Mischief) => FlightEnd
  readonly link: LinkChoice
  readonly fileOctets: number
  /** Which event of the driver shows a misbehaviour, if it can be seen there. */
  readonly shows: Partial<Record<Misbehaviour, string>>
  readonly misbehaviours: readonly Misbehaviour[]
}

export function trials(test: Test, trial: ModemUnderTrial): void {
  const seed = Number(process.env['SEED'] ?? 1)
  const { name, end, link, fileOctets, shows, misbehaviours } = trial
  const file = new Random(seed).octets(fileOctets)
  const settings = settingsFor(link)
  for (const misbehaviour of [undefined, ...misbehaviours]) {
    test.test(`${name}: a file comes down in spite of ${misbehaviour ?? 'nothing'}`, async t => {
      const mischief = new Mischief(misbehaviour === undefined ? [] : [misbehaviour], seed)
      const ends = { aboard: end(mischief), ashore: end(new Mischief()) }
      const flight = new ModemFlight({ ...settings, ...ends, file })
      const label = `SEED=${seed} npx tsx ${process.argv[1]}`
      t.ok(flight.run(TIME_MS), `${label}: it is done`)
      t.ok(flight.isRight, `${label}: octet for octet`)
      const { events } = flight.aboard.driven
      if (misbehaviour === undefined) return
      t.ok((mischief.counters[misbehaviour] ?? 0) > 0, `${label}: the modem did it`)
      const shown = shows[misbehaviour]
      if (shown !== undefined) t.ok((events[shown] ?? 0) > 0, `${label}: ${shown} counts it`)
    })
  }
}

/** A contact that nobody has, and none of these needs. */
const TIME_MS = 3_600_000
