/** What is flown against cfdp-py, and what must come of it. */
import { type Harm, NO_HARM } from './relay.ts'
import type { Case, Outcome } from './transfer.ts'

const SIZES = [0, 1, 999, 1_000, 1_001, 70_000, 400_000]

export const CLEAN: readonly Case[] = (['downpour', 'cfdp-py'] as const).flatMap(from => [
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

export const LOSSY: readonly Case[] = (['downpour', 'cfdp-py'] as const).flatMap(from =>
  [true, false].flatMap(immediate =>
    [1, 2, 3, 4].flatMap(seed => [
      { from, octets: 70_000, class: 2, immediate, harm: harm(seed, 0.02) } as const,
      { from, octets: 70_000, class: 2, immediate, harm: harm(seed + 10, 0.1) } as const,
    ]),
  ),
)

/** The first PDU of a kind is lost: series F2 of the test notebooks; then what comes late, and cancellations. */
export const SINGLE: readonly Case[] = (['downpour', 'cfdp-py'] as const).flatMap(from => [
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

export function nameOf({ from, octets, class: grade, harm, ...way }: Case): string {
  const to = from === 'downpour' ? 'cfdp-py' : 'Downpour'
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
 * Without harm both ends must be content. With harm the file must arrive where Downpour receives it; what cfdp-py
 * makes of the end, and of what it receives, is only told.
 */
export function verdict({ from, harm, cancel, replay }: Case, outcome: Outcome): string {
  if (cancel === true) {
    if (outcome.isSame || outcome.downpour !== 'cancel request received') return 'wrong'
    return outcome.cfdpPy === 'CANCEL_REQUEST_RECEIVED' ? 'right' : 'ended here; the peer stalls'
  }
  const isContent = outcome.downpour === 'no error' && outcome.cfdpPy === 'no error'
  if (outcome.isSame && isContent) return 'right'
  // It begins the file anew when its Metadata comes again.
  if (replay === true && from === 'downpour') return 'the peer harms its file'
  if (harm === undefined) return 'wrong'
  if (from === 'cfdp-py') return outcome.isSame ? 'whole here; the peer stalls' : 'wrong'
  return outcome.isSame ? 'whole there; the end is not agreed' : 'the peer stalls'
}

function harm(seed: number, loss: number): Harm {
  return { seed, loss, copies: 0.02, late: 0.02 }
}
