/**
 * The records of a file, whose boundaries its segments observe. CCSDS 727.0-B-5, 5.1 (segmentation control), 5.3
 * (record continuation state) and 4.6.1.1.
 *
 *     records      |   first    |     second      | third |
 *     segments     | both       | start  |  end   | both  |
 *
 * A segment never holds octets of two records, so the last state says that it holds one as a whole.
 */

/** Every record has so many octets; or where each of them ends, ascending. The end of the file ends the last one. */
export type RecordEnds = number | readonly number[]

/** Why these are no ends of records; undefined if they are. */
export function recordsRefusal(ends: RecordEnds): string | undefined {
  const all = typeof ends === 'number' ? [ends] : ends
  let before = 0
  for (const end of all) {
    if (!Number.isSafeInteger(end) || end <= before)
      return `Cannot end a record at ${end}: an offset after ${before} is needed`
    before = end
  }
  return undefined
}

/** The end of the record that the octet at `offset` is of; Infinity: the end of the file. */
export function recordEnd(ends: RecordEnds, offset: number): number {
  if (typeof ends === 'number') return (Math.floor(offset / ends) + 1) * ends
  return ends[firstAfter(ends, offset)] ?? Number.POSITIVE_INFINITY
}

/** The record continuation state of the segment [start, end); `fileEnd` is undefined while nobody knows it. */
export function continuationOf(
  ends: RecordEnds,
  segment: { readonly start: number; readonly end: number },
  fileEnd: number | undefined,
): number {
  const { start, end } = segment
  const isStart = start === 0 || recordEnd(ends, start - 1) === start
  const isEnd = end === fileEnd || recordEnd(ends, end - 1) === end
  return (isStart ? CONTINUATION.start : 0) | (isEnd ? CONTINUATION.end : 0)
}

/** Index of the first end beyond `offset`. */
function firstAfter(ends: readonly number[], offset: number): number {
  let low = 0
  let high = ends.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((ends[middle] as number) <= offset) low = middle + 1
    else high = middle
  }
  return low
}

/** Both together are 3. */
const CONTINUATION = { start: 1, end: 2 } as const
