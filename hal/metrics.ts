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

function labelText(labels: Readonly<Record<string, number>>): string {
  const each = Object.entries(labels).map(([label, value]) => `${label}="${value}"`)
  return each.length === 0 ? '' : `{${each.join(',')}}`
}

/** What every end has beside its machine; `modem`: all of them together. */
export function processMetrics(end: {
  readonly modem: ModemCounters
  readonly rssPeakOctets: number
}): readonly Metric[] {
  const { octetsIn, octetsOut, opens, errors, isOpen } = end.modem
  return [
    { name: 'modem_open', help: '1 while the line to every modem is there', value: isOpen ? 1 : 0 },
    { name: 'modem_octets_in_total', help: 'Octets heard', value: octetsIn },
    { name: 'modem_octets_out_total', help: 'Octets that modems took', value: octetsOut },
    { name: 'modem_opens_total', help: 'Times the line to a modem was opened', value: opens },
    { name: 'modem_errors_total', help: 'Errors of the lines to modems', value: errors },
    { name: 'memory_peak_octets', help: 'Most resident memory so far', value: end.rssPeakOctets },
  ]
}
