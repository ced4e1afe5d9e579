/**
 * Orbit mean-elements messages as texts: KVN and XML, as CCSDS 502.0-B-3 and 505.0-B-3 have them, and CSV, in which
 * catalogues give the same keys. What the keys say is looked at in sgp4.ts.
 *
 *     KVN  MEAN_MOTION = 15.5 [rev/day]
 *     XML  <omm ...> ... <MEAN_MOTION units="rev/day">15.5</MEAN_MOTION> ... </omm>
 *     CSV  OBJECT_NAME,EPOCH,MEAN_MOTION,...
 */

type Message = Record<string, string>

/** The messages of a text in any of the three; none if it is something else. */
export function messagesOf(text: string): Message[] {
  const start = text.trimStart()
  if (start.startsWith('<')) return messagesOfXml(start)
  return CSV_HEAD.test(start) ? messagesOfCsv(start) : messagesOfKvn(start)
}

/** Each begins with its version, and says `KEY = VALUE`, with a unit if any. */
function messagesOfKvn(text: string): Message[] {
  const messages: Message[] = []
  for (const line of text.split('\n')) {
    const [, key, value] = /^\s*([A-Z_0-9]+)\s*=\s*(.*?)\s*(?:\[[^\]]*\])?\s*$/.exec(line) ?? []
    if (key === undefined || value === undefined) continue
    if (key === 'CCSDS_OMM_VERS' || messages.length === 0) messages.push({})
    const message = messages.at(-1) as Message
    message[key] = value
  }
  return messages
}

/** Each is an element `omm`, whatever holds it; what has no element in it is a key and its value. */
function messagesOfXml(text: string): Message[] {
  const messages: Message[] = []
  for (const [, isMessage, key = '', value = ''] of text.replace(COMMENT, '').matchAll(ELEMENT)) {
    if (isMessage !== undefined) messages.push({})
    const message = messages.at(-1)
    if (key !== '' && message !== undefined) message[key] = plain(value.trim())
  }
  return messages
}

/** Each is a line under the keys, with quotes or without. */
function messagesOfCsv(text: string): Message[] {
  const [keys = [], ...rows] = text.trimEnd().split(/\r?\n/).map(cells)
  return rows.map(row => Object.fromEntries(keys.map((key, i) => [key, row[i] ?? ''])))
}

function cells(line: string): string[] {
  return [...line.matchAll(CELL)].map(([, quoted, bare = '']) =>
    quoted === undefined ? bare.trim() : quoted.replaceAll('""', '"'),
  )
}

/** XML 1.0, 4.6. */
function plain(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => ENTITIES[name] as string)
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
}
const COMMENT = /<!--[^]*?-->/g
const ELEMENT = /<(?:\w+:)?(omm)[\s>]|<(?:\w+:)?([A-Z_0-9]+)(?:\s[^<>]*)?>([^<]*)<\//g
const CSV_HEAD = /^"?[A-Z_0-9]+"?\s*,/
const CELL = /(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g
