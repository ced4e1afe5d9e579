import t from 'tap'
import { DrivenModem } from '../../../hal/modems/driven-modem.ts'
import { kissDriver } from '../../../hal/modems/kiss/driver.ts'
import { encodeKiss, KissDecoder } from '../../../hal/modems/kiss/frame.ts'
import { simModems } from '../../../hal/sim/modem.ts'
import { systemClock } from '../../../hal/system-clock.ts'
import { modemPromise, reader } from '../modem.promise.ts'

t.test('DrivenModem', async t => {
  modemPromise(t, async t => {
    const { near: line, far } = simModems()
    const read = reader(far)
    t.teardown(() => far.close())
    const driver = kissDriver({
      frameOctets: 1_000,
      tncPort: 0,
      callsigns: undefined,
      asksQueue: false,
      rateBps: undefined,
    })
    const near = new DrivenModem({ line, driver, clock: systemClock, queueOctets: 4_096 })
    const decoder = new KissDecoder(1_000)
    const frames: Uint8Array[] = []
    return {
      near,
      far: {
        write: async octets => {
          for (let at = 0; at < octets.length; at += 1_000) {
            const piece = octets.subarray(at, at + 1_000)
            await far.send(encodeKiss({ port: 0, command: 0, octets: piece }))
          }
        },
        read: async () => {
          while (frames.length === 0)
            for (const frame of decoder.push(await read())) frames.push(frame.octets)
          return frames.shift() as Uint8Array
        },
        unplug: async () => {
          decoder.reset()
          line.unplug()
        },
        plug: async () => line.plug(),
        slackOctets: 256 * 1024,
      },
    }
  })
})
