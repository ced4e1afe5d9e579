import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { DatagramPace } from '../../hal/cfdp-peer/datagram-pace.ts'
import { CfdpPeer } from '../../hal/cfdp-peer.ts'
import { Archive } from '../../hal/files/archive.ts'
import { SimClock } from '../../hal/sim/clock.ts'
import { systemClock } from '../../hal/system-clock.ts'
import { UdpSocket } from '../../hal/udp.ts'
import { CONDITION } from '../../protocol/cfdp/condition.ts'
import type { PutRequest } from '../../protocol/cfdp/entity/events.ts'
import type { Indication } from '../../protocol/cfdp/entity/indications.ts'
import { CfdpEntity } from '../../protocol/cfdp/entity.ts'
import { remoteEntity } from '../../protocol/cfdp/remote.ts'
import { Random } from '../kit/random.ts'

const HOST = '127.0.0.1'
type Finished = Extract<Indication, { kind: 'transaction-finished' }>

t.test(
  'cFS#1073, fprime#5583, CVE-2025-25371: CfdpPeer brings files into the folder, whatever they are called, and nowhere else',
  async t => {
    const file = new Random(1).octets(200_000)
    const { send, folder, archive } = await pair(t)
    writeFileSync(join(folder, 'source'), file)
    const [sent, received] = await send({ destinationName: 'a/b.bin' })
    t.match([sent.condition, received.condition], [0, 0])
    t.strictSame(readFileSync(join(archive, 'a/b.bin')), Buffer.from(file))
    const [, again] = await send({ destinationName: 'a/b.bin' })
    t.equal(again.path, join(archive, 'a/b.bin.2'))
    symlinkSync(folder, join(archive, 'out'))
    const [, aside] = await send({ destinationName: 'out/b.bin' })
    t.equal(aside.path, join(archive, 'transaction-1-3'))
    for (const name of ['../b.bin', '/tmp/b.bin', '.partial/x']) {
      const [told, refused] = await send({ destinationName: name })
      t.equal(refused.condition, CONDITION.filestoreRejection, name)
      t.equal(told.condition, CONDITION.filestoreRejection)
    }
  },
)

t.test('CfdpPeer: a source that is not there, and one that goes away', async t => {
  const { put, folder, ends } = await pair(t)
  await put({})
  t.match(ends.one.at(-1), { condition: CONDITION.filestoreRejection })
  writeFileSync(join(folder, 'source'), new Uint8Array(3_000_000))
  const going = put({})
  await until(() => ends.transactions === 2)
  rmSync(join(folder, 'source'))
  await going
  t.not(ends.one.at(-1)?.condition, undefined)
})

t.test('CfdpPeer without an archive refuses what comes', async t => {
  const { send, folder } = await pair(t, { withoutArchive: true })
  writeFileSync(join(folder, 'source'), new Uint8Array(10))
  const [sent] = await send({})
  t.equal(sent.condition, CONDITION.filestoreRejection)
})

t.test('DatagramPace keeps to its rate, and makes up for a few milliseconds only', async t => {
  const clock = new SimClock()
  const pace = new DatagramPace(8_000_000, clock)
  await clock.advance(1_000)
  t.equal(pace.roomOctets, 4_000)
  pace.sent(4_000)
  t.equal(pace.roomOctets, 1, 'one datagram at least')
  pace.sent(10_000)
  let isThere = false
  const room = pace.room(new AbortController().signal).then(() => {
    isThere = true
    return undefined
  })
  await clock.advance(9)
  t.notOk(isThere)
  await clock.advance(2)
  await room
  t.equal(new DatagramPace(Infinity, clock).roomOctets, 65_536)
})

async function pair(t: Test, { withoutArchive = false } = {}) {
  const folder = t.testdir()
  const archiveFolder = join(folder, 'archive')
  mkdirSync(archiveFolder)
  const archive = withoutArchive ? undefined : await Archive.open(archiveFolder)
  const sockets = [await UdpSocket.open(at()), await UdpSocket.open(at())] as const
  const ends = { one: [] as Finished[], two: [] as Finished[], transactions: 0 }
  const end = new AbortController()
  // A busy computer lets an end be silent for a while; none of these is given up for that.
  const ack = { timeoutMs: 200, triesMax: 1_000 }
  const peers = ([1, 2] as const).map(entity => {
    const remote = remoteEntity({ entity: 3 - entity, sending: { ack } })
    return new CfdpPeer({
      entity: new CfdpEntity({ entity, remotes: [remote], firstSequence: 0 }, systemClock.now()),
      socket: sockets[entity - 1] as UdpSocket,
      // The second one answers where it hears the first.
      addresses: new Map(entity === 1 ? [[2, { host: HOST, port: sockets[1].localPort }]] : []),
      archive: entity === 2 ? archive : undefined,
      numbers: join(folder, `numbers-${entity}`),
      rateBps: 100e6,
      clock: systemClock,
      tell: indication => {
        if (indication.kind === 'transaction') ends.transactions += 1
        if (indication.kind !== 'transaction-finished') return
        ends[entity === 1 ? 'one' : 'two'].push(indication)
      },
    })
  })
  const runs = peers.map(peer => peer.run(end.signal))
  t.teardown(async () => {
    end.abort()
    await Promise.all(runs)
    await archive?.close()
  })
  let token = 0
  const put = async (more: Partial<PutRequest>): Promise<void> => {
    const count = ends.one.length + 1
    token += 1
    const file = join(folder, 'source')
    const request = { destination: 2, file, sourceName: 'source', ...more }
    peers[0]?.post({ kind: 'put', token, request })
    await until(() => ends.one.length >= count)
  }
  const send = async (more: Partial<PutRequest>): Promise<[Finished, Finished]> => {
    const count = ends.two.length + 1
    await put(more)
    await until(() => ends.two.length >= count)
    return [ends.one.at(-1) as Finished, ends.two.at(-1) as Finished]
  }
  return { put, send, folder, archive: archiveFolder, ends }
}

function at() {
  return { host: HOST, port: 0 }
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise(setImmediate)
}
