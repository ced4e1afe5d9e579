/** What whoever listens to the uplink has of it, and what he can do with it: send it again, as it was. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import { loadConfig } from '../../hal/config/config.ts'
import { openModem } from '../../hal/modem.ts'
import { systemClock } from '../../hal/system-clock.ts'
import { CltuDecoder } from '../../protocol/frame/cltu.ts'
import { decodeTcFrame } from '../../protocol/frame/tc.ts'
import type { Bench } from './bench.ts'

/** The uplink of both ends, secured under SPI 21 with a key of these digits. Its file goes with the test. */
export function securedUplink(t: Test, digits: string, more: object = {}): object {
  const folder = mkdtempSync(join(tmpdir(), 'dp-key-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  const keyFile = join(folder, 'key')
  writeFileSync(keyFile, digits, { mode: 0o400 })
  return { rateBps: 256_000, frameOctetsMax: 128, sdls: { spi: 21, keyFile }, ...more }
}

/** What leaves the station while `act` lasts. */
export async function recorded(bench: Bench, act: () => Promise<unknown>): Promise<Uint8Array> {
  const from = readFileSync(bench.tapUp).length
  await act()
  return readFileSync(bench.tapUp).subarray(from)
}

/** Sends a recording to the spacecraft, from the station's end of the line: the station must be away. */
export async function replay(bench: Bench, recording: Uint8Array): Promise<void> {
  const { modem } = await loadConfig(bench.config('station'), {})
  const stranger = await openModem({ modem }, recording.length, systemClock)
  await stranger.send(recording)
  await stranger.close()
}

/** Of every frame in a recording that carries data: the field, in hexadecimal, from its byte `from` on. */
export function dataFields(octets: Uint8Array, from = 0): string[] {
  const cltus = new CltuDecoder({ randomized: true })
  cltus.push(octets)
  const found: string[] = []
  for (let cltu = cltus.next(); cltu !== undefined; cltu = cltus.next()) {
    const frame = decodeTcFrame(cltu, { fecf: true })
    cltus.confirm(frame.kind !== 'malformed')
    if (frame.kind === 'malformed' || frame.control) continue
    found.push(Buffer.from(frame.field.subarray(from)).toString('hex'))
  }
  return found
}
