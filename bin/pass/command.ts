/** The command line of `downpour pass`, and the plan that it asks for. */
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
  UsageError,
  valued,
} from '../options.ts'
import type { PassPlan } from './plan.ts'

const interleave = valued('I', typed => {
  const found = ([0, 1, 2, 3, 4, 5, 8] as const).find(depth => String(depth) === typed)
  if (found !== undefined) return found
  throw new UsageError(`"${typed}": one of 0, 1, 2, 3, 4, 5, 8 is needed`)
})

export const COMMAND = {
  synopsis: 'downpour pass [FILE...] [options]',
  about: [
    'Flies files through a whole pass on this computer: a spacecraft end, a simulated line and a ground end, each a',
    'process of its own, and compares what came down with what went up. Without a FILE: 1 MB made from the seed.',
  ].join('\n'),
  options: {
    rate: bitRate('downlink, bits per second', '1M'),
    'uplink-rate': bitRate('uplink, bits per second', '64k'),
    delay: duration('from one end to the other', '10ms'),
    ber: probability('chance that a bit is wrong, both ways', '0'),
    loss: probability('chance that a frame is destroyed', '0'),
    outage: outages('silence at random times: mean time between, and length of each'),
    passes: count('contacts that the files are spread over', '1'),
    gap: duration('time between contacts', '2s'),
    interleave: interleave('Reed-Solomon codewords per frame; 0: no Reed-Solomon', '5'),
    seed: count('the same harm at the same octets', '1'),
    timeout: duration('gives up after this; unless told, a minute and five times the line time'),
    keep: path('folder for state, archive and logs, and keeps it'),
    json: flag('prints one JSON object at the end, and nothing else'),
  },
  operands: [0, Number.MAX_SAFE_INTEGER],
  notes: [
    'Exit codes: 0 every file is safe and equal; 1 one is not; 2 the command line is wrong; 4 out of time.',
    '',
    'In the JSON: `overhead` is 1 - file octets / octets of the TM frames that carried them, repetitions included.',
    '`utilisation` is the share of the contact time, until the last file octet had left the line, in which the line',
    'carried frames that were not idle.',
    '`rssPeakOctets` is the most memory each process had; they run under the limits that a small board would give.',
  ].join('\n'),
} satisfies Command<Options>

export function planOf(
  values: Given<(typeof COMMAND)['options']>['values'],
  files: readonly { readonly octets: number }[],
): PassPlan {
  if (values.passes < 1) throw new UsageError('Cannot fly 0 passes: at least 1')
  if (values.rate <= 0 || values['uplink-rate'] <= 0) throw new UsageError('Cannot fly at 0 bit/s')
  return {
    octets: files.reduce((sum, file) => sum + file.octets, 0),
    rateBps: values.rate,
    uplinkRateBps: values['uplink-rate'],
    delayMs: values.delay,
    ber: values.ber,
    loss: values.loss,
    outages: values.outage,
    passes: values.passes,
    gapMs: values.gap,
    seed: values.seed,
    interleave: values.interleave,
    timeoutMs: values.timeout ?? 0,
  }
}
