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

t.test('processMetrics() has each of several modems, and what its driver counts', async t => {
  const quiet = { octetsIn: 0, octetsOut: 0, opens: 1, errors: 0, lastError: undefined }
  const uhf = { ...quiet, isOpen: true, octetsIn: 5, events: { 'answers missed': 2, refusals: 0 } }
  const modems = { uhf, 'a "b"\\\n': { ...quiet, isOpen: false, octetsOut: 7 } }
  const said = (end: Parameters<typeof processMetrics>[0]) =>
    prometheusText(processMetrics(end))
      .split('\n')
      .filter(line => line.includes('{'))
  t.strictSame(said({ modem: uhf, modems, rssPeakOctets: 1 }), [
    'downpour_modem_each_open{modem="uhf"} 1',
    'downpour_modem_each_open{modem="a \\"b\\"\\\\\\n"} 0',
    'downpour_modem_each_octets_in_total{modem="uhf"} 5',
    'downpour_modem_each_octets_in_total{modem="a \\"b\\"\\\\\\n"} 0',
    'downpour_modem_each_octets_out_total{modem="uhf"} 0',
    'downpour_modem_each_octets_out_total{modem="a \\"b\\"\\\\\\n"} 7',
    'downpour_modem_events_total{modem="uhf",event="answers missed"} 2',
    'downpour_modem_events_total{modem="uhf",event="refusals"} 0',
  ])
  t.strictSame(said({ modem: uhf, rssPeakOctets: 1 }), [
    'downpour_modem_events_total{modem="modem",event="answers missed"} 2',
    'downpour_modem_events_total{modem="modem",event="refusals"} 0',
  ])
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
