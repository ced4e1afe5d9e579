/** Every misbehaviour of a kind of modem against its driver: the file comes down, and the misbehaviour was there. */
import type { Test } from 'tap'
import type { Misbehaviour } from '../../hal/modems/emulator.ts'
import { Mischief } from '../../hal/modems/mischief.ts'
import { type LinkChoice, settingsFor } from '../sim/settings.ts'
import { type FlightEnd, ModemFlight } from './modem-flight.ts'
import { Random } from './random.ts'

export interface ModemUnderTrial {
  readonly name: string
  /** A driver and its emulator, which misbehaves as told: first the end aboard, then the one ashore. */
  readonly end: (mischief: Mischief) => FlightEnd
  readonly link: LinkChoice
  readonly fileOctets: number
  /** The modem only sends: the end ashore is another kind, and the uplink another way. */
  readonly onlySends?: boolean
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
      const kinds = misbehaviour === undefined ? [] : [misbehaviour]
      const up = new Mischief(kinds, seed)
      const down = new Mischief(trial.onlySends === true ? [] : kinds, seed + 1)
      const ends = { aboard: end(up), ashore: end(down) }
      const flight = new ModemFlight({
        ...settings,
        ...ends,
        file,
        uplinkApart: trial.onlySends ?? false,
      })
      const label = `SEED=${seed} npx tsx ${process.argv[1]}`
      t.ok(flight.run(TIME_MS), `${label}: it is done`)
      t.ok(flight.isRight, `${label}: octet for octet`)
      if (misbehaviour === undefined) return
      const did = (up.counters[misbehaviour] ?? 0) + (down.counters[misbehaviour] ?? 0)
      t.ok(did > 0, `${label}: the modems did it`)
      const shown = shows[misbehaviour]
      if (shown === undefined) return
      const legs = [flight.aboard, flight.ashore]
      const seen = legs.reduce((sum, { driven }) => sum + (driven.events[shown] ?? 0), 0)
      t.ok(seen > 0, `${label}: ${shown} counts it`)
    })
  }
}

/** A contact that nobody has, and none of these needs. */
const TIME_MS = 3_600_000
