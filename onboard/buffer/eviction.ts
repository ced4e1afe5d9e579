/** Which files make way for another when the buffer is full: those that would be sent last, none that counts more. */
import type { AckBuffer, Entry, Offer, Shortage } from './ack-buffer.ts'
import { compareRanks, type Rank } from './rank.ts'

/**
 * The files to drop so that there is room, least valuable first; undefined: there would not be enough. None is
 * pinned, none goes before the one that comes, and none is partly on its way unless `begun` may go, too.
 */
export function victimsFor(
  offer: Offer & { readonly rank: Rank },
  lacking: Shortage,
  buffer: AckBuffer,
  begun: boolean,
): readonly Entry[] | undefined {
  const victims: Entry[] = []
  let { files, octets } = lacking
  const candidates = [...buffer.entries()]
    .filter(entry => mayGo(entry, offer, lacking, begun))
    .toSorted((one, other) => compareRanks(other.rank, one.rank))
  for (const entry of candidates) {
    if (files <= 0 && octets <= 0) break
    victims.push(entry)
    files -= 1
    octets -= entry.identity.octets
  }
  return files <= 0 && octets <= 0 ? victims : undefined
}

function mayGo(
  entry: Entry,
  offer: Offer & { readonly rank: Rank },
  { quota }: Shortage,
  begun: boolean,
): boolean {
  if (entry.pinned === true || entry.ended !== undefined) return false
  if (entry.mark > 0 && !begun) return false
  if (quota !== undefined && entry.quota !== quota) return false
  return compareRanks(entry.rank, offer.rank) > 0
}
