/** A figure that operators watch. */
export interface Metric {
  /** Without the `downpour_` that all begin with; counters end in `_total`. */
  readonly name: string
  readonly help: string
  readonly value: number
}
