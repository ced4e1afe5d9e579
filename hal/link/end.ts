/** Where a process plugs into the simulated line: a device file that it opens, or a socket that it calls. */
export interface LineEnd {
  readonly where: Where
  /** Octets that the process wrote, `most` at the most, owned by the caller; undefined: none are there now. */
  read(most: number): Uint8Array | undefined
  /** Takes what the process has room for, and answers how many octets that was. */
  write(octets: Uint8Array): number
  /** Goes away: who has it open sees the device vanish. */
  hangUp(): Promise<void>
  /** Is there again, in the same place. */
  plugIn(): Promise<void>
  close(): Promise<void>
}

export type Where =
  | { readonly kind: 'serial'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
