/** Octets off the link that are not what they should be: a value, counted by whom it concerns. */
export interface Malformed {
  readonly kind: 'malformed'
  readonly why: string
  /** Index of the octet where it shows, from the first octet of the item. */
  readonly at: number
}

export function malformed(why: string, at: number): Malformed {
  return { kind: 'malformed', why, at }
}
