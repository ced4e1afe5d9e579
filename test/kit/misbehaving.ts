/** Every misbehaviour of a kind of modem against its driver: the file comes down, and the misbehaviour was there. */
import type { Test } from 'tap'
import { datagramEmulator } from '../../hal/modems/datagram-radio.ts'
import type { Misbehaviour } from '../../hal/modems/emulator.ts'
import type { EmulatedKind } from '../../hal/modems/emulators.ts'
import { KINDS, type Kind } from '../../hal/modems/kinds.ts'
import { Mischief } from '../../hal/modems/mischief.ts'
import { TroubledEmulator } from '../../hal/modems/troubled.ts'
import { udpDriver } from '../../hal/modems/udp/driver.ts'
import { type LinkChoice, settingsFor } from '../sim/settings.ts'
import { type FlightEnd, ModemFlight } from './modem-flight.ts'
import { Random } from './random.ts'

export interface ModemUnderTrial {
  /** Each misbehaviour that the kind is said to know is tried. */
  readonly kind: EmulatedKind
  /** What sets this trial apart from others of the kind. */
  readonly about?: string
  /** A driver and its emulator, which misbehaves as told: 1 is aboard, 2 ashore, unless the modem only sends. */
  readonly end: (mischief: Mischief, address: 1 | 2) => FlightEnd
  readonly link: LinkChoice
  readonly fileOctets: number
  /** Which event of the driver shows a misbehaviour, if it can be seen there. */
  readonly shows: Partial<Record<Misbehaviour, string>>
}

/** What hears a modem that only sends: frames come as datagrams. */
export function receiver(rateBps: number): FlightEnd {
  return {
    driver: udpDriver({ frameOctets: 4_096, marker: true, rateBps: undefined }),
    emulator: datagramEmulator({ air: { rateBps, aroundOctets: 0, gapMs: 0 } }),
  }
}

export function trials(test: Test, trial: ModemUnderTrial): void {
  const seed = Number(process.env['SEED'] ?? 1)
  const { kind, about = '', link, fileOctets, shows } = trial
  const known: Kind = KINDS[kind]
  const { misbehaviours = [], sendsOnly = false } = known
  const end = (mischief: Mischief, address: 1 | 2): FlightEnd => {
    if (sendsOnly && address === 2) return receiver(AIR_BPS)
    const { emulator, ...rest } = trial.end(mischief, address)
    return { ...rest, emulator: new TroubledEmulator(emulator, mischief) }
  }
  const file = new Random(seed).octets(fileOctets)
  const settings = settingsFor(link)
  for (const misbehaviour of [undefined, ...misbehaviours]) {
    test.test(
      `${kind}${about}: a file comes down in spite of ${misbehaviour ?? 'nothing'}`,
      async t => {
        const kinds = misbehaviour === undefined ? [] : [misbehaviour]
        const up = new Mischief(kinds, seed)
        const down = new Mischief(sendsOnly ? [] : kinds, seed + 1)
        const ends = { aboard: end(up, 1), ashore: end(down, 2) }
        const flight = new ModemFlight({
          ...settings,
          ...ends,
          file,
          uplinkApart: sendsOnly,
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
      },
    )
  }
}

/** Of the air to a receiver: never what holds a transmitter back. */
const AIR_BPS = 1_000_000
/** A contact that nobody has, and none of these needs. */
const TIME_MS = 3_600_000
