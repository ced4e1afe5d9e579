/** A file on its way up to the flight process: the octets of its uplink, all of them, as a station sends them by itself. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Pty } from '../../hal/pty.ts'
import { CHECKSUM, FileChecksum } from '../../protocol/cfdp/checksum.ts'
import type { Body } from '../../protocol/cfdp/pdu/pdu.ts'
import { eofOf, headerOf, metadataOf } from '../../protocol/cfdp/transmission.ts'
import { CommandEncoder } from '../../station/commands.ts'
import { someTransmission } from '../../test/kit/transmission.ts'
import { settingsFor } from '../../test/sim/settings.ts'

export class FileUp {
  readonly #path: string
  readonly #uplink: Uint8Array
  #at = 0

  /** @param folder of the flight process; the file appears in its `inbox` */
  constructor(folder: string, fileOctets: number) {
    this.#path = join(folder, 'inbox', NAME)
    this.#uplink = fileOctets === 0 ? new Uint8Array(0) : uplinkOf(fileOctets)
  }

  /** Whether the file is there as a whole. */
  get isDone(): boolean {
    return this.#uplink.length === 0 || existsSync(this.#path)
  }

  /** Gives the line what it takes now. */
  write(pty: Pty): void {
    while (this.#at < this.#uplink.length) {
      const taken = pty.write(this.#uplink.subarray(this.#at, this.#at + PIECE_OCTETS))
      if (taken === 0) return
      this.#at += taken
    }
  }
}

/** One segment a frame, each frame in a CLTU, by the BD service: for a line that loses nothing. */
function uplinkOf(fileOctets: number): Uint8Array {
  const { uplink } = settingsFor({ format: { spacecraftId: 42 } }).station
  const encoder = new CommandEncoder({
    ...uplink,
    apid: 2_045,
    commandApid: 2_044,
    frameOctetsMax: FRAME_OCTETS,
  })
  const checksum = new FileChecksum(CHECKSUM.crc32c)
  const cltus: Uint8Array[] = []
  const name = new TextEncoder().encode(NAME)
  const about = { source: 2, destination: 1, entityOctets: 2, fileSize: fileOctets }
  const names = { sourceName: name, destinationName: name }
  const transmission = someTransmission({ ...about, ...names, checksumType: CHECKSUM.crc32c })
  const header = headerOf(transmission)
  const say = (body: Body) => {
    for (const field of encoder.fields(header, body))
      cltus.push(encoder.cltu({ type: 'bd', fdu: { field } }))
  }
  say(metadataOf(transmission))
  const most = encoder.framePduOctets - AROUND_OCTETS
  for (let offset = 0; offset < fileOctets; offset += most) {
    const octets = Uint8Array.from(
      { length: Math.min(most, fileOctets - offset) },
      (_, i) => (offset + i) % 251,
    )
    checksum.update(octets)
    say({ kind: 'file data', offset, octets, segmentMetadata: undefined })
  }
  say(eofOf({ checksum: checksum.value, fileSize: fileOctets }))
  return Buffer.concat(cltus)
}

const NAME = 'firmware.bin'
const FRAME_OCTETS = 1_024
const PIECE_OCTETS = 4_096
/** Header and offset of a PDU of file data. */
const AROUND_OCTETS = 20
