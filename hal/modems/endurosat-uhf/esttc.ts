/**
 * ESTTC, the text commands of EnduroSat's UHF transceiver, and the lines that it puts among the octets it hears.
 *
 *     ES+W 22 00 3323 blank 589B0F83 CR      write (W) or read (R), address, register, value, CRC-32 of what is before
 *     OK+ ... CRC CR     ERR+VAL CR          the answers
 *     +PIPE CRC CR       +ESTTC CRC CR       the pipe begins: all octets go to the air; and ends: commands again
 */
import { crc32 } from '../../../protocol/coding/crc32.ts'

/** CRC-32 of the text, as it is written. */
export function esttcCrc(text: string): string {
  return crc32(new TextEncoder().encode(text)).toString(16).toUpperCase().padStart(8, '0')
}

export function encodeEsttc(text: string): Uint8Array {
  return new TextEncoder().encode(`${text} ${esttcCrc(text)}\r`)
}

/** The status control word, register 00: the UART as it is, this mode of the radio, the pipe on. */
export function pipeWord(radioMode: number, baudRate: EsttcBaudRate): string {
  return ((UART[baudRate] << 12) | (radioMode << 8) | PIPE | HEALTHY)
    .toString(16)
    .toUpperCase()
    .padStart(4, '0')
}

/** What its UART can run at, by bits 13 and 12 of that word: whoever writes another one is not understood any more. */
const UART = { 9600: 0, 19200: 1, 115200: 3 } as const

export type EsttcBaudRate = keyof typeof UART

export type EsttcPiece =
  | { readonly kind: 'data'; readonly octets: Uint8Array }
  /** Without its CRC and its end. */
  | { readonly kind: 'line'; readonly text: string }

/** Takes the lines of the modem out of what it heard. What may be the beginning of one is kept until it is one, or not. */
export class EsttcFilter {
  #kept = ''

  /** Whether octets are kept. */
  get isKeeping(): boolean {
    return this.#kept !== ''
  }

  *push(octets: Uint8Array): IterableIterator<EsttcPiece> {
    let text = this.#kept + LATIN.decode(octets)
    for (let found = lineIn(text); found !== undefined; found = lineIn(text)) {
      if (found.at > 0) yield data(text.slice(0, found.at))
      yield { kind: 'line', text: found.text }
      text = text.slice(found.end)
    }
    const keep = beginningOfLine(text)
    if (keep > 0) yield data(text.slice(0, keep))
    this.#kept = text.slice(keep)
  }

  /** What was kept, which no line became. */
  release(): EsttcPiece | undefined {
    const kept = this.#kept
    this.#kept = ''
    return kept === '' ? undefined : data(kept)
  }
}

/** The first line of the modem in `text`: one with a CRC that is wrong is none. */
function lineIn(text: string): { at: number; end: number; text: string } | undefined {
  for (const match of text.matchAll(LINE)) {
    const [whole, line = '', crc] = match
    if (crc === undefined ? !NEEDS_CRC.test(line) : crc === esttcCrc(line))
      return { at: match.index, end: match.index + whole.length, text: line }
  }
  return undefined
}

/** Where what may become a line begins; the length of `text` if nothing may. */
function beginningOfLine(text: string): number {
  for (let at = Math.max(0, text.length - LINE_OCTETS_MAX); at < text.length; at++) {
    const rest = text.slice(at)
    const mayBe = WORDS.some(
      word =>
        word.startsWith(rest) ||
        (rest.startsWith(word) && /^[0-9A-F]* ?[0-9A-F]{0,8}$/.test(rest.slice(word.length))),
    )
    if (mayBe) return at
  }
  return text.length
}

function data(text: string): EsttcPiece {
  return { kind: 'data', octets: Uint8Array.from(text, letter => letter.charCodeAt(0)) }
}

/** Octets 0 to 255 as they are: 'latin1' of TextDecoder is another one. */
const LATIN = {
  decode: (octets: Uint8Array): string => {
    let text = ''
    for (const octet of octets) text += String.fromCharCode(octet)
    return text
  },
}
const LINE = /(\+PIPE|\+ESTTC|OK\+[0-9A-F]{4,16}|ERR\+VAL)(?: ([0-9A-F]{8}))?\r/g
/** An answer with a value, but for the two that it gives while it starts. */
const NEEDS_CRC = /^(\+|OK\+(?!C3C3$|8787$))/
const WORDS = ['+PIPE', '+ESTTC', 'OK+', 'ERR+VAL']
const LINE_OCTETS_MAX = 32
const PIPE = 0x20
const HEALTHY = 0x03
