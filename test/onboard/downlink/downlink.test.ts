import t from 'tap'
import { PRIORITY, type Rank } from '../../../onboard/buffer/rank.ts'
import { Downlink, type Moment } from '../../../onboard/downlink/downlink.ts'
import type { FileKeeper } from '../../../onboard/downlink/file-keeper.ts'
import { Scheduler } from '../../../onboard/downlink/scheduler.ts'
import { fileDataOverhead } from '../../../protocol/cfdp/pdu/file-data.ts'
import type { Pdu } from '../../../protocol/cfdp/pdu/pdu.ts'
import { headerOf } from '../../../protocol/cfdp/transmission.ts'
import { fieldOctets } from '../../../protocol/frame/link.ts'
import { PACKET_HEADER_OCTETS } from '../../../protocol/packet/space-packet.ts'
import { Ingest } from '../../../station/ingest.ts'
import { someTransmission } from '../../kit/transmission.ts'
import { type LinkChoice, settingsFor } from '../../sim/settings.ts'

const LIMITS = { ack: { timeoutMs: 1_000, triesMax: 0 } }

const MOMENT: Moment = {
  now: 0,
  time: 0,
  lineMs: 0,
  hearers: { role: 'main', stations: 'Malindi', loss: 0.01, until: undefined, rateBps: 1e6 },
  isAside: false,
  openMs: Infinity,
  ocf: 0,
  isStaged: false,
}

/** All that is sent here was opened before. */
const KEEPER: FileKeeper = {
  repeat: () => undefined,
  open: sequence => {
    throw new Error(`Cannot open ${sequence}`)
  },
  sent: () => undefined,
}

function rank(sequence: number): Rank {
  return { priority: PRIORITY.usual, deadlineMs: Infinity, turn: 0, sequence }
}

/** A Downlink whose disk answers at once, and what a station hears of it. */
class Line {
  readonly downlink: Downlink
  readonly ingest: Ingest
  readonly field: number

  constructor(choice: LinkChoice = {}) {
    const { spacecraft, station } = settingsFor(choice)
    this.downlink = new Downlink(spacecraft, new Scheduler())
    this.ingest = new Ingest(station.downlink)
    this.field = fieldOctets(spacecraft.downlink)
  }

  frame(isLost = false): readonly Pdu[] {
    const octets = this.downlink.frame(0, MOMENT, KEEPER) as Uint8Array
    for (const { sequence, offset, length } of this.downlink.drainRequests())
      this.downlink.put(sequence, offset, new Uint8Array(length))
    const heard: Pdu[] = []
    if (!isLost) this.ingest.push(octets, pdu => heard.push(structuredClone(pdu)))
    this.downlink.release(0, octets)
    return heard
  }
}

t.test('aligned: every frame has exactly one segment, and a lost frame costs exactly one', t => {
  const line = new Line({ cfdp: { aligned: true, segmentOctets: 1_024 } })
  const transmission = someTransmission({ fileSize: 20_000 })
  line.downlink.begin(transmission, LIMITS, { rank: rank(5) })
  const around = PACKET_HEADER_OCTETS + fileDataOverhead(headerOf(transmission))
  const lengths: number[] = []
  let missing = 0
  let next = 0
  for (let frame = 0; next < 20_000; frame++)
    for (const { body } of line.frame(frame === 40)) {
      if (body.kind !== 'file data') continue
      lengths.push(body.octets.length)
      missing += Number(body.offset) - next
      next = Number(body.offset) + body.octets.length
    }
  t.equal(missing, line.field - around)
  t.strictSame(new Set(lengths.slice(1, -1)), new Set([line.field - around]))
  t.end()
})

t.test('aligned: what is left of a frame that is too small for a segment is filled up', t => {
  const line = new Line({ cfdp: { aligned: true, segmentOctets: 100 } })
  line.downlink.begin(someTransmission({ fileSize: 1_000 }), LIMITS, { rank: rank(5) })
  let octets = 0
  for (let frame = 0; frame < 20; frame++) {
    // Were a segment to reach into a second frame, the loss of every other one would cost more than it.
    const isLost = frame % 2 === 1
    for (const { body } of line.frame(isLost))
      if (body.kind === 'file data') octets += body.octets.length
  }
  t.equal(line.ingest.channel.packets.dropped, 0)
  t.ok(octets > 400, `${octets} octets in every other frame`)
  t.end()
})

t.test(
  'what a partner waits for goes first, then what was asked for again, then what is new',
  t => {
    const line = new Line({ cfdp: { segmentOctets: 150 } })
    const first = line.downlink.begin(someTransmission({ sequence: 1, fileSize: 5_000 }), LIMITS, {
      rank: rank(1),
    })
    for (let i = 0; i < 6; i++) line.frame()
    const gaps = [{ start: 10, end: 20 }]
    first.receive({ kind: 'nak', scope: { start: 0, end: 20 }, wantsMetadata: false, gaps }, 0)
    line.downlink.update(1)
    line.downlink.begin(someTransmission({ sequence: 2, fileSize: 5_000 }), LIMITS, {
      rank: rank(2),
    })
    const said = [1, 2, 3].flatMap(() => line.frame())
    const order = said.map(({ header, body }) =>
      body.kind === 'file data' ? `${header.sequence}: ${body.octets.length}` : body.kind,
    )
    t.ok(order.indexOf('metadata') < order.indexOf('1: 10'), order.join(', '))
    t.ok(order.lastIndexOf('1: 150') > order.indexOf('1: 10'), order.join(', '))
    t.end()
  },
)

t.test('a transaction is forgotten when it is closed and has said its last word', t => {
  const line = new Line()
  const transaction = line.downlink.begin(someTransmission({ fileSize: 0 }), LIMITS, {
    rank: rank(5),
  })
  t.notOk(line.downlink.end(5))
  line.frame()
  const finished = { condition: 0, complete: true, fileStatus: 2, filestoreResponses: [] } as const
  transaction.receive({ kind: 'finished', ...finished, faultLocation: undefined }, 0)
  line.downlink.update(5)
  t.notOk(line.downlink.end(5), 'the Finished is not acknowledged')
  line.frame()
  t.ok(line.downlink.end(5))
  t.notOk(line.downlink.end(5))
  t.equal(line.downlink.openCount, 0)
  t.end()
})

t.test('forty files asked for again at once are all sent, whatever the read-ahead holds', t => {
  const line = new Line()
  for (let sequence = 1; sequence <= 40; sequence++) {
    const file = someTransmission({ sequence, fileSize: 300 })
    const transaction = line.downlink.begin(file, LIMITS, {
      progress: { mark: 300 },
      rank: rank(sequence),
    })
    const gaps = [{ start: 0, end: 300 }]
    transaction.receive(
      { kind: 'nak', scope: { start: 0, end: 300 }, wantsMetadata: false, gaps },
      0,
    )
    line.downlink.update(sequence)
  }
  const again = new Set<unknown>()
  for (let frame = 0; frame < 200; frame++)
    for (const { header, body } of line.frame())
      if (body.kind === 'file data') again.add(header.sequence)
  t.equal(again.size, 40)
  t.end()
})
