/** Where the packets of a recording are copied to: a file of packets, a capture file, both or none. */
import { PACKETS_PORT, pcapngHead, pcapngPacket } from '../../hal/pcapng.ts'
import { OutputFile } from './output-file.ts'

export class PacketOutputs {
  readonly #packets: OutputFile | undefined
  readonly #capture: OutputFile | undefined
  #count = 0

  private constructor(packets: OutputFile | undefined, capture: OutputFile | undefined) {
    this.#packets = packets
    this.#capture = capture
  }

  static async open(
    packetsPath: string | undefined,
    capturePath: string | undefined,
  ): Promise<PacketOutputs> {
    const packets = packetsPath === undefined ? undefined : await OutputFile.open(packetsPath)
    const capture = capturePath === undefined ? undefined : await OutputFile.open(capturePath)
    await capture?.write(pcapngHead(COMMENT))
    return new PacketOutputs(packets, capture)
  }

  /** Resolves when there is room for more, undefined: there is. */
  write(packet: Uint8Array, spacecraftId: number, virtualChannel: number) {
    const origin = { spacecraftId, virtualChannel }
    const captured = this.#capture?.write(pcapngPacket(packet, origin, this.#count++))
    const written = this.#packets?.write(packet)
    return captured === undefined || written === undefined
      ? (captured ?? written)
      : Promise.all([captured, written])
  }

  async close(): Promise<void> {
    await this.#packets?.close()
    await this.#capture?.close()
  }
}

const COMMENT = [
  `Space packets in UDP datagrams to port ${PACKETS_PORT}, from 10.(spacecraft) and port 50000 + virtual channel.`,
  `Show them with: wireshark -d udp.port==${PACKETS_PORT},ccsds (in the menu: Analyze, Decode As).`,
  'The times say the order only.',
].join(' ')
