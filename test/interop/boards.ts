/**
 * `make boards`: the Debian package on boards of 32 and 64 bit that QEMU stands for. A file comes down a serial line and
 * one goes up, secured, while the flight process is killed in the middle of both. Memory and speed are QEMU's own here.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { Bench, run } from '../kit/bench.ts'
import { Random } from '../kit/random.ts'
import { BOARDS, type Board, missing, prepared } from './board-root.ts'

const [debFile = ''] = process.argv.slice(2)
const wanting = [...new Set(missing())]
if (wanting.length > 0) {
  console.error(`Cannot stand for boards: apt-get install ${wanting.join(' ')}`)
  process.exit(1)
}
t.setTimeout(0)
for (const board of BOARDS)
  t.test(`files go down and up through kills on ${board.what}`, t => fly(t, board))

async function fly(t: Test, board: Board): Promise<void> {
  const random = new Random(11)
  const bench = await Bench.prepare(t, {
    rateBps: 1_000_000,
    programs: { onboard: prepared(board, debFile) },
    onboard: { inbox: 'inbox' },
    both: {
      uplink: {
        rateBps: 256_000,
        service: 'ad',
        frameOctetsMax: 256,
        sdls: { spi: 1, keyFile: 'key.hex' },
      },
    },
  })
  writeFileSync(join(bench.folder, 'key.hex'), '5a'.repeat(32), { mode: 0o400 })
  await bench.startAll()
  const [down, up] = [random.octets(300_000), random.octets(60_000)]
  bench.drop('image.raw', down)
  const given = join(bench.folder, 'plan.bin')
  writeFileSync(given, up)
  const taken = await run('uplink', given, '--socket', bench.socket('station'))
  t.match(taken, { code: 0 }, 'the station takes the file for the spacecraft')
  await bench.until('half of both is over', async () => {
    const { uploads } = await bench.status('onboard')
    const { files } = await bench.status('station')
    return (uploads?.files[0]?.heldOctets ?? 0) > 20_000 && (files[0]?.heldOctets ?? 0) > 100_000
  })
  await bench.kill('onboard')
  await bench.start('onboard')
  await bench.until('both files are there', () => {
    const whole = readFileSync(join(bench.archive, 'image.raw')).equals(down)
    return whole && readFileSync(join(bench.folder, 'inbox/plan.bin')).equals(up)
  })
  t.pass('both files are equal')
  t.equal(await bench.kill('onboard', 'SIGTERM'), 0, 'it ends when it is told to')
}
