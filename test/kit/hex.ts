/** Octets as people write them: two hexadecimal digits each, blanks wherever a field ends. */

/** hex`00000000 1acffc1d` */
export function hex(text: TemplateStringsArray, ...values: readonly string[]): Uint8Array {
  return fromHex(String.raw({ raw: text }, ...values))
}

/** Blanks are ignored. @throws Error if something else than pairs of digits is in `text` */
export function fromHex(text: string): Uint8Array {
  const digits = text.replaceAll(/\s/g, '')
  if (digits.length % 2 !== 0 || /[^0-9a-f]/i.test(digits))
    throw new Error(`Cannot read "${text}" as octets: pairs of hexadecimal digits are needed`)
  return Uint8Array.from({ length: digits.length / 2 }, (_, i) =>
    Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16),
  )
}

export function toHex(octets: Uint8Array): string {
  return Array.from(octets, octet => octet.toString(16).padStart(2, '0')).join('')
}
