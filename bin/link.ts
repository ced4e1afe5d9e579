/** `downpour link`: the simulated line between a spacecraft end and a ground end on this computer. */
import { serveControl } from '../hal/control.ts'
import { controlRoutes } from '../hal/link/control.ts'
import { openEnds } from '../hal/link/ends.ts'
import { Link, type LinkPlan } from '../hal/link/link.ts'
import { systemClock } from '../hal/system-clock.ts'
import { readContacts } from './contacts.ts'
import {
  bitRate,
  type Command,
  count,
  duration,
  flag,
  type Given,
  type Options,
  outages,
  path,
  probability,
  readCommandLine,
  size,
  text,
} from './options.ts'

export async function link(args: readonly string[]): Promise<number> {
  const given = readCommandLine(COMMAND, args)
  if (given === undefined) return 0
  const plan = await planOf(given.values)
  const ends = await openEnds(given.values.tcp ? 'tcp' : 'serial')
  if (!given.values.tcp && ends.onboard.where.kind === 'tcp')
    process.stderr.write('downpour: there are no pseudo-terminals here; the ends are TCP ports\n')
  const line = new Link(plan, ends, systemClock)
  const ending = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => ending.abort())
  const { socket } = given.values
  const control =
    socket === undefined
      ? undefined
      : await serveControl({ socketPath: socket }, controlRoutes(line))
  process.stdout.write(`${JSON.stringify({ ...line.where, socket })}\n`)
  await line.run(ending.signal)
  await control?.close()
  await line.close()
  return 0
}

async function planOf(values: Given<(typeof COMMAND)['options']>['values']): Promise<LinkPlan> {
  return {
    rateBps: values.rate,
    uplinkRateBps: values['uplink-rate'],
    delayMs: values.delay,
    ber: values.ber,
    loss: values.loss,
    lossUnitOctets: values['loss-unit'],
    uplinkLoss: values['uplink-loss'] ?? values.loss,
    slipOctets: values.slip,
    inverted: values.inverted,
    outages: values.outage,
    contacts:
      values.contacts === undefined
        ? undefined
        : await readContacts(values.contacts, systemClock.utcMs()),
    seed: values.seed,
    tap: values.tap,
    tapUp: values['tap-up'],
  }
}

const COMMAND = {
  synopsis: 'downpour link [options]',
  about: [
    'Simulates the line between a spacecraft end and a ground end on this computer: two pseudo-terminals, or two TCP',
    'ports where there are none. Prints one line of JSON when both are ready, {"onboard": {...}, "station": {...}}:',
    'each is what `modem` is in a configuration. Ends on SIGTERM.',
  ].join('\n'),
  options: {
    rate: bitRate('down, from the onboard end to the station end; eight bits per octet', '1M'),
    'uplink-rate': bitRate('up', '64k'),
    delay: duration('from one end to the other', '0'),
    ber: probability('chance that a bit arrives turned over, both ways', '0'),
    loss: probability('chance that a unit of the way down is destroyed: it arrives as noise', '0'),
    'loss-unit': size('octets of such a unit, counted from the first one sent', '1279'),
    'uplink-loss': probability(
      'the same on the way up, in units of 128 octets; unless told, as --loss',
    ),
    outage: outages('nothing is heard at random times: mean time between, length of each'),
    slip: size('once in this many octets one is deleted, or one is put in; 0: never', '0'),
    inverted: flag('every bit arrives turned over'),
    contacts: text('START/END,... or a file with a list of them; outside, nothing is heard'),
    seed: count('the same harm at the same octets', '1'),
    socket: path('control socket: GET /status; POST /pull, /plug, /trouble, /mend'),
    tap: path('all that leaves the onboard end is appended to this file'),
    'tap-up': path('the same for the station end'),
    tcp: flag('TCP ports, also where there are pseudo-terminals'),
  },
  notes: [
    'A START or END is ISO 8601, milliseconds since 1970, or +5s: from now. What is sent outside contacts, in an outage',
    'or while the cable is pulled is taken at the rate, and lost, as on the air.',
    '',
    'POST /pull {"end": "onboard" or "station", "ms", "hangup": true} pulls a cable, for a time if told; with hangup the',
    'device vanishes, too. POST /plug {"end"} puts it in again. POST /trouble {"kind", "ms"}: "stall", "noise", "crumbs"',
    '(octets one at a time) or "inverted"; POST /mend {"kind"} ends it.',
  ].join('\n'),
} satisfies Command<Options>
