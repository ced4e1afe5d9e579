/** A figure that operators watch. */
export interface Metric {
  /** Without the `downpour_` that all begin with; counters end in `_total`. */
  readonly name: string
  readonly help: string
  /** Which of several: by name of the label. Those of one name stand together. */
  readonly labels?: Readonly<Record<string, number | string>>
  readonly value: number
}
