/**
 * Contact plans of ION, as ionrc(5) describes them: commands of ionadmin, one a line. Rates are octets per second;
 * a contact goes one way.
 *
 *     a contact +0 +480 7 2 125000 0.9        from, to, source, destination, rate, confidence
 *     a contact 2026/01/01-00:10:00 2026/01/01-00:18:00 2 7 8000
 *     a range +0 +480 7 2 1                   from, to, node, node, light seconds
 *     @ 2026/01/01-00:00:00                   what relative times are counted from
 *
 * Where a file holds commands of several programs, those between `## begin ionadmin` and `## end ionadmin` count.
 */
import { PLAN_LIMITS } from './document.ts'
import { type PlanFault, type PlanReading, reading } from './fault.ts'
import { joinLanes, type Lane, laneOf, type Network } from './lanes.ts'
import { calendarMs } from './utc.ts'

export function readIon(text: string, network: Network): PlanReading {
  const found: Found = {
    network,
    referenceMs: network.referenceMs,
    lanes: [],
    faults: [],
    notes: [],
  }
  let isOurs = true
  for (const [i, line] of text.split('\n').entries()) {
    const section = SECTION.exec(line)
    if (section !== null) isOurs = (section[2] === 'ionadmin') === (section[1] === 'begin')
    else if (isOurs) readLine(line.trim(), `line ${i + 1}`, found)
    if (found.lanes.length > PLAN_LIMITS.contactsMax) {
      const why = `is over ${PLAN_LIMITS.contactsMax} contacts`
      return { kind: 'refused', faults: [{ place: `line ${i + 1}`, why }] }
    }
  }
  const contacts = joinLanes(found.lanes, network, found.faults)
  return reading({ issued: undefined, contacts }, found.faults, found.notes)
}

interface Found {
  readonly network: Network
  referenceMs: number
  readonly lanes: Lane[]
  readonly faults: PlanFault[]
  readonly notes: PlanFault[]
}

function readLine(line: string, place: string, found: Found): void {
  const [command = '', object = '', ...words] = line.split(/\s+/)
  const refuse = (why: string): void => void found.faults.push({ place, why })
  if (command === 'a' && object === 'contact') readContact(words, place, found)
  else if (command === 'a' && object === 'range') readRange(words, place, found)
  else if (command === '@') {
    const at = instant(object, found.referenceMs)
    if (at === undefined) refuse(noTime(object))
    else found.referenceMs = at
  } else if (/^[acd]$/.test(command))
    refuse(`"${cut(line)}": a contact and a range can be added, nothing else`)
  else if (line !== '' && !OTHERS.test(command)) refuse(`"${cut(line)}" is no command of ionadmin`)
}

function readContact(words: readonly string[], place: string, found: Found): void {
  const refuse = (why: string): void => void found.faults.push({ place, why })
  const note = (why: string): void => void found.notes.push({ place, why })
  const [from = '', to = '', source = '', destination = '', rate = '', sure = '1', ...more] = words
  if (from === '-1') return
  if (to === '0') return note('a hypothetical contact has no time, and is left out')
  const start = instant(from, found.referenceMs)
  const end = instant(to, found.referenceMs)
  if (rate === '' || more.length > 0)
    return refuse('a contact needs from, to, two nodes, a rate, and a confidence if any')
  if (start === undefined) return refuse(noTime(from))
  if (end === undefined) return refuse(noTime(to))
  if (end <= start) return refuse(`ends at ${to}; it must end after it starts, ${from}`)
  if (!NODE.test(source) || !NODE.test(destination))
    return refuse(`"${cut(source)}" and "${cut(destination)}" must be numbers of nodes`)
  const bps = 8 * Number(rate)
  if (!NUMBER.test(rate) || bps === 0 || bps > PLAN_LIMITS.bpsMax)
    return refuse(`rate "${cut(rate)}" will not do; octets per second are needed`)
  const confidence = Number(sure)
  if (!NUMBER.test(sure) || confidence === 0 || confidence > 1)
    return refuse(`confidence "${cut(sure)}" will not do; it must be over 0, up to 1`)
  const lane = laneOf(found.network, Number(source), Number(destination))
  if (lane === undefined) return note(`nodes ${source} and ${destination}: not the spacecraft's`)
  if (confidence < 1) note(`confidence ${sure} has no place in the plan`)
  found.lanes.push({ place, ...lane, start, end, bps })
}

/** In low orbit nothing depends on the distance; it is read so that no mistake in it goes by. */
function readRange(words: readonly string[], place: string, found: Found): void {
  const [from = '', to = '', one = '', other = '', distance = '', ...more] = words
  const start = instant(from, found.referenceMs)
  const end = instant(to, found.referenceMs)
  const isWhole = NODE.test(one) && NODE.test(other) && NUMBER.test(distance) && more.length === 0
  if (start === undefined) found.faults.push({ place, why: noTime(from) })
  else if (end === undefined) found.faults.push({ place, why: noTime(to) })
  else if (!isWhole || end <= start)
    found.faults.push({ place, why: 'a range needs from, a later to, two nodes and light seconds' })
}

/** `+480`, or `2026/01/01-00:10:00`. */
function instant(text: string, referenceMs: number): number | undefined {
  if (/^\+\d{1,10}$/.test(text)) return referenceMs + 1_000 * Number(text.slice(1))
  const found = TIME.exec(text)
  if (found === null) return undefined
  const [year, month, day, hour, minute, second] = found.slice(1).map(Number) as Six
  const ms = calendarMs({ year, month, day, hour, minute, second })
  return ms !== undefined && ms >= 0 ? ms : undefined
}

function noTime(text: string): string {
  return `"${cut(text)}" is no time; +480 or 2026/01/01-00:10:00 is needed`
}

function cut(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}

type Six = [number, number, number, number, number, number]
const SECTION = /^##\s*(begin|end)\s+(\w+)/
const TIME = /^(\d{4})\/(\d\d)\/(\d\d)-(\d\d):(\d\d):(\d\d)$/
const NODE = /^\d{1,15}$/
const NUMBER = /^\d{1,15}(\.\d{1,15})?$/
/** Commands that do not change the plan, and comments. */
const OTHERS = /^([1ehilmqrsvx?^]|#.*)$/
