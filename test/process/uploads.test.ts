/** Files up, between real processes: each end is killed in the middle of one, and the disk aboard is full. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { Bench, run } from '../kit/bench.ts'
import { Random } from '../kit/random.ts'
import { smallDisk } from '../kit/small-disk.ts'

const random = new Random(727)
const MIB = 1_048_576

t.jobs = 2

function given(bench: Bench, name: string, octets: Uint8Array): string {
  const folder = join(bench.folder, 'given')
  mkdirSync(folder, { recursive: true })
  const path = join(folder, name)
  writeFileSync(path, octets)
  return path
}

/** So many of its octets are held aboard. */
function held(bench: Bench, octets: number): Promise<void> {
  return bench.until(`${octets} octets are held aboard`, async () => {
    const [file] = (await bench.status('onboard')).uploads?.files ?? []
    return (file?.heldOctets ?? 0) >= octets
  })
}

t.test('a file comes up whole, whichever end is killed in the middle of it', async t => {
  const bench = await Bench.open(t, {
    link: ['--ber', '1e-6', '--uplink-loss', '0.02'],
    onboard: { inbox: 'inbox' },
    both: { uplink: { rateBps: 256_000, service: 'ad', frameOctetsMax: 256 } },
  })
  const octets = random.octets(150_000)
  const path = given(bench, 'firmware.bin', octets)
  const socket = bench.socket('station')
  const taken = await run(
    'uplink',
    path,
    '--name',
    'new/firmware.bin',
    '--json',
    '--socket',
    socket,
  )
  t.match(taken, { code: 0, out: /"name":"new\/firmware.bin".*"state":"waiting"/ })
  // It was copied: what becomes of it does not matter.
  writeFileSync(path, 'something else')
  await held(bench, 20_000)
  await bench.kill('onboard')
  await bench.start('onboard')
  await held(bench, 30_000)
  // Nothing of it moves while commands start, however long they take.
  await bench.ask('link', '/trouble', { kind: 'stall' })
  const { sequence } = JSON.parse(taken.out) as { sequence: number }
  const number = String(sequence)
  t.match(await run('uplink', 'suspend', number, '--socket', socket), { code: 0, out: /suspend/ })
  await bench.kill('station')
  await bench.start('station')
  t.match((await bench.status('station')).uploads, [{ sequence, suspended: true }])
  const resumed = await run('uplink', 'resume', number, '--json', '--socket', socket)
  t.match(resumed, { code: 0, out: /"transaction":"2-/ })
  t.match(await run('status', '--socket', socket), { code: 0, out: /firmware.bin/ })
  await bench.ask('link', '/mend', { kind: 'stall' })
  await held(bench, 80_000)
  await Promise.all([bench.kill('station'), bench.kill('onboard')])
  await bench.startAll()
  const other = given(bench, 'small.txt', random.octets(1_000))
  const waited = await run('uplink', other, '--wait', '--socket', socket)
  t.match(waited, { code: 0, out: /small.txt, 1000 octets: delivered/ })
  await bench.until('all is over', async () =>
    (await bench.status('station')).uploads.every(({ state }) => state === 'delivered'),
  )
  const inbox = join(bench.folder, 'inbox')
  t.ok(readFileSync(join(inbox, 'new/firmware.bin')).equals(octets), 'it is equal')
  t.strictSame(readdirSync(inbox).toSorted(), ['.partial', 'new', 'small.txt'])
  t.strictSame(readdirSync(join(inbox, '.partial')), [], 'nothing is left over')
  await bench.until(
    'the spool is empty',
    () => readdirSync(join(bench.folder, 'station/uplink')).length === 0,
  )
  t.match(await bench.ask('onboard', '/metrics'), /uploads_whole_total [1-9]/)
  t.match(await run('status', '--socket', bench.socket('onboard')), { out: /inbox +[12] whole/ })
})

t.test('the disk of the inbox is full in the middle of a file', async t => {
  const bench = await Bench.prepare(t, {
    uplinkRateBps: 8_000_000,
    both: { uplink: { rateBps: 8_000_000 } },
    onboard: { inbox: 'inbox' },
  })
  const disk = smallDisk(t, join(bench.folder, 'inbox'), 16 * MIB)
  if (disk === undefined) return
  await bench.startAll()
  const octets = random.octets(3_000_000)
  disk.fill(MIB)
  const path = given(bench, 'image.bin', octets)
  await run('uplink', path, '--socket', bench.socket('station'))
  await bench.until(
    'the disk is full',
    async () => (await bench.status('onboard')).uploads?.diskReady === false,
  )
  await t.rejects(bench.ask('onboard', '/healthz'), /the inbox cannot be written/)
  t.ok((await bench.status('onboard')).counters.fault.file_write > 0, 'it is counted')
  disk.relieve()
  const inbox = join(bench.folder, 'inbox/image.bin')
  await bench.until('it is whole', () => existsSync(inbox))
  t.ok(readFileSync(inbox).equals(octets))
})

t.test('what cannot go up is refused with its reason', async t => {
  const bench = await Bench.open(t, { station: { uploads: { fileOctetsMax: 1_000 } } })
  const socket = bench.socket('station')
  const large = given(bench, 'large', new Uint8Array(1_001))
  const refused = await run('uplink', large, '--socket', socket)
  t.match(refused, { code: 1, err: /1001 octets are more than the 1000 of a file/ })
  t.match(await run('uplink', join(bench.folder, 'no'), '--socket', socket), { code: 2 })
  t.match(await run('uplink', 'cancel', '7', '--socket', socket), {
    code: 1,
    err: /Cannot cancel transaction 2-7: it is not under way/,
  })
  for (const wrong of [['end', '7'], ['cancel', 'x'], ['cancel', '7', '--wait'], []])
    t.match(await run('uplink', ...wrong, '--socket', socket), { code: 2 })
  await t.rejects(bench.ask('station', '/suspend', {}), /"transaction"/)
  await t.rejects(bench.ask('station', '/uplink', {}), /"path"/)
  await t.rejects(bench.ask('station', '/uplink', { path: '/no' }), /ENOENT/)
  await t.rejects(bench.ask('station', '/uplink', { path: bench.folder }), /it is no file/)
  t.match(await run('uplink', large, '--socket', join(bench.folder, 'none')), { code: 3 })
})

t.test('a plan that comes up is taken over, and lasts; a wrong one is refused', async t => {
  const bench = await Bench.open(t, {
    onboard: { inbox: 'inbox', uploads: { plan: 'plan.yaml' } },
    both: { downlink: { rateBps: 2_000_000, housekeeping: { periodMs: 300 } } },
  })
  const socket = bench.socket('station')
  const uplink = (name: string, text: string) => {
    const path = given(bench, name, new TextEncoder().encode(text))
    return run('uplink', path, '--name', 'plan.yaml', '--wait', '--socket', socket)
  }
  const at = (days: number) => new Date(Date.UTC(2027, 0, 1) + days * 86_400_000).toISOString()
  const contact = `{ start: 2020-01-01T00:00:00Z, end: 9000-01-01T00:00:00Z, station: Troll }`
  const good = `plan: 1\nissued: ${at(1)}\ncontacts: [${contact}]\n`
  t.match(await uplink('good', good), { code: 0, out: /delivered/ })
  const inForce = async () => (await bench.status('onboard')).uploads?.plan
  t.match(await inForce(), { taken: 1, refused: 0, issuedMs: Date.parse(at(1)) })
  t.match(bench.events('onboard', 'plan taken over'), [{ contacts: 1 }])

  const wrong: readonly (readonly [string, string, RegExp])[] = [
    ['older', good.replace(at(1), at(0)), /is before/],
    ['empty', `plan: 1\nissued: ${at(2)}\ncontacts: []\n`, /no main contact is left/],
    ['torn', good.slice(0, -20), /./],
    ['text', 'no plan at all', /no object/],
  ]
  for (const [name, text, why] of wrong) {
    t.match(await uplink(name, text), { code: 1, out: /failed: filestore rejection/ }, name)
    t.match((await inForce())?.why, why, name)
  }
  t.equal(bench.events('onboard', 'plan refused').length, wrong.length)
  await bench.until('the station is told', async () => {
    const { housekeeping } = await bench.status('station')
    return housekeeping?.plansRefused === wrong.length
  })
  t.match(await run('status', '--socket', socket), {
    out: /plan +in force of 2027-01-02T00:00:00Z/,
  })
  t.strictSame(readdirSync(join(bench.folder, 'inbox')), ['.partial'], 'no plan is a file')

  await bench.kill('onboard')
  await bench.start('onboard')
  t.match(await inForce(), { taken: 0, issuedMs: Date.parse(at(1)) }, 'it lasts')
  t.match((await bench.status('onboard')).contact, { open: true })
  await bench.kill('onboard')
  writeFileSync(join(bench.folder, 'onboard/plan.json'), '{ "plan": 1')
  await bench.start('onboard')
  t.match(await inForce(), { issuedMs: null }, 'a damaged one is as good as none')
  t.match(bench.events('onboard', 'kept plan is unreadable'), [{ level: 'error' }])
})
