/**
 * The control commands of COP-1: what a frame of type BC carries. CCSDS 232.0-B-4, 4.1.3.3.
 *
 *     +----+                 +----+----+------+
 *     | 00 |  Unlock         | 82 | 00 | V(R) |  Set V(R)
 *     +----+                 +----+----+------+
 */
export type ControlCommand =
  | { readonly kind: 'unlock' }
  /** The sequence number that the next frame of type AD shall have, 0 to 255. */
  | { readonly kind: 'set V(R)'; readonly sequence: number }

export function encodeControlCommand(command: ControlCommand): Uint8Array {
  return command.kind === 'unlock' ? Uint8Array.of(0) : Uint8Array.of(0x82, 0, command.sequence)
}

/** undefined: the field is no control command. */
export function decodeControlCommand(field: Uint8Array): ControlCommand | undefined {
  if (field.length === 1 && field[0] === 0) return { kind: 'unlock' }
  if (field.length === 3 && field[0] === 0x82 && field[1] === 0)
    return { kind: 'set V(R)', sequence: field[2] as number }
  return undefined
}
