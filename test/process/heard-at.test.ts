/** What gr-satellites does with a station: a frame that says when the next one was heard, and the next one. */
import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { spacecraftSettings } from '../../bin/settings.ts'
import type { OnboardConfig } from '../../hal/config/config.ts'
import { readConfig } from '../../hal/config/config.ts'
import { encodeKiss } from '../../hal/modems/kiss/frame.ts'
import { systemClock } from '../../hal/system-clock.ts'
import { TcpModem } from '../../hal/tcp-modem.ts'
import { FramePacker } from '../../onboard/downlink/packer.ts'
import { headerOf, metadataOf } from '../../protocol/cfdp/transmission.ts'
import { ENTRY, PLAIN_ENV } from '../kit/bench.ts'
import { hex } from '../kit/hex.ts'
import { someTransmission } from '../kit/transmission.ts'

t.test('a station logs when its modem heard what began a reception', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'downpour-heard-'))
  const receiver = await TcpModem.open({ listen: 0 }, systemClock)
  const port = String(receiver.localPort)
  const config = join(folder, 'station.json')
  const modem = { kind: 'kiss', host: '127.0.0.1', port: Number(port) }
  const ends = { role: 'station', entity: 2, peer: 1, archive: 'archive', modem }
  await writeFile(config, JSON.stringify(ends))
  const station = spawn(process.execPath, [ENTRY, 'station', '--config', config], {
    env: PLAIN_ENV,
  })
  const ended = new Promise(resolve => station.once('exit', resolve))
  t.teardown(async () => {
    station.kill('SIGTERM')
    await ended
    await receiver.close()
    await rm(folder, { recursive: true })
  })
  let log = ''
  const begun = new Promise<string>(resolve => {
    station.stdout.on('data', (piece: Buffer) => {
      log += piece.toString()
      const line = log.split('\n').find(one => one.includes('reception begins'))
      if (line?.endsWith('}') === true) resolve(line)
    })
  })
  await receiver.room(1)
  const aboard = 'role: onboard\nentity: 1\npeer: 2\noutbox: o\nmodem: { kind: tcp, listen: 1 }\n'
  const onboard = (await readConfig(aboard, join(folder, 'o.yaml'), {})) as OnboardConfig
  const packer = new FramePacker(spacecraftSettings(onboard, 0, 0))
  const transmission = someTransmission({ source: 1, destination: 2 })
  const body = metadataOf(transmission)
  const outgoing = { kind: 'directive', header: headerOf(transmission), body } as const
  packer.put({ outgoing, octets: new Uint8Array(0) })
  await receiver.send(encodeKiss({ port: 0, command: 9, octets: hex`0000018bcfe56800` }))
  await receiver.send(encodeKiss({ port: 0, command: 0, octets: packer.cadu(0).octets }))
  t.match(JSON.parse(await begun), { heardAt: '2023-11-14T22:13:20.000Z' })
})
