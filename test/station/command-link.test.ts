import t from 'tap'
import { aesGcm } from '../../hal/aes-gcm.ts'
import { TelecommandReceiver } from '../../onboard/uplink/telecommand.ts'
import type { Ack, Header } from '../../protocol/cfdp/pdu/pdu.ts'
import { headerOf } from '../../protocol/cfdp/transmission.ts'
import type { Security } from '../../protocol/frame/sdls/association.ts'
import { CommandLink } from '../../station/command-link.ts'
import type { EdgeSettings } from '../../station/settings.ts'
import { someTransmission } from '../kit/transmission.ts'
import { settingsFor } from '../sim/settings.ts'

const HEADER: Header = headerOf(someTransmission(), true)

function ack(transactionStatus: number): Ack {
  return { kind: 'ack', of: 'eof', condition: 0, transactionStatus }
}

class Ends {
  now = 0
  readonly link: CommandLink
  readonly aboard: TelecommandReceiver
  readonly heard: number[] = []

  constructor(uplink: Partial<EdgeSettings['uplink']> = {}, records: readonly unknown[] = []) {
    const { spacecraft, station } = settingsFor({ uplink })
    this.link = new CommandLink(station.uplink, records)
    this.aboard = new TelecommandReceiver(spacecraft.uplink)
  }

  put(...statuses: number[]): this {
    for (const status of statuses) this.link.put(HEADER, ack(status), this.now)
    return this
  }

  /** All that is ready goes up; `isLost` decides by the frame's number which does not arrive. */
  up(isLost: (frame: number) => boolean = () => false): number {
    let frames = 0
    for (let unit = this.link.next(this.now); unit !== undefined; unit = this.link.next(this.now)) {
      if (!isLost(frames))
        for (const { body } of this.aboard.push(unit.octets))
          if (body.kind === 'ack') this.heard.push(body.transactionStatus)
      frames += 1
    }
    return frames
  }

  down(): this {
    this.link.hear(this.aboard.clcw, this.now)
    return this
  }

  after(ms: number): this {
    this.now += ms
    this.link.tick(this.now)
    return this
  }

  /** The AD service is there. */
  begun(): this {
    this.down().down()
    this.link.takeEvents()
    return this
  }
}

t.test('BD: each PDU goes once, as soon as there is room', async t => {
  const ends = new Ends()
  t.equal(ends.link.isReady, true)
  ends.put(1, 2)
  t.equal(ends.link.isReady, false)
  t.equal(ends.up(), 2)
  t.strictSame(ends.heard, [1, 2])
  t.equal(ends.link.deadline, undefined)
  t.equal(ends.down().after(9_999).up(), 0)
  t.strictSame(ends.link.counters, { pdus: 2, frames: 2, commands: 0, lost: 0, alerts: 0 })
  ends.put(3).link.abandon(ends.now)
  t.equal(ends.up(), 0)
  t.equal(ends.link.cop1, undefined)
  t.equal(ends.link.reserved, undefined)
})

t.test('AD begins by itself when a CLCW was heard, and brings up what was lost', async t => {
  const ends = new Ends({ service: 'ad' })
  t.equal(ends.link.isReady, false, 'nobody knows where the spacecraft is')
  ends.link.hear(0xffff_ffff, 0)
  t.equal(ends.link.isReady, false, 'another report is no CLCW')
  ends.down()
  t.match(ends.link.cop1, { state: 'S4', next: 0 })
  ends.down()
  t.strictSame(ends.link.takeEvents(), ['AD service begins'])
  t.equal(ends.link.isReady, true)
  ends.put(1, 2, 3)
  t.equal(
    ends.up(frame => frame === 0),
    3,
  )
  t.strictSame(ends.heard, [])
  t.equal(ends.down().up(), 3, 'all from the missing one')
  t.strictSame(ends.heard, [1, 2, 3])
  t.equal(ends.down().up(), 0)
  t.match(ends.link.cop1, { state: 'S1', next: 3, underWay: 0, clcw: { report: 3 } })
  t.equal(ends.link.deadline, undefined)
})

t.test('AD: the last frame, of which nobody asks, goes again when T1 is over', async t => {
  const ends = new Ends({ service: 'ad' }).begun().put(1)
  t.equal(
    ends.up(() => true),
    1,
  )
  t.equal(ends.link.deadline, 500)
  t.equal(ends.after(499).up(), 0)
  t.equal(ends.after(1).up(), 1)
  t.strictSame(ends.heard, [1])
})

t.test('AD gives up at its limit, and begins anew where the spacecraft is', async t => {
  const cop1 = { window: 10, timeoutMs: 500, transmissionLimit: 2, timeoutType: 0 } as const
  const ends = new Ends({ service: 'ad', cop1 }).begun().put(1, 2)
  ends.up(() => true)
  ends.after(500).up(() => true)
  ends.after(500)
  t.strictSame(ends.link.takeEvents(), ['AD service ends: T1'])
  t.match(ends.link.counters, { lost: 2, alerts: 1 })
  t.equal(ends.link.isReady, false)
  ends.begun().put(3).up()
  t.strictSame(ends.heard, [3])
})

