/** Octets as a description prints them: in hexadecimal digits, or as the text that they most likely are. */

/** Two lower-case digits an octet, without blanks. */
export function hexOf(octets: Uint8Array): string {
  let digits = ''
  for (const octet of octets) digits += octet.toString(16).padStart(2, '0')
  return digits
}

/** As UTF-8; what is none becomes U+FFFD, so that it can be seen. */
export function textOf(octets: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(octets)
}

/** A name as text, and also in hexadecimal digits where the text does not say all of it. */
export function describeName(
  field: string,
  octets: Uint8Array,
): { readonly [field: string]: string } {
  const text = textOf(octets)
  return text.includes('\ufffd')
    ? { [field]: text, [`${field}_hex`]: hexOf(octets) }
    : { [field]: text }
}
