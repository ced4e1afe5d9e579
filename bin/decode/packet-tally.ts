/** Packets counted by APID. */
export interface TalliedApid {
  readonly apid: number
  readonly packets: number
  /** Headers with them. */
  readonly octets: number
  /** Packets missing by their sequence counts. */
  readonly missing: number
}

export class PacketTally {
  readonly #apids = new Map<number, { packets: number; octets: number; missing: number }>()
  readonly #counts = new Map<number, number>()

  /** @param packet whole, its header with it */
  add(packet: Uint8Array): void {
    const word = (at: number) => ((packet[at] as number) << 8) | (packet[at + 1] as number)
    const apid = word(0) & 0x7ff
    const count = word(2) & 0x3fff
    const tally = this.#apids.get(apid) ?? { packets: 0, octets: 0, missing: 0 }
    const last = this.#counts.get(apid)
    if (last !== undefined && count !== last) tally.missing += (count - last - 1) & 0x3fff
    tally.packets += 1
    tally.octets += packet.length
    this.#apids.set(apid, tally)
    this.#counts.set(apid, count)
  }

  reset(): void {
    this.#counts.clear()
  }

  report(): readonly TalliedApid[] {
    return [...this.#apids]
      .toSorted(([a], [b]) => a - b)
      .map(([apid, tally]) => ({ apid, ...tally }))
  }
}
