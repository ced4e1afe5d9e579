/** A half-open stretch of octets of a file: `start` is in it, `end` is not. */
export interface Span {
  readonly start: number
  readonly end: number
}
