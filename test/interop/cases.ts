/** What is flown against other entities, and what must come of it. */
import { type Harm, NO_HARM } from './relay.ts'
import type { Case, Outcome } from './transfer.ts'

const SIZES = [0, 1, 999, 1_000, 1_001, 70_000, 400_000]

export const CLEAN: readonly Case[] = (['downpour', 'peer'] as const).flatMap(from => [
  ...SIZES.flatMap((octets): Case[] => [
    { from, octets, class: 1 },
    { from, octets, class: 1, closure: true },
    { from, octets, class: 2 },
  ]),
  ...(['crc32c', 'modular', 'null'] as const).map(
    (checksum): Case => ({ from, octets: 5_001, class: 2, checksum }),
  ),
  { from, octets: 5_001, class: 2, crc: true },
  { from, octets: 5_001, class: 1, crc: true, closure: true },
  { from, octets: 70_000, class: 2, segment: 4_096 },
])

export const LOSSY: readonly Case[] = (['downpour', 'peer'] as const).flatMap(from =>
  [true, false].flatMap(immediate =>
    [1, 2, 3, 4].flatMap(seed => [
      { from, octets: 70_000, class: 2, immediate, harm: harm(seed, 0.02) } as const,
      { from, octets: 70_000, class: 2, immediate, harm: harm(seed + 10, 0.1) } as const,
    ]),
  ),
)

/** The first PDU of a kind is lost: series F2 of the test notebooks; then what comes late, and cancellations. */
export const SINGLE: readonly Case[] = (['downpour', 'peer'] as const).flatMap(from => [
  ...['metadata', 'file data', 'eof', 'ack eof', 'finished', 'ack finished', 'nak'].map(
    (kind): Case => ({ from, octets: 20_000, class: 2, harm: { ...NO_HARM, first: [kind] } }),
  ),
  ...[
    ['metadata', 'eof'],
    ['metadata', 'file data', 'eof', 'nak', 'ack eof', 'finished', 'ack finished'],
  ].map((first): Case => ({ from, octets: 20_000, class: 2, harm: { ...NO_HARM, first } })),
  { from, octets: 20_000, class: 2, replay: true },
  { from, octets: 20_000, class: 1, replay: true },
  { from, octets: 400_000, class: 2, cancel: true },
])

/** What Yamcs takes part in: it has no other checksum, and of what it sends only the class can be chosen. */
export const YAMCS: readonly Case[] = [...CLEAN, ...LOSSY, ...SINGLE]
  .filter(({ from, checksum = 'modular', crc, closure, segment, immediate }) => {
    if (checksum !== 'modular' || immediate === false) return false
    return from === 'downpour' || [crc, closure, segment].every(way => !way)
  })
  .map(one => ({ checksum: 'modular', ...one }))

export function nameOf(
  { from, octets, class: grade, harm, ...way }: Case,
  peer: string = 'cfdp-py',
): string {
  const to = from === 'downpour' ? peer : 'Downpour'
  const extras = [
    way.closure === true ? 'closure' : '',
    way.checksum ?? '',
    way.crc === true ? 'CRC' : '',
    way.segment === undefined ? '' : `segments of ${way.segment}`,
    way.immediate === false ? 'deferred NAK' : '',
    way.replay === true ? 'all comes again' : '',
    way.cancel === true ? 'cancelled by Downpour' : '',
    harm === undefined || harm.first ? '' : `${100 * harm.loss} % lost, seed ${harm.seed}`,
    harm?.first === undefined ? '' : `lost: first ${harm.first.join(', ')}`,
  ].filter(text => text !== '')
  return [`to ${to}, class ${grade}, ${octets} octets`, ...extras].join(', ')
}

/**
 * Without harm both ends must be content. With harm the file must arrive where Downpour receives it; what the peer
 * makes of the end, and of what it receives, is only told.
 */
export function verdict(one: Case, outcome: Outcome, peer: string = 'cfdp-py'): string {
  const { from, harm, cancel, replay } = one
  if (cancel === true) {
    if (outcome.isSame || outcome.downpour !== 'cancel request received') return 'wrong'
    return CANCELLED.test(outcome.peer) ? 'right' : 'ended here; the peer stalls'
  }
  const isContent = outcome.downpour === 'no error' && outcome.peer === 'no error'
  if (outcome.isSame && isContent) return 'right'
  // It begins the file anew when its Metadata comes again.
  if (replay === true && from === 'downpour') return 'the peer harms its file'
  if (harm === undefined) return (peer === 'Yamcs' && knownOfYamcs(one, outcome)) || 'wrong'
  if (from === 'peer') return outcome.isSame ? 'whole here; the peer stalls' : 'wrong'
  return outcome.isSame ? 'whole there; the end is not agreed' : 'the peer stalls'
}

/** Where Yamcs does otherwise on a clean way, and Downpour holds its own end all the same. */
function knownOfYamcs(
  { from, octets, closure }: Case,
  { isSame, downpour }: Outcome,
): string | undefined {
  if (octets === 0 && (from === 'downpour' || (isSame && downpour === 'no error')))
    return 'the peer knows no empty files'
  if (closure === true && isSame && downpour === 'no error')
    return 'whole there; the peer waits for an ACK that class 1 has not'
  return undefined
}

function harm(seed: number, loss: number): Harm {
  return { seed, loss, copies: 0.02, late: 0.02 }
}

/** How a peer says that a transaction was cancelled. */
const CANCELLED = /cancel/i
