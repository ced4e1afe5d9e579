import t from 'tap'
import { readCommandLine } from '../../../bin/options.ts'
import { COMMAND, planOf } from '../../../bin/pass/command.ts'
import {
  caduOctets,
  configurations,
  contactsFrom,
  expectedFrameLoss,
  frameOctets,
  linkArguments,
  timeoutMs,
} from '../../../bin/pass/plan.ts'
import { readConfig } from '../../../hal/config/config.ts'

const PLACES = { folder: '/tmp/pass', sockets: '/tmp/sockets' }

t.test('planOf() knows the sizes of its frames', async t => {
  t.strictSame(
    [5, 1, 0].map(i => frameOctets(plan('--interleave', String(i)))),
    [1_115, 223, 1_115],
  )
  t.strictSame(
    [5, 1, 0].map(i => caduOctets(plan('--interleave', String(i)))),
    [1_279, 259, 1_119],
  )
})

t.test('contactsFrom() spreads the files over the passes, and the last one stays', async t => {
  const three = plan('--passes', '3', '--gap', '4s', '--rate', '100k')
  const contacts = contactsFrom(1_000, three)
  t.equal(contacts.length, 3)
  t.equal(contacts[0]?.startMs, 1_000)
  t.equal((contacts[1]?.startMs ?? 0) - (contacts[0]?.endMs ?? 0), 4_000)
  t.equal((contacts[2]?.startMs ?? 0) - (contacts[1]?.endMs ?? 0), 4_000)
  const second = contacts[1] ?? { startMs: 0, endMs: 0 }
  const needsMs = (1_000_000 * 8_000) / 100_000 / 3
  t.ok(second.endMs - second.startMs > needsMs && second.endMs - second.startMs < needsMs * 1.3)
  t.ok((contacts[2]?.endMs ?? 0) > 1_000 + timeoutMs(three))
})

t.test(
  'expectedFrameLoss() adds up destruction, bit errors beyond the code, and outages',
  async t => {
    t.equal(expectedFrameLoss(plan()), 0)
    t.equal(expectedFrameLoss(plan('--loss', '0.1')), 0.1)
    t.equal(expectedFrameLoss(plan('--outage', 'every=900ms,for=100ms')), 0.1)
    t.equal(expectedFrameLoss(plan('--ber', '1e-4')), 0, 'corrected')
    const edge = expectedFrameLoss(plan('--ber', '6e-3'))
    t.ok(edge > 0.1 && edge < 0.6, `${edge} where codewords have 12 of 16 symbols wrong`)
    t.ok(expectedFrameLoss(plan('--ber', '0.1')) > 0.999)
    const plain = expectedFrameLoss(plan('--ber', '1e-5', '--interleave', '0'))
    t.ok(Math.abs(plain - 0.0853) < 0.001, `${plain} without a code`)
  },
)

t.test('configurations() are good configurations', async t => {
  for (const args of [[], ['--interleave', '0'], ['--passes', '3', '--loss', '0.25']]) {
    const asked = plan(...args)
    const contacts = contactsFrom(1_767_225_600_000, asked)
    const ends = {
      onboard: { kind: 'serial', path: '/dev/pts/1' },
      station: { kind: 'tcp', host: '127.0.0.1', port: 4_000 },
    }
    const configs = configurations(asked, { places: PLACES, ends, contacts })
    const onboard = await readConfig(JSON.stringify(configs.onboard), '/tmp/onboard.json', {})
    const station = await readConfig(JSON.stringify(configs.station), '/tmp/station.json', {})
    t.match(onboard, {
      role: 'onboard',
      entity: 1,
      peer: 2,
      modem: { kind: 'serial', path: '/dev/pts/1' },
      control: { socket: '/tmp/sockets/onboard.sock' },
    })
    t.match(station, { role: 'station', entity: 2, peer: 1, modem: ends.station })
    t.strictSame(onboard.downlink, station.downlink)
    t.equal(onboard.downlink.frameOctets, frameOctets(asked))
    t.equal(onboard.contacts?.length, contacts.length)
  }
})

t.test('linkArguments() tell the line what was asked for', async t => {
  const asked = plan('--outage', 'every=5s,for=300ms', '--ber', '1e-5', '--delay', '250ms')
  const args = linkArguments(asked, [{ startMs: 1, endMs: 2 }], PLACES).join(' ')
  t.equal(
    args,
    '--rate 1000000 --uplink-rate 64000 --delay 250ms --ber 0.00001 --loss 0 --loss-unit 1279 --seed 1 ' +
      '--contacts 1/2 --socket /tmp/sockets/link.sock --outage every=5000ms,for=300ms',
  )
})

t.test('planOf() refuses a pass that cannot be flown', async t => {
  t.throws(() => plan('--passes', '0'), /0 passes/)
  t.throws(() => plan('--rate', '0'), /0 bit\/s/)
  t.throws(() => plan('--interleave', '6'), /one of 0, 1, 2, 3, 4, 5, 8/)
})

function plan(...args: string[]) {
  const given = readCommandLine(COMMAND, args)
  if (given === undefined) throw new Error('No help was asked for')
  return planOf(given.values, [{ octets: 600_000 }, { octets: 400_000 }])
}
