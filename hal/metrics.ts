/** Counters and gauges as Prometheus reads them: text exposition format 0.0.4. */
import type { Metric } from '../protocol/metric.ts'
import type { ModemCounters } from './ports.ts'

export function prometheusText(metrics: readonly Metric[]): string {
  const lines: string[] = []
  let last = ''
  for (const { name, help, labels = {}, value } of metrics) {
    const kind = name.endsWith('_total') ? 'counter' : 'gauge'
    if (name !== last)
      lines.push(`# HELP downpour_${name} ${help}`, `# TYPE downpour_${name} ${kind}`)
    last = name
    lines.push(`downpour_${name}${labelText(labels)} ${value}`)
  }
  return `${lines.join('\n')}\n`
}

function labelText(labels: NonNullable<Metric['labels']>): string {
  const each = Object.entries(labels).map(([label, value]) => `${label}="${escaped(value)}"`)
  return each.length === 0 ? '' : `{${each.join(',')}}`
}

function escaped(value: number | string): string {
  return String(value).replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}

/** What every end has beside its machine; `modem`: all of them together, of several also by their names. */
export function processMetrics(end: {
  readonly modem: ModemCounters
  readonly modems?: Readonly<Record<string, ModemCounters>>
  readonly rssPeakOctets: number
}): readonly Metric[] {
  const { octetsIn, octetsOut, opens, errors, isOpen } = end.modem
  return [
    { name: 'modem_open', help: '1 while the line to every modem is there', value: isOpen ? 1 : 0 },
    { name: 'modem_octets_in_total', help: 'Octets heard', value: octetsIn },
    { name: 'modem_octets_out_total', help: 'Octets that modems took', value: octetsOut },
    { name: 'modem_opens_total', help: 'Times the line to a modem was opened', value: opens },
    { name: 'modem_errors_total', help: 'Errors of the lines to modems', value: errors },
    ...namedMetrics(Object.entries(end.modems ?? {})),
    ...eventMetrics(Object.entries(end.modems ?? { modem: end.modem })),
    { name: 'memory_peak_octets', help: 'Most resident memory so far', value: end.rssPeakOctets },
  ]
}

type Named = readonly (readonly [name: string, counters: ModemCounters])[]

function namedMetrics(modems: Named): Metric[] {
  const each = (name: string, help: string, valueOf: (one: ModemCounters) => number) =>
    modems.map(([modem, one]) => ({ name, help, labels: { modem }, value: valueOf(one) }))
  return [
    ...each('modem_each_open', '1 while the line to this modem is there', one =>
      one.isOpen ? 1 : 0,
    ),
    ...each('modem_each_octets_in_total', 'Octets heard by this modem', one => one.octetsIn),
    ...each('modem_each_octets_out_total', 'Octets that this modem took', one => one.octetsOut),
  ]
}

/** What drivers count of the modems that they know. */
function eventMetrics(modems: Named): Metric[] {
  return modems.flatMap(([modem, { events = {} }]) =>
    Object.entries(events).map(([event, value]) => ({
      name: 'modem_events_total',
      help: 'What a modem went through, as its driver calls it',
      labels: { modem, event },
      value,
    })),
  )
}
