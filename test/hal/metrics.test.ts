import t from 'tap'
import { processMetrics, prometheusText } from '../../hal/metrics.ts'

t.test('prometheusText() is what Prometheus reads', async t => {
  const modem = {
    octetsIn: 1,
    octetsOut: 2,
    opens: 3,
    errors: 4,
    lastError: undefined,
    isOpen: false,
  }
  const text = prometheusText(processMetrics({ modem, rssPeakOctets: 5e7 }))
  t.ok(text.endsWith('\n'))
  const lines = text.trimEnd().split('\n')
  const values = lines.filter(line => !line.startsWith('#'))
  t.strictSame(values, [
    'downpour_modem_open 0',
    'downpour_modem_octets_in_total 1',
    'downpour_modem_octets_out_total 2',
    'downpour_modem_opens_total 3',
    'downpour_modem_errors_total 4',
    'downpour_memory_peak_octets 50000000',
  ])
  for (const [i, line] of values.entries()) {
    const [name = ''] = line.split(' ')
    const kind = name.endsWith('_total') ? 'counter' : 'gauge'
    t.match(lines[3 * i], `# HELP ${name} `)
    t.equal(lines[3 * i + 1], `# TYPE ${name} ${kind}`)
  }
})

t.test('prometheusText() says once what several are that differ by a label', async t => {
  const name = 'buffer_file_release_seconds'
  const one = { name, help: 'Until it goes', value: 5 }
  t.equal(
    prometheusText([
      { ...one, labels: { sequence: 7 } },
      { ...one, labels: { sequence: 8, of: 2 }, value: 6.5 },
    ]),
    [
      `# HELP downpour_${name} Until it goes`,
      `# TYPE downpour_${name} gauge`,
      `downpour_${name}{sequence="7"} 5`,
      `downpour_${name}{sequence="8",of="2"} 6.5`,
      '',
    ].join('\n'),
  )
})
