/**
 * File names come over the air. A name is used only if it can do no harm on any system that the archive
 * may be copied to; else the file goes by the number of its transaction.
 */

/** The name as a relative path with '/', or undefined if it is not safe. */
export function safeName(octets: Uint8Array): string | undefined {
  if (octets.length === 0 || octets.length > NAME_OCTETS_MAX) return undefined
  const name = decoded(octets)
  if (name === undefined || FORBIDDEN.test(name) || DRIVE.test(name)) return undefined
  return name.split('/').every(isSafeComponent) ? name : undefined
}

/** Empty ones come of '//' and of a leading or trailing '/'; '.', '..' and '.partial' are hidden ones. */
function isSafeComponent(component: string): boolean {
  return (
    component !== '' &&
    !component.startsWith('.') &&
    !DEVICE.test(component) &&
    UTF8.encode(component).length <= COMPONENT_OCTETS_MAX
  )
}

function decoded(octets: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(octets)
  } catch {
    return undefined
  }
}

export const COMPONENT_OCTETS_MAX = 255
const NAME_OCTETS_MAX = 1_024
const UTF8 = new TextEncoder()

/** Control characters, backslash, and marks that make a name look like another (bidirectional, BOM). */
const FORBIDDEN = /[\p{Cc}\\\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/u
const DRIVE = /^[a-z]:/i
/** Names that are devices on Windows, whatever follows their first dot. */
const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])\s*(?:\.|:|$)/i
