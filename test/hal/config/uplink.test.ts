import { join } from 'node:path'
import t from 'tap'
import { readConfig } from '../../../hal/config/config.ts'
import { derive } from '../../../hal/config/derive.ts'
import { ConfigFault } from '../../../hal/config/fault.ts'

const STATION = {
  role: 'station',
  entity: 2,
  peer: 1,
  archive: 'archive',
  modem: { kind: 'tcp', host: 'localhost', port: 4000 },
}

async function uplinkOf(uplink: object, others: object = {}) {
  const text = JSON.stringify({ ...STATION, ...others, uplink })
  return readConfig(text, '/etc/downpour/station.json', {})
}

async function faultsOf(uplink: object, others: object = {}): Promise<string> {
  const fault: unknown = await uplinkOf(uplink, others).catch((error: unknown) => error)
  return fault instanceof ConfigFault ? fault.message : 'no fault'
}

t.test(
  'uplink: the service is BD, nothing is cut and nothing secured, unless it is said',
  async t => {
    const { uplink } = await uplinkOf({})
    t.match(uplink, {
      service: 'bd',
      cop1: { window: 10, timeoutMs: 3_000, transmissionLimit: 10, atLimit: 'alert' },
    })
    t.equal(uplink.sdls, undefined)
    t.equal(uplink.segmentation, undefined)
  },
)

t.test('uplink.sdls: key files are absolute, and the mode is to encrypt', async t => {
  const other = { spi: 8, keyFile: '/keys/8', mode: 'authenticate', operational: false }
  const { uplink } = await uplinkOf({ sdls: { spi: 7, keyFile: 'keys/7', others: [other] } })
  t.strictSame(uplink.sdls, {
    spi: 7,
    keyFile: join('/etc/downpour', 'keys/7'),
    mode: 'encrypt',
    window: 2 ** 48,
    others: [other],
  })
})

t.test('uplink: what cannot work together is refused', async t => {
  const sdls = { spi: 7, keyFile: 'k' }
  const other = { ...sdls, mode: 'encrypt', operational: true }
  t.match(await faultsOf({ service: 'ad' }, { downlink: { ocf: false } }), /needs downlink.ocf/)
  const aboard = { role: 'onboard', archive: undefined, outbox: 'o' }
  t.match(await faultsOf({ service: 'none' }, aboard), /none is for stations/)
  t.equal(await faultsOf({ service: 'none' }), 'no fault')
  t.match(await faultsOf({ segmentation: {} }), /the loss of a part goes unseen/)
  t.equal(await faultsOf({ segmentation: {} }, { cfdp: { pduCrc: true } }), 'no fault')
  t.equal(await faultsOf({ segmentation: {}, service: 'ad' }), 'no fault')
  t.match(await faultsOf({ sdls: { ...sdls, others: [other] } }), /SPI 7 stands for two/)
  t.match(await faultsOf({ sdls, frameOctetsMax: 61 }), /61 is too short.*37 octets.*62 or more/s)
  t.equal(await faultsOf({ sdls, frameOctetsMax: 62 }), 'no fault')
  t.match(await faultsOf({ sdls: { spi: 0, keyFile: 'k' } }), /spi/)
  t.match(await faultsOf({ sdls: { spi: 7 } }), /keyFile/)
})

t.test('derive() tells what stands around a packet in the uplink', async t => {
  const sdls = { spi: 7, keyFile: 'k' }
  const overhead = async (uplink: object) => derive(await uplinkOf(uplink)).uplink
  t.match(await overhead({}), { overheadOctets: 7, packetOctetsMax: 1_017 })
  t.match(await overhead({ sdls }), { overheadOctets: 37, packetOctetsMax: 987 })
  const all = { sdls, service: 'ad', segmentation: {}, frameOctetsMax: 256, rateBps: 8_000 }
  const { packetOctetsPerSecond, ...rest } = await overhead(all)
  t.strictSame(rest, { overheadOctets: 38, packetOctetsMax: 4_096 })
  t.ok(Math.abs(packetOctetsPerSecond - (1_000 * 218) / 306) < 1, `${packetOctetsPerSecond}`)
})
