/**
 * A day in the life of the spacecraft machine, run by bench/mission.ts in a process of its own: files come, go down in
 * orbits of ten contacts, and are acknowledged in one of them. Prints the memory of the process as it goes.
 *
 *     node --expose-gc long-flight.js PDUS
 */
import { staySmall } from '../../hal/memory.ts'
import { Spacecraft } from '../../onboard/spacecraft.ts'
import { finishedFor } from '../../protocol/cfdp/completion.ts'
import { headerOf } from '../../protocol/cfdp/transmission.ts'
import { caduOctets } from '../../protocol/frame/link.ts'
import { CommandEncoder } from '../../station/commands.ts'
import { commandOctets } from '../../test/kit/commands.ts'
import { settingsFor } from '../../test/sim/settings.ts'

staySmall()
const PDUS = Number(process.argv[2])
const ORBIT_MS = 5_400_000
const DAY_MS = 16 * ORBIT_MS
const FILE_OCTETS = 4_000_000

const TRANSMISSION = {
  source: 1,
  sequence: 0,
  destination: 2,
  entityOctets: 1,
  sequenceOctets: 4,
  acknowledged: true,
  closureRequested: false,
  pduCrc: false,
  fileSize: 0,
  checksumType: 2,
  checksum: 1,
  sourceName: new Uint8Array(0),
  destinationName: new Uint8Array(0),
  options: [],
}

const contacts = Array.from({ length: 160 }, (_, i) => ({
  start: i * (ORBIT_MS / 10),
  end: i * (ORBIT_MS / 10) + 400_000,
  role: i % 10 === 0 ? ('main' as const) : ('secondary' as const),
  station: `station ${i % 10}`,
  expectedFrameLoss: 0.01 * (i % 10),
}))
const { spacecraft: settings, station } = settingsFor({
  format: { interleave: 0, frameOctets: 1_115 },
  cfdp: { segmentOctets: 1_000 },
  contacts,
})
const downlink = { ...settings.downlink, rateBps: (PDUS * 8 * 1_119) / (160 * 400) }
const machine = new Spacecraft({ ...settings, downlink }, [], 0)
const commands = new CommandEncoder(station.uplink)
const octets = 8 * caduOctets(downlink)
const stepMs = (8_000 * octets) / downlink.rateBps
let files = 0
let shown = 0
const waiting: number[] = []

for (let now = 0; now < DAY_MS; now += stepMs) {
  const isOpen = machine.stations.isOpen
  if (machine.buffer.files < 40) {
    files += 1
    const identity = { octets: FILE_OCTETS, mtimeMs: 1, inode: files }
    const offer = { path: `/outbox/${files}`, name: `${files}`, identity, remove: true }
    machine.receive({ kind: 'offer', token: 1, offer, insist: false }, now)
    waiting.push(files)
  }
  if (isOpen) machine.receive({ kind: 'room', octets }, now)
  else machine.tick(now)
  perform(now)
  if (machine.stations.audience?.role === 'main') acknowledge(now)
  if (machine.downlink.pdus.sent < (shown * PDUS) / 20) continue
  shown += 1
  console.log(`${machine.downlink.pdus.sent} ${process.memoryUsage.rss()}`)
}
console.log(`${machine.downlink.pdus.sent} ${process.memoryUsage.rss()}`)

function perform(now: number): void {
  for (const effect of machine.drain())
    if (effect.kind === 'digest')
      machine.receive({ kind: 'digested', sequence: effect.sequence, checksum: 1 }, now)
    else if (effect.kind === 'read') {
      const { sequence, offset, into, length } = effect
      machine.receive({ kind: 'read', sequence, offset, octets: into.subarray(0, length) }, now)
    } else if (effect.kind === 'release')
      machine.receive({ kind: 'released', sequence: effect.sequence }, now)
    else if (effect.kind === 'transmit') machine.downlink.release(effect.modem, effect.octets)
}

/** The ground says Finished of a file that was sent as a whole. */
function acknowledge(now: number): void {
  const [sequence] = waiting
  if (sequence === undefined) return
  const mark =
    machine.transfers.parked(sequence)?.mark ?? machine.downlink.transaction(sequence)?.mark
  if (mark !== FILE_OCTETS) return
  waiting.shift()
  const header = headerOf({ ...TRANSMISSION, sequence, fileSize: FILE_OCTETS }, true)
  const heard = commandOctets(commands, header, finishedFor(0, true))
  machine.receive({ kind: 'octets', octets: heard }, now)
  perform(now)
}
