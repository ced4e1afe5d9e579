/**
 * Items in hexadecimal digits, one a line, from a stream of any length: only the line that is being read is
 * held. Blanks between digits, empty lines and what follows a # mean nothing.
 */

/** The items of each chunk as it comes, so that what is known can be said before the stream ends. */
export async function* hexLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string[]> {
  let line = ''
  for await (const chunk of chunks) {
    const [first = '', ...others] = LATIN.decode(chunk).split('\n')
    const lines = [line + first, ...others]
    // A line too long keeps one character too many: enough to be known, and refused, as such.
    line = (lines.pop() ?? '').slice(0, LINE_MAX + 1)
    yield lines.map(bare).filter(item => item !== '')
  }
  const last = bare(line)
  if (last !== '') yield [last]
}

export type HexItem =
  | { readonly kind: 'octets'; readonly octets: Uint8Array }
  | { readonly kind: 'malformed'; readonly why: string; readonly at: number }

export function parseHex(item: string): HexItem {
  if (item.length > LINE_MAX)
    return { kind: 'malformed', why: `Cannot read an item of more than ${LINE_MAX} digits`, at: 0 }
  const digits = item.replaceAll(/\s/g, '')
  const foreign = digits.search(/[^0-9a-f]/i)
  if (foreign >= 0) {
    const why = `Cannot read "${digits[foreign]}": hexadecimal digits are needed`
    return { kind: 'malformed', why, at: foreign >>> 1 }
  }
  if (digits.length % 2 !== 0) {
    const why = 'Cannot read half an octet: the digits must be in pairs'
    return { kind: 'malformed', why, at: digits.length >>> 1 }
  }
  return { kind: 'octets', octets: Uint8Array.from(Buffer.from(digits, 'hex')) }
}

function bare(line: string): string {
  const comment = line.indexOf('#')
  return (comment < 0 ? line : line.slice(0, comment)).trim()
}

/** Eight times the digits of the longest packet. */
const LINE_MAX = 1_048_576
const LATIN = new TextDecoder('latin1')
