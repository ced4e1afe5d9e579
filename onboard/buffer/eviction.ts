/** Which files make way for another when the buffer is full: those that would be sent last, none that counts more. */
import type { AckBuffer, Entry, Offer, Shortage } from './ack-buffer.ts'
import { compareRanks, type Rank } from './rank.ts'

/**
 * The files to drop so that there is room everywhere, least valuable first; undefined: there would not be enough. None
 * is pinned, none goes before the one that comes, and none is partly on its way unless `begun` may go, too. One that
 * was dropped and of whose end the ground has not heard goes soon: what waits for that drops no more.
 */
export function victimsFor(
  offer: Offer & { readonly rank: Rank },
  shortages: readonly Shortage[],
  buffer: AckBuffer,
  begun: boolean,
): readonly Entry[] | undefined {
  const all = [...buffer.entries()].toSorted((one, other) => compareRanks(other.rank, one.rank))
  const victims = new Set<Entry>()
  for (const { quota, ...lacking } of shortages) {
    const here = all.filter(entry => quota === undefined || entry.quota === quota)
    const goes = here.filter(entry => entry.ended?.gone === true || victims.has(entry))
    const may = here.filter(entry => !victims.has(entry) && mayGo(entry, offer, begun))
    let { files, octets } = lacking
    for (const entry of [...goes, ...may]) {
      if (files <= 0 && octets <= 0) break
      if (entry.ended === undefined) victims.add(entry)
      files -= 1
      octets -= entry.identity.octets
    }
    if (files > 0 || octets > 0) return undefined
  }
  return [...victims]
}

function mayGo(entry: Entry, offer: Offer & { readonly rank: Rank }, begun: boolean): boolean {
  if (entry.pinned === true || entry.ended !== undefined) return false
  if (entry.mark > 0 && !begun) return false
  return compareRanks(entry.rank, offer.rank) > 0
}
