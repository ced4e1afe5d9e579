/** Counters and gauges as Prometheus reads them: text exposition format 0.0.4. */

export interface Metric {
  /** Without the `downpour_` that all begin with; counters end in `_total`. */
  readonly name: string
  readonly help: string
  readonly value: number
}

export function prometheusText(metrics: readonly Metric[]): string {
  const lines: string[] = []
  for (const { name, help, value } of metrics) {
    const kind = name.endsWith('_total') ? 'counter' : 'gauge'
    lines.push(`# HELP downpour_${name} ${help}`, `# TYPE downpour_${name} ${kind}`)
    lines.push(`downpour_${name} ${value}`)
  }
  return `${lines.join('\n')}\n`
}
