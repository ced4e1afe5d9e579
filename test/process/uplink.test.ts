/** The uplink of real processes: AD with segments and SDLS through kills, wrong keys, keys that others can read. */
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { Bench, run } from '../kit/bench.ts'
import { Random } from '../kit/random.ts'
import { dataFields, securedUplink } from '../kit/uplink-recording.ts'

const random = new Random(355)
const DIGITS = 'c0ffee00'.repeat(8)

t.jobs = 2

t.test(
  'CVE-2025-46672: AD, segments and SDLS: files come down, whoever is killed; no IV is used twice',
  async t => {
    const bench = await Bench.prepare(t, {
      rateBps: 2_000_000,
      link: ['--ber', '1e-5', '--uplink-loss', '0.2'],
      both: { uplink: securedUplink(t, DIGITS, { service: 'ad', segmentation: {} }) },
    })
    await bench.startAll()
    const files = Array.from({ length: 6 }, (_, i) => ({
      name: `f${i}`,
      octets: random.octets(200_000),
    }))
    for (const [i, { name, octets }] of files.entries()) {
      bench.drop(name, octets)
      await bench.until(`${name} is on its way`, async () =>
        (await bench.status('station')).files.some(
          file => file.name === name && file.heldOctets > 0,
        ),
      )
      if (i % 2 === 0) {
        const role = i === 2 ? 'onboard' : 'station'
        await bench.kill(role)
        await bench.start(role)
      }
    }
    await bench.until('all is safe', async () => (await bench.status('onboard')).buffer.files === 0)
    for (const { name, octets } of files)
      t.ok(readFileSync(join(bench.archive, name)).equals(octets), `${name} is equal`)

    const aboard = await bench.status('onboard')
    t.match(aboard.uplink, { cop1: { state: 'open' }, sdls: { unauthentic: 0, unknown: 0 } })
    t.ok((aboard.uplink.sdls?.['opened'] ?? 0) > 0)
    const ashore = await bench.status('station')
    t.match(ashore.uplink, { service: 'ad', cop1: { state: /^S[12]$/ }, sdls: { spi: 21 } })
    t.match(await bench.ask('onboard', '/metrics'), /sdls_opened_total [1-9]/)
    t.match(await bench.ask('station', '/metrics'), /cop1_active 1/)
    t.match(await run('status', '--socket', bench.socket('station')), {
      out: /uplink +AD, .* SPI 21/,
    })
    t.match(await run('status', '--socket', bench.socket('onboard')), {
      out: /COP-1 open at .* opened/,
    })

    // Without the segment header.
    const frames = dataFields(readFileSync(bench.tapUp), 1)
    t.ok(frames.length > 12, `${frames.length} secured frames`)
    const ivs = new Map(frames.map(frame => [frame.slice(0, 14 * 2), frame]))
    t.equal(new Set(frames).size, ivs.size, 'an IV belongs to one frame')
    saysNothingOf(t, bench, DIGITS)
  },
)

t.test('SDLS with another key: nothing reaches the engine, and it is told', async t => {
  const bench = await Bench.prepare(t, {
    rateBps: 2_000_000,
    both: { uplink: securedUplink(t, DIGITS) },
  })
  const other = JSON.parse(readFileSync(bench.config('station'), 'utf8')) as { uplink: object }
  const wrong = 'beefcafe'.repeat(8)
  writeFileSync(
    bench.config('station'),
    JSON.stringify({ ...other, uplink: { ...other.uplink, ...securedUplink(t, wrong) } }),
  )
  await bench.startAll()
  bench.drop('kept', random.octets(50_000))
  await bench.until(
    'several are refused',
    async () => ((await bench.status('onboard')).uplink.sdls?.['unauthentic'] ?? 0) > 3,
  )
  const { uplink: heard, files } = await bench.status('onboard')
  t.match(heard, { frames: 0, sdls: { opened: 0 } })
  t.match(files, [{ name: 'kept', state: /sending|awaiting/, acknowledgedOctets: 0 }])
  t.match(bench.events('onboard', 'uplink refused'), [{ why: 'unauthentic', spi: 21 }])
  for (const digits of [DIGITS, wrong]) saysNothingOf(t, bench, digits)
})

t.test('a key that others can read, or that is none, stops the start with a line', async t => {
  const bench = await Bench.prepare(t, { both: { uplink: securedUplink(t, DIGITS) } })
  for (const role of ['onboard', 'station'] as const) {
    const config = JSON.parse(readFileSync(bench.config(role), 'utf8')) as {
      uplink: { sdls: { keyFile: string } }
    }
    const { keyFile } = config.uplink.sdls
    chmodSync(keyFile, 0o440)
    const loose = await run(role, '--config', bench.config(role))
    t.match(loose, { code: 2, err: /its mode is 0440; it must be 0400/ })
    chmodSync(keyFile, 0o400)
    config.uplink.sdls.keyFile = join(bench.folder, 'nowhere')
    writeFileSync(bench.config(role), JSON.stringify(config))
    t.match(await run(role, '--config', bench.config(role)), {
      code: 2,
      err: /Cannot read a key: /,
    })
  }
})

function saysNothingOf(t: Test, bench: Bench, digits: string): void {
  const inBase64 = Buffer.from(digits, 'hex').toString('base64').slice(0, 12)
  for (const role of ['onboard', 'station'] as const)
    for (const secret of [digits.slice(0, 16), inBase64])
      t.notOk(bench.log(role).includes(secret), `the log of ${role} has no key in it`)
}