t.test('AD: at its limit it may be suspended instead, and goes on', async t => {
  const cop1 = { window: 10, timeoutMs: 500, transmissionLimit: 1, timeoutType: 1 } as const
  const ends = new Ends({ service: 'ad', cop1 }).begun().put(1)
  ends.up(() => true)
  ends.after(500)
  t.strictSame(ends.link.takeEvents(), ['AD service suspended'])
  t.match(ends.down().link.cop1, { state: 'S1', underWay: 1 })
})

t.test('AD unlocks a spacecraft that is locked, and takes over its numbers', async t => {
  const ends = new Ends({ service: 'ad' })
  const stray = settingsFor({ uplink: { service: 'ad' } })
  const other = new CommandLink(stray.station.uplink, [])
  // Another station, or an earlier life of this one, was at 0 and then at 77.
  for (const report of [0, 0]) other.hear(ends.aboard.clcw + report, 0)
  other.put(HEADER, ack(1), 0)
  ends.aboard.push(other.next(0)!.octets)
  const word = (report: number) => (ends.aboard.clcw & ~255) | report
  for (const report of [77, 77, 77]) other.hear(word(report) >>> 0, 0)
  other.put(HEADER, ack(2), 0)
  ends.aboard.push(other.next(0)!.octets)
  t.equal(ends.aboard.farm.state, 'lockout')
  ends.down()
  t.match(ends.link.cop1, { state: 'S5', next: 1, clcw: { lockout: true } })
  t.equal(ends.up(), 1)
  t.equal(ends.link.counters.commands, 1)
  t.equal(ends.aboard.farm.state, 'open')
  ends.down().put(3).up()
  t.strictSame(ends.heard, [3])
})

t.test('AD: a spacecraft that was restarted is followed', async t => {
  const ends = new Ends({ service: 'ad' }).begun().put(1, 2)
  ends.up()
  ends.down()
  const restarted = new Ends({ service: 'ad' })
  ends.link.hear(restarted.aboard.clcw, 0)
  t.strictSame(ends.link.takeEvents(), ['AD service ends: NN(R)'])
  t.match(ends.link.cop1, { state: 'S4', next: 0 })
})

t.test('AD: what is abandoned is never said', async t => {
  const ends = new Ends({ service: 'ad' }).begun().put(1, 2, 3)
  ends.link.abandon(0)
  t.equal(ends.up(), 0)
  t.strictSame(ends.link.takeEvents(), ['AD service ends: TERM'])
  ends.link.abandon(0)
  t.strictSame(ends.link.takeEvents(), [])
})

t.test('AD: before it begins a PDU of many frames goes once, in frames of type BD', async t => {
  const segmentation = { map: 0, packetOctetsMax: 1_000 }
  const ends = new Ends({ service: 'ad', segmentation, frameOctetsMax: 18 })
  t.strictSame([ends.link.isBypassed, ends.link.isReady], [true, false])
  ends.put(1)
  t.equal(ends.link.isBypassed, false, 'one at a time')
  t.ok(ends.up() > 1)
  t.strictSame(ends.heard, [1])
  t.equal(ends.link.isBypassed, true)
  ends.begun().put(2)
  t.equal(ends.link.isBypassed, false)
  ends.up()
  t.strictSame(ends.heard, [1, 2], 'and the service begins as ever')
})

t.test('AD: a PDU of many frames keeps others out until the window has room', async t => {
  const segmentation = { map: 0, packetOctetsMax: 1_000 }
  const cop1 = { window: 2, timeoutMs: 500, transmissionLimit: 9, timeoutType: 0 } as const
  const ends = new Ends({ service: 'ad', segmentation, cop1, frameOctetsMax: 18 }).begun()
  ends.put(1)
  t.equal(ends.link.isReady, false)
  t.equal(ends.up(), 2, 'the window')
  while (ends.heard.length === 0) ends.down().up()
  t.strictSame(ends.heard, [1])
})

t.test(
  'SDLS: a reservation stands before the frames that use it, and outlives the process',
  async t => {
    const security: Security = {
      spi: 5,
      associations: [
        { spi: 5, mode: 'encrypt', aead: aesGcm(new Uint8Array(32)), operational: true },
      ],
      window: 2 ** 48,
      segmented: false,
    }
    const ends = new Ends({ security, firstNumber: 1_000 })
    t.strictSame(ends.link.reserved, { kind: 'reserved', spi: 5, next: 1_000 })
    t.equal(ends.link.takeRecord(), undefined)
    ends.put(1, 2)
    ends.link.next(0)
    const record = ends.link.takeRecord()
    t.strictSame(record, { kind: 'reserved', spi: 5, next: 1_256 })
    ends.link.next(0)
    t.equal(ends.link.takeRecord(), undefined, 'one record for many frames')
    t.strictSame(ends.link.reserved, record)
    const others = [null, 7, { kind: 'closed' }, { kind: 'reserved', spi: 6, next: 1e6 }]
    const wrong = { kind: 'reserved', spi: 5, next: 'all' }
    const again = new Ends({ security }, [...others, record, wrong, { ...record, next: 9 }])
    again.put(3).up()
    t.match([...again.aboard.security!.accepted()], [[5, 1_256n]])
  },
)
