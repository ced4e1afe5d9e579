/** Files for a spacecraft that was not heard in this contact: only words go up, and ask to be answered. */
import t from 'tap'
import { encodeHousekeeping } from '../../../protocol/command/housekeeping.ts'
import { edgeStatus } from '../../../station/status.ts'
import { someHousekeeping } from '../../kit/housekeeping.ts'
import { said, UploadBench } from '../../kit/upload-bench.ts'

const CONTACTS = [
  { start: 0, end: 20_000 },
  { start: 50_000, end: 60_000 },
]

t.test('octets wait until a frame of the spacecraft came; until then it is asked, ever less', t => {
  const bench = new UploadBench({ contacts: CONTACTS, unheard: true })
  t.equal(bench.machine.deadline, 20_000)
  bench.upload('a', 1_000)
  t.strictSame(said(bench.pass()), ['1: metadata', '1: prompt'])
  t.match(edgeStatus(bench.machine, 0).uplink, { unheard: true })
  const prompts = []
  for (let now = 1_000; now < 20_000; now += 1_000) {
    bench.tick(now)
    if (bench.pass(1).length > 0) prompts.push(now)
  }
  t.strictSame(prompts, [2_000, 6_000, 14_000], 'after 2, 4, 8 seconds of silence')
  bench.tell({ kind: 'order', command: { verb: 'noop' }, token: 1 })
  t.equal(bench.commands().length, 1, 'a command goes blind')
  bench.hearIdle()
  t.notOk(edgeStatus(bench.machine, 0).uplink.unheard)
  t.strictSame(said(bench.pass()).slice(0, 2), ['1: 0+229', '1: 229+229'])
  t.end()
})

t.test('each contact begins unheard; a spacecraft that starts anew stays heard', t => {
  const bench = new UploadBench({ contacts: CONTACTS })
  bench.upload('a', 20_000)
  t.equal(said(bench.pass(2))[1], '1: 0+229')
  for (const starts of [1, 2]) bench.hearTelemetry(encodeHousekeeping(someHousekeeping({ starts })))
  t.match(said(bench.pass(1))[0], /\+229/)
  bench.tick(20_000)
  bench.upload('b', 10)
  t.notOk(edgeStatus(bench.machine, 20_000).uplink.unheard, 'there is no contact')
  bench.tick(50_000)
  t.strictSame(said(bench.pass()), ['1: prompt', '2: metadata'])
  bench.hearIdle()
  t.match(said(bench.pass(1))[0], /1: \d+\+229/)
  t.end()
})

t.test('what is suspended does not ask; resumed it does', t => {
  const bench = new UploadBench({ unheard: true })
  bench.upload('a', 1_000)
  bench.tell({ kind: 'suspend', id: '2-1', token: 1 })
  bench.tick(2_000)
  t.strictSame(said(bench.pass()), [])
  t.notOk(edgeStatus(bench.machine, 0).uplink.unheard)
  bench.tell({ kind: 'resume', id: '2-1', token: 1 })
  t.strictSame(said(bench.pass()), ['1: metadata', '1: prompt'])
  t.end()
})

t.test('blind: octets go whether or not anything is heard', t => {
  const bench = new UploadBench({ blind: true, contacts: CONTACTS, unheard: true })
  bench.upload('a', 1_000)
  t.strictSame(said(bench.pass()).slice(0, 2), ['1: metadata', '1: 0+229'])
  bench.tick(20_000)
  bench.upload('b', 1_000)
  bench.tick(50_000)
  t.ok(said(bench.pass()).includes('2: 0+229'))
  t.end()
})

t.test('AD: before a CLCW came, commands go up all the same, and so does what calls', t => {
  const uplink = { service: 'ad', segmentation: { map: 1, packetOctetsMax: 900 } } as const
  const bench = new UploadBench({ uplink, format: { ocf: true }, unheard: true })
  t.strictSame(said(bench.pass()), [])
  bench.hearFile(9, 800)
  bench.machine.uploads.contactBegins(0)
  t.strictSame(said(bench.pass()), [], 'answers wait for the service')
  bench.upload('a', 1_000)
  t.strictSame(said(bench.pass()), ['1: metadata', '1: prompt'])
  bench.tell({ kind: 'order', command: { verb: 'noop' }, token: 1 })
  t.equal(bench.commands().length, 1)
  bench.tick(2_000)
  t.strictSame(said(bench.pass()), ['1: prompt'])
  t.end()
})
