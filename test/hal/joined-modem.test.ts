import t from 'tap'
import { joinedModem } from '../../hal/joined-modem.ts'
import { DrivenModem } from '../../hal/modems/driven-modem.ts'
import { kissDriver } from '../../hal/modems/kiss/driver.ts'
import { encodeKiss } from '../../hal/modems/kiss/frame.ts'
import { type Modem, ModemClosed } from '../../hal/ports.ts'
import { simModems } from '../../hal/sim/modem.ts'
import { systemClock } from '../../hal/system-clock.ts'
import { hex } from '../kit/hex.ts'
import { modemPromise, reader } from './modem.promise.ts'

t.test('joinedModem() of two ends', async t => {
  modemPromise(t, async t => {
    const [down, up] = [simModems(), simModems()]
    const read = reader(down.far)
    t.teardown(() => Promise.all([down.far.close(), up.far.close()]))
    return {
      near: joinedModem(down.near, up.near),
      far: {
        write: octets => up.far.send(octets),
        read,
        unplug: async () => {
          down.near.unplug()
          up.near.unplug()
        },
        plug: async () => {
          down.near.plug()
          up.near.plug()
        },
        slackOctets: 256 * 1024,
      },
    }
  })
})

t.test('joinedModem() passes on who hears, what the receiver says, and both counters', async t => {
  const [down, up] = [simModems(), simModems()]
  const told: boolean[] = []
  const sender: Modem = Object.assign(down.near, { transmit: (on: boolean) => told.push(on) })
  const driver = kissDriver({
    frameOctets: 200,
    tncPort: 0,
    callsigns: undefined,
    asksQueue: false,
    rateBps: undefined,
  })
  const receiver = new DrivenModem({ line: up.near, driver, clock: systemClock, queueOctets: 100 })
  const modem = joinedModem(sender, receiver)
  modem.transmit?.(false)
  t.strictSame(told, [false])
  t.equal(modem.heardUtcMs, undefined)
  const read = reader(modem)
  await up.far.send(encodeKiss({ port: 0, command: 9, octets: hex`0000018bcfe56800` }))
  await up.far.send(encodeKiss({ port: 0, command: 0, octets: hex`010203` }))
  t.strictSame(await read(), hex`010203`)
  t.equal(modem.heardUtcMs, 1_700_000_000_000, 'the reception time of gr-satellites')
  await down.far.send(hex`ff`)
  await modem.send(hex`0405`)
  t.match(modem.counters, { octetsIn: 3, octetsOut: 2, isOpen: true, errors: 0 })
  t.hasProp(modem.counters.events ?? {}, 'receiver: frames accepted')
  t.equal(modem.capabilities.duplex, 'full')
  await modem.close()
  await t.rejects(modem.send(hex`06`), ModemClosed)
  await Promise.all([down.far.close(), up.far.close()])
})
