/** What the machine says to a question. */
export interface Answer {
  /** Absent: it was done. */
  readonly why: string | undefined
  /** Of a command. */
  readonly counter?: number
  /** Of a file for the spacecraft. */
  readonly sequence?: number
}
