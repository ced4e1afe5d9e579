/** Counters and gauges as Prometheus reads them: text exposition format 0.0.4. */
import type { Metric } from '../protocol/metric.ts'

export function prometheusText(metrics: readonly Metric[]): string {
  const lines: string[] = []
  for (const { name, help, value } of metrics) {
    const kind = name.endsWith('_total') ? 'counter' : 'gauge'
    lines.push(`# HELP downpour_${name} ${help}`, `# TYPE downpour_${name} ${kind}`)
    lines.push(`downpour_${name} ${value}`)
  }
  return `${lines.join('\n')}\n`
}
