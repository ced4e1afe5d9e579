/** Space packets that stand one behind the other, whatever the chunks they come in. */
import { PACKET_HEADER_OCTETS, packetOctets } from '../../protocol/packet/space-packet.ts'

export class PacketStream {
  #octets: Uint8Array = new Uint8Array(0)
  /** What stands there is no space packet, and nothing after it is found. */
  isLost = false

  /** Octets that are no whole packet, yet or for ever. */
  get heldOctets(): number {
    return this.#octets.length
  }

  /** The packets that are whole now. Once lost there are none. */
  push(more: Uint8Array): readonly Uint8Array[] {
    const octets = new Uint8Array(this.#octets.length + more.length)
    octets.set(this.#octets)
    octets.set(more, this.#octets.length)
    const packets: Uint8Array[] = []
    let at = 0
    while (!this.isLost && octets.length - at >= PACKET_HEADER_OCTETS) {
      this.isLost = (octets[at] as number) >>> 5 !== 0
      const end = at + packetOctets(octets, at)
      if (this.isLost || end > octets.length) break
      packets.push(octets.subarray(at, end))
      at = end
    }
    this.#octets = octets.subarray(at)
    return packets
  }
}
