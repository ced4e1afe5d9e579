import t from 'tap'
import {
  bitRate,
  count,
  duration,
  flag,
  helpText,
  outages,
  path,
  probability,
  readCommandLine,
  size,
  UsageError,
} from '../../bin/options.ts'

const COMMAND = {
  synopsis: 'downpour rain FILE...',
  about: 'Rains.',
  options: {
    rate: bitRate('how fast', '1M'),
    delay: duration('how late', '10ms'),
    size: size('how much'),
    ber: probability('how wrong', '0'),
    outage: outages('how quiet'),
    drops: count('how many', '3'),
    into: path('where to'),
    loud: flag('thunder'),
  },
  operands: [0, 2],
  notes: 'Wet.',
} as const

t.test('readCommandLine() reads units into those of the house', async t => {
  const given = readCommandLine(COMMAND, [
    '--rate=64k',
    '--delay=1.5s',
    '--size=4Ki',
    '--ber=1e-5',
    '--outage',
    'every=5s,for=300ms',
    '--drops',
    '7',
    '--loud',
    'one',
    'two',
  ])
  t.strictSame(given?.values, {
    rate: 64_000,
    delay: 1_500,
    size: 4_096,
    ber: 1e-5,
    outage: { everyMs: 5_000, lastingMs: 300 },
    drops: 7,
    into: undefined,
    loud: true,
  })
  t.strictSame(given?.operands, ['one', 'two'])
})

t.test('readCommandLine() fills in what was not typed', async t => {
  const values = readCommandLine(COMMAND, [])?.values
  t.match(values, { rate: 1_000_000, delay: 10, ber: 0, drops: 3, loud: false })
  t.equal(values?.size, undefined)
})

t.test('readCommandLine() knows its units', async t => {
  const rate = (typed: string) => readCommandLine(COMMAND, ['--rate', typed])?.values.rate
  const delay = (typed: string) => readCommandLine(COMMAND, ['--delay', typed])?.values.delay
  const octets = (typed: string) => readCommandLine(COMMAND, ['--size', typed])?.values.size
  t.strictSame(['9600', '9.6k', '2M', '1G'].map(rate), [9_600, 9_600, 2e6, 1e9])
  t.strictSame(['5', '5ms', '5s', '5min', '5h', '1d'].map(delay), [5, 5, 5e3, 3e5, 1.8e7, 8.64e7])
  t.strictSame(['10', '1k', '1M', '1Mi', '0.5Gi'].map(octets), [10, 1e3, 1e6, 2 ** 20, 2 ** 29])
})

t.test('readCommandLine() refuses what it cannot read, and says what it can', async t => {
  const refusals: [string[], RegExp][] = [
    [['--rate', 'fast'], /--rate "fast": a bit rate such as 64k or 1M/],
    [['--rate', '1q'], /"1q"/],
    [['--delay', '-5ms'], /delay/],
    [['--delay', '5k'], /a time such as 250ms/],
    [['--size', ''], /a size such as 4096/],
    [['--ber', '1.5'], /a probability from 0 to 1/],
    [['--ber', ''], /a probability/],
    [['--drops', '2.5'], /a whole number from 0/],
    [['--outage', '5s'], /every=5s,for=300ms/],
    [['--outage', 'every=5x,for=1s'], /--outage "5x"/],
    [['--thunder'], /--thunder.*--help/],
    [['a', 'b', 'c'], /3 operands: downpour rain FILE/],
  ]
  for (const [args, message] of refusals)
    t.throws(() => readCommandLine(COMMAND, args), message, args.join(' '))
  t.throws(() => readCommandLine(COMMAND, ['--rate', 'x']), new UsageError())
})

t.test('helpText() shows every option with its unit and what it is unless told', async t => {
  t.equal(
    helpText(COMMAND),
    [
      'usage: downpour rain FILE...',
      '',
      'Rains.',
      '',
      '  --rate BIT/S                  how fast [1M]',
      '  --delay TIME                  how late [10ms]',
      '  --size OCTETS                 how much',
      '  --ber P                       how wrong [0]',
      '  --outage every=TIME,for=TIME  how quiet',
      '  --drops N                     how many [3]',
      '  --into PATH                   where to',
      '  --loud                        thunder',
      '  --help                        shows this',
      '',
      'Wet.',
    ].join('\n'),
  )
})
