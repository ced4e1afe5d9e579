/**
 * Both ends as machines in one process, with nothing between them: what the spacecraft sends the station hears
 * at once. The CPU time that each of them takes is told apart. A file is made of one stretch, again and again.
 */
import type { SpacecraftEffect, SpacecraftInput } from '../../onboard/events.ts'
import { Spacecraft } from '../../onboard/spacecraft.ts'
import { CHECKSUM, FileChecksum } from '../../protocol/cfdp/checksum.ts'
import { Edge } from '../../station/edge.ts'
import type { EdgeEffect, EdgeInput } from '../../station/events.ts'
import { settingsFor } from '../../test/sim/settings.ts'

export interface PairFound {
  readonly pdus: number
  readonly caduOctets: number
  readonly aboardMs: number
  readonly ashoreMs: number
}

/** One file, from the offer aboard to both ends being done with it. @throws Error if it does not arrive whole */
export function flyPair(octets: number, segment: { octets: number; aligned: boolean }): PairFound {
  const pair = new Pair(octets, segment)
  return pair.fly()
}

class Pair {
  readonly #octets: number
  readonly #spacecraft: Spacecraft
  readonly #station: Edge
  readonly #checksum = new FileChecksum(CHECKSUM.crc32c)
  #now = 0
  #cadus: Uint8Array[] = []
  readonly #sent: Uint8Array[] = []
  #commands: Uint8Array[] = []
  #toAboard: SpacecraftInput[] = []
  #toAshore: EdgeInput[] = []
  #isRoomWanted = false
  #written = 0
  #isDelivered = false
  #caduOctets = 0

  constructor(octets: number, segment: { octets: number; aligned: boolean }) {
    const { spacecraft, station } = settingsFor({
      format: { interleave: 5 },
      cfdp: {
        segmentOctets: segment.octets,
        aligned: segment.aligned,
        checksumType: CHECKSUM.crc32c,
        entityOctets: 2,
      },
    })
    this.#octets = octets
    this.#spacecraft = new Spacecraft(spacecraft, [], 0)
    this.#station = new Edge(station, [], 0)
  }

  fly(): PairFound {
    let aboardMs = 0
    let ashoreMs = 0
    const identity = { octets: this.#octets, mtimeMs: 1, inode: 1 }
    const offer = { path: '/file', name: 'file', identity, remove: true }
    this.#toAboard.push({ kind: 'offer', token: 1, offer, insist: false })
    do {
      const begun = cpuMs()
      this.#stepAboard()
      const between = cpuMs()
      this.#stepAshore()
      aboardMs += between - begun
      ashoreMs += cpuMs() - between
      for (const cadu of this.#sent.splice(0)) this.#spacecraft.downlink.release(0, cadu)
      this.#now += TURN_MS
    } while (this.#spacecraft.buffer.files > 0)
    if (!this.#isDelivered) throw new Error('The file did not arrive')
    const { sent } = this.#spacecraft.downlink.pdus
    return { pdus: sent, caduOctets: this.#caduOctets, aboardMs, ashoreMs }
  }

  #stepAboard(): void {
    const machine = this.#spacecraft
    for (const octets of this.#commands.splice(0)) this.#toAboard.push({ kind: 'octets', octets })
    if (this.#isRoomWanted) this.#toAboard.push({ kind: 'room', octets: ROOM_OCTETS })
    this.#isRoomWanted = false
    if (machine.deadline !== undefined && machine.deadline <= this.#now) machine.tick(this.#now)
    for (;;) {
      for (const effect of machine.drain()) this.#doAboard(effect)
      const input = this.#toAboard.shift()
      if (input === undefined) return
      machine.receive(input, this.#now)
    }
  }

  #doAboard(effect: SpacecraftEffect): void {
    const tell = (input: SpacecraftInput) => this.#toAboard.push(input)
    if (effect.kind === 'transmit') this.#cadus.push(effect.octets)
    else if (effect.kind === 'room') this.#isRoomWanted = true
    else if (effect.kind === 'release') tell({ kind: 'released', sequence: effect.sequence })
    else if (effect.kind === 'digest')
      tell({ kind: 'digested', sequence: effect.sequence, checksum: checksumOf(this.#octets) })
    else if (effect.kind === 'read') {
      const { sequence, offset, length, into } = effect
      for (let at = 0; at < length; at += TILE.length - ((offset + at) % TILE.length)) {
        const from = (offset + at) % TILE.length
        into.set(TILE.subarray(from, Math.min(TILE.length, from + length - at)), at)
      }
      tell({ kind: 'read', sequence, offset, octets: into.subarray(0, length) })
    }
  }

  #stepAshore(): void {
    const machine = this.#station
    for (const octets of this.#cadus.splice(0)) {
      this.#caduOctets += octets.length
      this.#sent.push(octets)
      this.#toAshore.push({ kind: 'octets', octets })
    }
    if (machine.deadline !== undefined && machine.deadline <= this.#now) machine.tick(this.#now)
    for (;;) {
      for (const effect of machine.drain()) this.#doAshore(effect)
      const input = this.#toAshore.shift()
      if (input === undefined) return
      machine.receive(input, this.#now)
    }
  }

  #doAshore(effect: EdgeEffect): void {
    const tell = (input: EdgeInput) => this.#toAshore.push(input)
    if (effect.kind === 'write') {
      if (effect.offset !== this.#written) throw new Error(`${effect.offset} is out of order`)
      this.#checksum.update(effect.octets)
      this.#written += effect.octets.length
    } else if (effect.kind === 'verify')
      tell({ kind: 'verified', id: effect.id, checksum: this.#checksum.value })
    else if (effect.kind === 'deliver') {
      this.#isDelivered = true
      tell({ kind: 'delivered', id: effect.id, path: '/archive/file' })
    } else if (effect.kind === 'transmit') this.#commands.push(effect.octets)
    else if (effect.kind === 'room') tell({ kind: 'room', octets: 4_096 })
    else if (effect.kind === 'await disk') tell({ kind: 'disk ready' })
  }
}

/** Others may be busy on this machine. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}

function checksumOf(octets: number): number {
  const known = CHECKSUMS.get(octets)
  if (known !== undefined) return known
  const checksum = new FileChecksum(CHECKSUM.crc32c)
  for (let at = 0; at < octets; at += TILE.length)
    checksum.update(TILE.subarray(0, Math.min(TILE.length, octets - at)))
  CHECKSUMS.set(octets, checksum.value)
  return checksum.value
}

const CHECKSUMS = new Map<number, number>()
const TILE = Uint8Array.from({ length: 65_536 }, (_, i) => (i * 31 + (i >>> 8) * 17) & 0xff)
/** 64 frames of interleave 5 a turn. */
const ROOM_OCTETS = 64 * 1_279
/** The line time of as many octets at 100 Mbit/s, about. */
const TURN_MS = 6.5
