/** Where the spacecraft is: what windows are computed from, whatever the elements came as. */

/** Kilometres in the frame that turns with the Earth: x to Greenwich, z to the north pole. */
export interface Position {
  readonly x: number
  readonly y: number
  readonly z: number
}

export interface Orbit {
  /** When the elements hold best: UTC in milliseconds since 1970. */
  readonly epochMs: number
  /** Of one revolution. */
  readonly periodMs: number
  /** undefined where the elements lead nowhere: under the ground, most often. */
  position(utcMs: number): Position | undefined
}
